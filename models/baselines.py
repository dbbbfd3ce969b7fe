"""Baselines: the simplest forecasts that every other model must beat.

Walks in: a panel as known at the origin. Walks out: factors without trend.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from features.breaks import months_of
from features.history import YEAR, pooled_season, recent_mean
from features.panel import Panel
from models.forecast import LONGEST_HORIZON, Factors, Model


def no_trend(known: Panel) -> xr.DataArray:
    """Return a trend of one, (crime_type, step)."""
    crime_types = known.offences["crime_type"].to_numpy()
    return xr.DataArray(
        np.ones((len(crime_types), LONGEST_HORIZON)),
        dims=("crime_type", "step"),
        coords={"crime_type": crime_types, "step": np.arange(1, LONGEST_HORIZON + 1)},
    )


def unlocated_level(known: Panel, half_life: float = 6) -> xr.DataArray:
    """Return offences with no known ward in a typical month, (area, crime_type); zero where not published now.

    Only months in which the same areas were published as in the last one are learned from: once boroughs are told
    apart, the force's own row holds less than it did.
    """
    published = known.unlocated.notnull().any("crime_type")
    alike = (published == published.isel(month=-1)).all("area")
    return recent_mean(known.unlocated.where(alike), half_life)


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


class RecentMean(Model):
    """Recent months, the newest counting most, times a season pooled over the wards."""

    name = "recent-mean"
    half_life = 6.0

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
