"""The next weeks: a total that moves from week to week, its season within the year, and the areas' shares of it.

Walks in: a `WeekPanel` as known at the origin. Walks out: a `Forecast` whose months are weeks, with noise from the same
model's past errors, so that the draws are made by the code that makes those of months. Newest weeks that still fill up
are raised to what they will be, and weigh less the less of them is known. Speeds were chosen among 24 settings on
Chicago's assaults of 2012 and 2013.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from features.history import recency_weights
from features.streams.week_calendar import week_columns
from features.streams.weeks import WeekPanel
from models.forecast.forecast import Forecast
from models.forecast.noise import Noise
from models.recipes.force_path import smoothed
from models.recipes.shares import Movement, ShareRecipe, recent_share, within
from models.uncertainty.past_errors import Case, PastErrors, add_levels
from models.uncertainty.variances import noise_of_errors
from sources.files.errors import InputError

WEEKS_A_YEAR = 52
HORIZON = 13
SMOOTHERS = ((0.15, 0.0, 0.9), (0.05, 0.05, 0.97))
SEASON_HALF_LIFE = 156.0  # weeks
RIDGE = 1.0  # weeks of evidence with which a season leans on none
SHARE_RECIPE = ShareRecipe(104, (Movement(13, 100),))
LEAST_KNOWN = 0.3  # share recorded below which a newest week tells nothing of the level
FIRST_ORIGIN = 26  # weeks before the first past origin
PAST_SPACING, PAST_HALF_LIFE = 4, 104.0  # weeks between past origins, and how fast they lose weight
MOST_PAST_ORIGINS = 40


class WeekModel(ABC):
    """A way to forecast weeks; stateless."""

    name: str

    @abstractmethod
    def expected(self, known: WeekPanel, horizon: int) -> np.ndarray:
        """Return the expectation, (area, type, week ahead), from what was known at the origin, the last week."""


class WeeklyPath(WeekModel):
    """The total's path times its season within the year times the areas' shares."""

    name = "weekly-path"

    def expected(self, known: WeekPanel, horizon: int) -> np.ndarray:
        """Return level and damped trend of the total, season and holidays of the weeks ahead, and shares."""
        counts, share_known = whole_counts(known)
        total = counts.sum(axis=0)
        ahead = weeks_ahead(known.weeks, horizon)
        logs = np.log(total + 0.5)
        season, season_ahead = season_of_weeks(known, logs, ahead)
        level, trend = smoothed(_steadied(logs - season, share_known), horizon, SMOOTHERS)
        path = np.exp(level[:, None] + trend + season_ahead)
        siblings = np.zeros(len(counts), dtype=int)
        parent = np.broadcast_to(total, counts.shape)
        share = recent_share(counts, parent, siblings, SHARE_RECIPE)
        share = share / np.maximum(within(share, siblings), 1e-9)
        return share[:, :, None] * path


class YearBefore(WeekModel):
    """Every week will be what the same week was 52 weeks before; without that year, the mean of 8 weeks."""

    name = "seasonal-naive"

    def expected(self, known: WeekPanel, horizon: int) -> np.ndarray:
        """Return the weeks of a year before."""
        counts, _ = whole_counts(known)
        if counts.shape[2] < WEEKS_A_YEAR:
            return MeanOfWeeks().expected(known, horizon)
        return counts[:, :, counts.shape[2] - WEEKS_A_YEAR :][:, :, :horizon]


class MeanOfWeeks(WeekModel):
    """Every week will be the mean of the last eight."""

    name = "mean-of-8"

    def expected(self, known: WeekPanel, horizon: int) -> np.ndarray:
        """Return the mean of eight weeks."""
        counts, _ = whole_counts(known)
        return np.repeat(counts[:, :, -8:].mean(axis=2, keepdims=True), horizon, axis=2)


@dataclass(frozen=True, eq=False)
class WeekForecast:
    """A weekly forecast: its draws are made by `models.draws.distribution.Drawer` on `areas`."""

    model: str
    forecast: Forecast
    areas: pd.DataFrame


def weeks_ahead(weeks: pd.DatetimeIndex, horizon: int) -> pd.DatetimeIndex:
    """Return the Mondays of the next weeks."""
    return pd.date_range(weeks[-1] + pd.Timedelta(days=7), periods=horizon, freq="7D", unit="us")


def forecast_weeks(known: WeekPanel, horizon: int = HORIZON, model: WeekModel | None = None) -> WeekForecast:
    """Return the forecast of the weeks after the panel's last.

    Raises
    ------
    InputError
        If the history is too short to learn how far forecasts err.
    """
    recipe = model or WeeklyPath()
    mean = recipe.expected(known, horizon)
    ahead = weeks_ahead(known.weeks, horizon)
    places = {"ward": known.areas, "crime_type": known.types, "month": ahead}
    level = xr.DataArray(mean, dims=("ward", "crime_type", "month"), coords=places)
    unlocated = xr.DataArray(
        np.zeros((0, len(known.types), horizon)),
        dims=("area", "crime_type", "month"),
        coords={"area": np.array([], dtype=object), "crime_type": known.types, "month": ahead},
    )
    forecast = Forecast(known.weeks[-1], "central", {"level": level}, unlocated, week_noise(recipe, known, horizon))
    return WeekForecast(recipe.name, forecast, area_table(known))


def area_table(known: WeekPanel) -> pd.DataFrame:
    """Return the panel's areas in the form of `areas`, what they lie in standing as boroughs."""
    above = pd.Series(known.above).map(lambda place: f"group {place}")
    columns = {"ward": pd.Series(known.areas), "borough": above, "bcu": above, "force": pd.Series(["all"] * len(above))}
    return pd.DataFrame({f"{level}_{kind}": codes for level, codes in columns.items() for kind in ("code", "name")})


