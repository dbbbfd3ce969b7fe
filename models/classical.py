"""Classical time series models of large totals: exponential smoothing by statsmodels.

Walks in: monthly counts of the force or a borough. Walks out: their expected path, and a model that spreads it over
wards by their recent shares.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import xarray as xr
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from features.breaks import months_of
from features.history import YEAR, pooled_season, recent_mean
from features.panel import Panel
from models.baselines import unlocated_level
from models.forecast import LONGEST_HORIZON, Factors, Model

SHARE_HALF_LIFE = 12.0  # months
PRIOR_OFFENCES = 20.0  # weight of the borough's mix of crime types in a ward's share


def smoothed_path(counts: xr.DataArray, season: xr.DataArray) -> xr.DataArray:
    """Return the expected path of each series, (..., step 1..LONGEST_HORIZON), offences a month, season taken out.

    Exponential smoothing with a damped additive trend of the logarithm of counts free of season (Gardner and
    McKenzie 1985; statsmodels chooses the smoothing by maximum likelihood). `counts`: (series, month); `season`:
    (series, month_of_year).
    """
    (series,) = [name for name in counts.dims if name != "month"]
    past = season.sel(month_of_year=counts["month"].dt.month.to_numpy()).rename(month_of_year="month")
    free = np.log((counts + 0.5).to_numpy() / past.transpose(series, "month").to_numpy())
    steps = np.arange(1, LONGEST_HORIZON + 1)
    return xr.DataArray(
        np.stack([_damped(one) for one in free]),
        dims=(series, "step"),
        coords={series: counts[series].to_numpy(), "step": steps},
    )


def _damped(logs: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():
        # A search that stops at its limit is still the best smoothing found; the backtest judges it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = ExponentialSmoothing(logs, trend="add", damped_trend=True, initialization_method="estimated").fit(
            method="L-BFGS-B"
        )
    return np.exp(fitted.forecast(LONGEST_HORIZON))


class TopDown(Model):
    """The force's path by crime type and its boroughs' paths, spread over wards by their shrunken recent shares."""

    name = "top-down"

    def factors(self, known: Panel) -> Factors:
        """Level: force path's start x borough x ward share. Season: of the force. Trend: the force's path."""
        offences = known.offences.astype(float)
        usual = ~months_of(known.breaks, "disruption", known.months).to_numpy()
        force = offences.sum("ward")
        season = pooled_season(force, usual)
        path = smoothed_path(force, season)
        level = path.isel(step=0, drop=True) * self._ward_share(offences, usual)
        return Factors(
            level.transpose("ward", "crime_type"),
            season.broadcast_like(level).transpose("ward", "crime_type", "month_of_year"),
            path / path.isel(step=0, drop=True),
            unlocated_level(known),
        )

    def _ward_share(self, offences: xr.DataArray, usual: np.ndarray) -> xr.DataArray:
        """Return each ward's share of the force, (ward, crime_type), which sums to one over wards."""
        recent = recent_mean(offences, SHARE_HALF_LIFE)
        boroughs = offences.sum("crime_type").groupby("borough").sum()
        paths = smoothed_path(boroughs, pooled_season(boroughs, usual)).isel(step=slice(YEAR)).mean("step")
        movement = paths / recent.sum("crime_type").groupby("borough").sum()
        borough = pd.Index(offences["borough"].to_numpy())
        of_borough = recent.groupby("borough").sum().sel(borough=borough.to_numpy())
        of_borough = of_borough.rename(borough="ward").assign_coords(ward=recent["ward"])
        mix = recent.sum("crime_type") / of_borough.sum("crime_type")
        # Gamma-Poisson shrinkage: a ward's few offences of one type lean on its share of all its borough's offences.
        share = (recent + PRIOR_OFFENCES / YEAR * mix) / (of_borough + PRIOR_OFFENCES / YEAR)
        moved = share * of_borough * movement.sel(borough=borough.to_numpy()).to_numpy()[:, None]
        return moved / moved.sum("ward")
