"""Seasonal-trend decomposition (STL), by statsmodels, with a damped trend of what is left.

Walks in: counts of a total; one series free of season, in logarithms. Walks out: its season and its path ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from statsmodels.tsa.seasonal import STL

from features.history import YEAR
from models.recipes.classical.each_series import Classical
from models.recipes.classical.exponential_smoothing import damped_path
from models.recipes.parameters import parameter


@dataclass(kw_only=True, eq=False, repr=False)
class SeasonalTrend(Classical):
    """STL of the force's crime types and of boroughs, spread over wards (Cleveland and others 1990)."""

    name = "stl"
    seasonal_years: int = parameter(6, "years on either side over which a calendar month's season is smoothed", 3)

    def season(self, counts: xr.DataArray, usual: np.ndarray) -> xr.DataArray:
        """Return the season of the last year, (series, month_of_year), with mean one.

        The robust weights of the decomposition see to odd months; `usual` is not needed.
        """
        (series,) = [name for name in counts.dims if name != "month"]
        logs = np.log(counts.transpose(series, "month").to_numpy() + 0.5)
        window = 2 * self.seasonal_years + 1  # years
        fitted = [STL(one, period=YEAR, seasonal=window, robust=True).fit() for one in logs]
        season = np.exp([one.seasonal[-YEAR:] for one in fitted])
        found = xr.DataArray(
            season / season.mean(axis=1, keepdims=True),
            dims=(series, "month_of_year"),
            coords={
                series: counts[series].to_numpy(),
                "month_of_year": counts["month"][-YEAR:].dt.month.to_numpy(),
            },
        )
        return found.sortby("month_of_year")

    def ahead(self, logs: pd.Series) -> np.ndarray:
        """Return the path of the series with a damped trend."""
        return damped_path(logs.to_numpy())