def whole_counts(known: WeekPanel) -> tuple[np.ndarray, np.ndarray]:
    """Return counts raised to what they will be once all is recorded, (area, type, week), and the share known."""
    share = known.completeness()
    return known.recorded() / np.maximum(share, LEAST_KNOWN), share


def season_of_weeks(known: WeekPanel, logs: np.ndarray, ahead: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Return the log season of past and of future weeks, (type, week), zero where there are no two years.

    A weighted ridge regression of distances from the year around each week on waves of the year and holidays.
    """
    weeks = logs.shape[1]
    if weeks < 2 * WEEKS_A_YEAR:
        return np.zeros_like(logs), np.zeros((len(logs), len(ahead)))
    columns = week_columns(pd.DatetimeIndex([*known.weeks, *ahead]), known.country, known.school_holidays)
    mean = columns[:weeks].mean(axis=0)
    past, future = columns[:weeks] - mean, columns[weeks:] - mean
    kernel = np.ones(WEEKS_A_YEAR + 1)
    kernel[[0, -1]] = 0.5
    padded = np.pad(logs, ((0, 0), (WEEKS_A_YEAR // 2, WEEKS_A_YEAR // 2)), mode="reflect")
    around = np.lib.stride_tricks.sliding_window_view(padded, WEEKS_A_YEAR + 1, axis=1) @ (kernel / WEEKS_A_YEAR)
    weight = recency_weights(weeks, SEASON_HALF_LIFE)[:, None]
    gram = past.T @ (weight * past) + RIDGE * np.diag(past.var(axis=0) + 1e-9)
    effect = np.linalg.solve(gram, (weight * past).T @ (logs - around).T)
    return (past @ effect).T, (future @ effect).T


def agree_with_months(
    by_week: np.ndarray, weeks: pd.DatetimeIndex, by_month: np.ndarray, months: pd.DatetimeIndex
) -> np.ndarray:
    """Return expectations by week, (..., week), that sum to those by month, (..., month), day by day.

    A week's days are alike; each takes the factor by which its month's sum must change. Months of which not every day
    lies in the weeks have no say: their days take the factor of the nearest month that has.
    """
    days = (weeks.to_numpy()[:, None] + np.arange(7).astype("timedelta64[D]")).ravel()
    month = pd.DatetimeIndex(days).to_period("M").to_timestamp().as_unit("us")
    a_day = np.repeat(by_week / 7, 7, axis=-1)
    factor = np.full(a_day.shape, np.nan)
    for place, first in enumerate(months):
        inside = np.asarray(month == first)
        if inside.sum() == first.days_in_month:
            whole = a_day[..., inside].sum(axis=-1)
            factor[..., inside] = (by_month[..., place] / np.maximum(whole, 1e-9))[..., None]
    said = np.flatnonzero(np.isfinite(factor.reshape(-1, len(days))[0]))
    if len(said):
        nearest = said[np.abs(np.arange(len(days))[:, None] - said).argmin(axis=1)]
        a_day = a_day * factor[..., nearest]
    return a_day.reshape(*by_week.shape, 7).sum(axis=-1)


def week_noise(model: WeekModel, known: WeekPanel, horizon: int) -> Noise:
    """Return the noise of a model's weeks, from its own past errors as each past origin knew the counts."""
    errors, last = PastErrors(), len(known.weeks)
    came = known.recorded() / np.maximum(known.completeness(), LEAST_KNOWN)
    # Once there are past origins that knew a season, those that did not say nothing of errors to come.
    first = 2 * WEEKS_A_YEAR if last >= 2 * WEEKS_A_YEAR + FIRST_ORIGIN else FIRST_ORIGIN
    origins = range(last - PAST_SPACING - 1, first - 1, -PAST_SPACING)[:MOST_PAST_ORIGINS]
    for origin in origins:
        length = min(horizon, last - origin - 1)
        mean = model.expected(known.as_known_at(origin), length)
        actual = came[:, :, origin + 1 : origin + 1 + length]
        case = Case(actual, mean, np.ones(length, dtype=bool), 0.5 ** ((last - origin) / PAST_HALF_LIFE))
        add_levels(errors, case, known.above, wards=True)
    if not errors.ward:
        raise InputError(
            f"The history holds {last} whole weeks, too few to learn how far forecasts err",
            remedy=f"Supply at least {FIRST_ORIGIN + PAST_SPACING + 1} weeks.",
        )
    volume = came[:, :, -WEEKS_A_YEAR:].mean(axis=2)
    return noise_of_errors(errors, known.types, volume, known.above)


def _steadied(logs: np.ndarray, share_known: np.ndarray) -> np.ndarray:
    """Return logs whose newest weeks are drawn towards those before them, the less of them is known."""
    steadied = logs.copy()
    told = np.clip((share_known - LEAST_KNOWN) / (1 - LEAST_KNOWN), 0, 1)
    for week in np.flatnonzero((told < 0.999).any(axis=0)):
        before = steadied[:, max(week - 8, 0) : week].mean(axis=1) if week else logs[:, 0]
        steadied[:, week] = told[:, week] * logs[:, week] + (1 - told[:, week]) * before
    return steadied
