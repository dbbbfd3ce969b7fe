"""The Forecast: expected demand as named factors, with the noise around it; and the interface of every model.

    expected demand = level x season x population x trend x judgement

Walks in: what a model learnt at an origin. Walks out: the expectation by ward, crime type and month, and what
`models.draws.distribution` needs for joint draws around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

import pandas as pd
import xarray as xr

from models.forecast.noise import Noise

FACTORS = ("level", "season", "population", "trend", "judgement")
LONGEST_HORIZON = 60


def months_ahead(origin: pd.Timestamp, horizon: int) -> pd.DatetimeIndex:
    """Return the `horizon` months that follow the origin."""
    return pd.date_range(origin + pd.offsets.MonthBegin(1), periods=horizon, freq="MS", unit="us")


@dataclass(frozen=True)
class Factors:
    """What a model says of the expectation, apart from population.

    level : (ward, crime_type) offences in a typical month at the origin.
    season : (ward, crime_type, month_of_year 1..12) relative to the typical month.
    trend : (crime_type, step 1..LONGEST_HORIZON) relative to the level.
    unlocated : (area, crime_type) offences with no known ward in a typical month, by borough or force code.
    """

    level: xr.DataArray
    season: xr.DataArray
    trend: xr.DataArray
    unlocated: xr.DataArray

    def ahead(self, origin: pd.Timestamp, horizon: int) -> tuple[xr.DataArray, xr.DataArray]:
        """Return season and trend of the next `horizon` months, with the dimension month."""
        months = months_ahead(origin, horizon)
        season = self.season.sel(month_of_year=months.month.to_numpy()).rename(month_of_year="month")
        trend = self.trend.isel(step=slice(horizon)).rename(step="month")
        return season.assign_coords(month=months), trend.assign_coords(month=months)


@dataclass(frozen=True)
class Forecast:
    """Expected offences ahead of one origin under one scenario, and how they may err.

    factors : by name, arrays over some of (ward, crime_type, month) whose product is the expectation, offences a
        month; a factor that is not named is 1.
    unlocated : (area, crime_type, month) expected offences with no known ward.
    exposure : (ward, [crime_type,] month) what the population factor is a power of, or None without such a factor.
    strength, strength_sd : that power, with which demand follows population, and its standard deviation.
    """

    origin: pd.Timestamp
    scenario: str
    factors: Mapping[str, xr.DataArray]
    unlocated: xr.DataArray
    noise: Noise
    exposure: xr.DataArray | None = None
    strength: float = 1.0
    strength_sd: float = 0.0

    def __post_init__(self) -> None:
        strangers = set(self.factors) - set(FACTORS)
        if strangers:
            raise ValueError(f"Factors are named {FACTORS}, not {sorted(strangers)}")

    @property
    def months(self) -> pd.DatetimeIndex:
        """The months ahead."""
        return pd.DatetimeIndex(self.unlocated["month"].to_index())

    @cached_property
    def mean(self) -> xr.DataArray:
        """The expectation, (ward, crime_type, month) offences: the product of the factors."""
        product = reduce(lambda left, right: left * right, self.factors.values())
        return product.transpose("ward", "crime_type", "month").rename("mean")


@dataclass(frozen=True)
class FittedModel:
    """What a model learnt at one origin: enough to forecast without seeing data again."""

    model: str
    origin: pd.Timestamp
    factors: Factors
    noise: Noise

    def forecast(
        self,
        horizon: int,
        exposure: xr.DataArray | None = None,
        scenario: str = "central",
        *,
        strength: float = 1.0,
        strength_sd: float = 0.0,
    ) -> Forecast:
        """Return the forecast of the next `horizon` months.

        `exposure`: (ward, [crime_type,] month) what the scenario's population would make of demand, relative to the
        origin; None where nothing is known of population, the factor is then 1. The population factor is exposure to
        the power `strength`, itself uncertain by `strength_sd`. Raises ValueError for a horizon past LONGEST_HORIZON.
        """
        if not 1 <= horizon <= LONGEST_HORIZON:
            raise ValueError(f"The horizon is 1 to {LONGEST_HORIZON} months, not {horizon}")
        season, trend = self.factors.ahead(self.origin, horizon)
        named = {"level": self.factors.level, "season": season, "trend": trend}
        if exposure is not None:
            exposure = exposure.sel(month=season["month"])
            if "crime_type" in exposure.dims:
                exposure = exposure.sel(crime_type=self.factors.level["crime_type"])
            named["population"] = exposure**strength
        return Forecast(
            origin=self.origin,
            scenario=scenario,
            factors=named,
            unlocated=(self.factors.unlocated * trend).transpose("area", "crime_type", "month"),
            noise=self.noise,
            exposure=exposure,
            strength=strength,
            strength_sd=strength_sd,
        )
