"""Baselines: the simplest forecasts that every other model must beat.

Walks in: a panel as known at the origin. Walks out: factors without trend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from features.breaks import months_of
from features.history import YEAR, pooled_season, recent_mean
from features.panel import Panel
from models.forecast.forecast import LONGEST_HORIZON, Factors
from models.forecast.same_definition import same_definition
from models.recipes.model import Model
from models.recipes.parameters import parameter

UNLOCATED_MEMORY = 6  # months


def no_trend(known: Panel) -> xr.DataArray:
    """Return a trend of one, (crime_type, step)."""
    crime_types = known.offences["crime_type"].to_numpy()
    return xr.DataArray(
        np.ones((len(crime_types), LONGEST_HORIZON)),
        dims=("crime_type", "step"),
        coords={"crime_type": crime_types, "step": np.arange(1, LONGEST_HORIZON + 1)},
    )


def unlocated_level(known: Panel) -> xr.DataArray:
    """Return offences with no known ward in a typical month, (area, crime_type), of areas published at the origin.

    It is the mean of the last six months in which they were of the same kind as now, the months with most and fewest
    left out; of as many as there are, when there are fewer. On London's months before 2022 that errs less than longer
    memories do: what a force publishes so changes in steps, and single months miss the wards of thousands.
    """
    counts = known.unlocated.transpose("area", "crime_type", "month").to_numpy()
    published = np.isfinite(counts).any(axis=1)
    chosen = _usual_months(same_definition(published, -1), np.nansum(counts, axis=1))
    total = np.where(chosen[:, None, :], counts, 0.0).sum(axis=2)
    mean = total / np.maximum(chosen.sum(axis=1), 1)[:, None]
    newest = known.unlocated.transpose("area", "crime_type", "month").isel(month=-1, drop=True)
    return newest.copy(data=mean).isel(area=np.flatnonzero(published[:, -1]))


def _usual_months(alike: np.ndarray, offences: np.ndarray) -> np.ndarray:
    """Return which of the newest months that are alike count, (area, month) bool, from their offences."""
    chosen = alike & (alike[:, ::-1].cumsum(axis=1)[:, ::-1] <= UNLOCATED_MEMORY)
    extremes = (np.where(chosen, offences, np.inf).argmin(axis=1), np.where(chosen, offences, -np.inf).argmax(axis=1))
    enough = np.flatnonzero(chosen.sum(axis=1) > len(extremes))
    for month in extremes:
        chosen[enough, month[enough]] = False
    return chosen


class SeasonalNaive(Model):
    """Every month will be what the same month was a year before."""

    name = "seasonal-naive"

    def factors(self, known: Panel) -> Factors:
        """Level: the last year's mean month. Season: each of its months relative to that."""
        year = known.offences.isel(month=slice(-YEAR, None)).astype(float)
        level = year.mean("month")
        months = year["month"].dt.month.to_numpy()
        season = (year / level.where(level > 0)).fillna(1.0).rename(month="month_of_year")
        season = season.assign_coords(month_of_year=months).sortby("month_of_year")
        return Factors(level, season, no_trend(known), unlocated_level(known))


@dataclass(kw_only=True, eq=False, repr=False)
class RecentMean(Model):
    """Recent months, the newest counting most, times a season pooled over the wards."""

    name = "recent-mean"
    half_life: float = parameter(6.0, "months over which what is recent halves in weight", above=True)

    def factors(self, known: Panel) -> Factors:
        """Level: exponentially weighted mean of counts free of season. Season: of the force, by crime type."""
        usual = ~months_of(known.breaks, "disruption", known.months).to_numpy()
        season = pooled_season(known.offences.sum("ward").astype(float), usual)
        past = season.sel(month_of_year=known.months.month.to_numpy()).rename(month_of_year="month")
        free = known.offences / past.assign_coords(month=known.months)
        level = recent_mean(free, self.half_life)
        return Factors(
            level,
            season.broadcast_like(level).transpose("ward", ...),
            no_trend(known),
            unlocated_level(known),
        )
