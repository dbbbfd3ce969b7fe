"""What classical models of one series have in common: paths of large totals, spread over wards.

Walks in: a panel as known at the origin, and a way to forecast one series. Walks out: factors. The force is forecast by
crime type and its boroughs over all types; each ward takes its recent share of them.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from features.breaks import months_of
from features.history import YEAR, pooled_season, recent_mean
from features.panel import Panel
from models.forecast.forecast import LONGEST_HORIZON, Factors
from models.recipes.baselines import unlocated_level
from models.recipes.model import Model
from models.recipes.parameters import parameter

TINY = 1e-9  # offences a month, in place of none


@dataclass(kw_only=True, eq=False, repr=False)
class Classical(Model):
    """The force's path by crime type and its boroughs' paths, spread over wards by their shrunken recent shares."""

    share_half_life: float = parameter(12.0, "months over which offences halve in weight in a ward's share", above=True)
    prior_offences: float = parameter(20.0, "offences that a borough's mix of types weighs in shares", above=True)

    @abstractmethod
    def ahead(self, logs: pd.Series) -> np.ndarray:
        """Return the path of one series, (step 1..LONGEST_HORIZON), from logarithms of counts free of season."""

    def season(self, counts: xr.DataArray, usual: np.ndarray) -> xr.DataArray:
        """Return each series' season, (series, month_of_year), with mean one; `usual`, (month), marks months to trust.

        `counts`: (series, month) offences.
        """
        return pooled_season(counts, usual)

    def path(self, counts: xr.DataArray, season: xr.DataArray) -> xr.DataArray:
        """Return the expected path of each series, (series, step 1..LONGEST_HORIZON), offences a month, season out."""
        (series,) = [name for name in counts.dims if name != "month"]
        past = season.sel(month_of_year=counts["month"].dt.month.to_numpy()).rename(month_of_year="month")
        free = np.log((counts + 0.5).transpose(series, "month").to_numpy() / past.transpose(series, "month").to_numpy())
        months = pd.DatetimeIndex(counts["month"].to_index(), freq="MS")
        # A series without an offence has no path to be fitted: it stays at nothing.
        any_offence = (counts > 0).any("month").to_numpy()
        nothing = np.full(LONGEST_HORIZON, np.log(TINY))
        logs = [
            self.ahead(pd.Series(one, index=months)) if there else nothing
            for one, there in zip(free, any_offence, strict=True)
        ]
        return xr.DataArray(
            np.exp(logs),
            dims=(series, "step"),
            coords={series: counts[series].to_numpy(), "step": np.arange(1, LONGEST_HORIZON + 1)},
        )

    def factors(self, known: Panel) -> Factors:
        """Level: force path's start x borough x ward share. Season: of the force. Trend: the force's path."""
        offences = known.offences.astype(float)
        usual = ~months_of(known.breaks, "disruption", known.months).to_numpy()
        force = offences.sum("ward")
        season = self.season(force, usual)
        path = self.path(force, season)
        level = path.isel(step=0, drop=True) * self._ward_share(offences, usual)
        return Factors(
            level.transpose("ward", "crime_type"),
            season.broadcast_like(level).transpose("ward", "crime_type", "month_of_year"),
            path / path.isel(step=0, drop=True),
            unlocated_level(known),
        )

    def _ward_share(self, offences: xr.DataArray, usual: np.ndarray) -> xr.DataArray:
        """Return each ward's share of the force, (ward, crime_type), which sums to one over wards."""
        recent = recent_mean(offences, self.share_half_life)
        boroughs = offences.sum("crime_type").groupby("borough").sum()
        paths = self.path(boroughs, self.season(boroughs, usual)).isel(step=slice(YEAR)).mean("step")
        movement = paths / np.maximum(recent.sum("crime_type").groupby("borough").sum(), TINY)
        borough = pd.Index(offences["borough"].to_numpy())
        of_borough = recent.groupby("borough").sum().sel(borough=borough.to_numpy())
        of_borough = of_borough.rename(borough="ward").assign_coords(ward=recent["ward"])
        mix = recent.sum("crime_type") / np.maximum(of_borough.sum("crime_type"), TINY)
        # Gamma-Poisson shrinkage: a ward's few offences of one type lean on its share of all its borough's offences.
        share = (recent + self.prior_offences / YEAR * mix) / (of_borough + self.prior_offences / YEAR)
        moved = share * of_borough * movement.sel(borough=borough.to_numpy()).to_numpy()[:, None]
        # Of a type that none was recorded of lately, wards have their shares of all types.
        alike = (recent.sum("crime_type") / recent.sum()).broadcast_like(moved).transpose(*moved.dims)
        return (moved / moved.sum("ward")).where(moved.sum("ward") > 0, alike)
