"""The population factor: how much demand grows as the age groups who meet crime grow.

    factor = (sum over ages of rate x residents in the month, over the same sum at the origin) ^ strength

Walks in: rates by age and a panel as known at the origin. Walks out: the factor of strength one by ward, crime type and
month; and the strength, with which demand has followed such factors when they were made of what was known before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import norm
from scipy.stats import t as student_t
from statsmodels.regression.linear_model import WLS

from features.area_counts import borough_of_ward
from features.history import YEAR
from features.panel import Panel
from features.population.by_age import residents_by_age
from features.population.exposure import at_months, population_factor, years_around
from features.rolling_origin import RollingOrigin
from models.forecast.forecast import months_ahead

if TYPE_CHECKING:
    from models.people.age_rates import AgeRates

PRIOR_MEAN, PRIOR_SD = 1.0, 0.5
# By what power of residents alone history is divided before its trend is fitted: what `factor_strength` finds for
# London (docs/population.md). To learn it anew at each of fifty past origins would take minutes.
HISTORIC_STRENGTH = 0.5
HORIZONS = (12, 36, 60)  # months ahead, each the last of the year looked at
SPACING = 6  # months between the past origins that strength is learnt from
FEWEST_OFFENCES = 50  # of a ward in a year; below, its growth is chance
_ONE_SD = 0.84  # share of a normal distribution below its mean plus one standard deviation
BASES_BY_CHOICE = ("suspect", "victim")
Ages = tuple[int, int]  # the first and the last


@dataclass(frozen=True)
class Strength:
    """The exponent of the population factor, normal, after what past origins showed.

    by_horizon : horizon (months), origins, seen, seen_sd (of the regression alone, missing where there was none), mean,
        sd (with the prior).
    """

    mean: float
    sd: float
    by_horizon: pd.DataFrame


def demand_factor(
    rates: AgeRates,
    known: Panel,
    origin: pd.Timestamp,
    months: pd.DatetimeIndex,
    variant: str = "central",
    held: Ages | None = None,
) -> xr.DataArray:
    """Return expected demand relative to the origin's as population alone changes it, (ward, crime_type, month).

    `known` must be as known at the origin. A crime type takes the rates of suspects where their quality is not none,
    or else of victims, or else of all residents alike; ages that the rates are silent on count nothing. A ward without
    residents keeps the factor 1; without any ages known it is that of all residents. Residents of the ages `held`,
    first and last, stay as many as at the origin.
    """
    return _demand_factor(age_weights(rates), known, origin, months, variant, held)


def age_weights(rates: AgeRates) -> xr.DataArray:
    """Return what a resident of each age counts for demand, (crime_type, age), largest one; see `demand_factor`."""
    quality = rates.quality.pivot(index="crime_type", columns="basis", values="quality")
    weights = xr.full_like(rates.rate.isel(basis=0, drop=True), 1.0)
    for basis in reversed(BASES_BY_CHOICE):
        known = (quality[basis] != "none").reindex(weights["crime_type"].to_numpy()).to_numpy()
        weights = xr.where(xr.DataArray(known, dims="crime_type"), rates.rate.sel(basis=basis, drop=True), weights)
    weights = weights.fillna(0.0)
    return (weights / weights.max("age")).transpose("crime_type", "age")


def _demand_factor(
    weights: xr.DataArray,
    known: Panel,
    origin: pd.Timestamp,
    months: pd.DatetimeIndex,
    variant: str = "central",
    held: Ages | None = None,
) -> xr.DataArray:
    """Return `demand_factor` from the weights of ages."""
    by_age = residents_by_age(known, years_around(months.union([origin])), variant)
    if by_age is None:
        alike = population_factor(known, origin, months, variant)
        return alike.expand_dims(crime_type=weights["crime_type"]).transpose("ward", "crime_type", "month")
    if held is not None:
        of_these = (by_age["age"] >= held[0]) & (by_age["age"] <= held[1])
        by_age = by_age.where(~of_these, at_months(by_age, pd.DatetimeIndex([origin])).isel(month=0, drop=True))
    by_year = xr.DataArray(
        np.tensordot(by_age.transpose("ward", "year", "age").to_numpy(), weights.to_numpy(), axes=(2, 1)),
        dims=("ward", "year", "crime_type"),
        coords={"ward": by_age["ward"], "year": by_age["year"], "crime_type": weights["crime_type"]},
    )
    demand = at_months(by_year, months.union([origin]))
    base = demand.sel(month=origin, drop=True)
    factor = (demand.sel(month=months) / base.where(base > 0)).fillna(1.0)
    return factor.transpose("ward", "crime_type", "month").rename("population")


def factor_strength(rates: AgeRates, known: Panel) -> Strength:
    """Return how strongly demand has followed the population factor, by what was known of population before.

    At past origins the growth of each ward's offences of all types, from the year before to a year that ends 12, 36 or
    60 months ahead, is set against the log of its factor as known then, both net of the force's. The slope through zero
    is weighted by inverse variance; its standard error clusters by borough, whose wards and years err together. Prior
    and slope are normal. Years of a disruption are left out; where no origin is left, the prior stands.
    """
    cases = pd.concat([_nothing_seen(), *strength_cases(rates, known)], ignore_index=True)
    rows = []
    for horizon in HORIZONS:
        of_horizon = cases[cases["horizon"] == horizon]
        seen, seen_sd = _slope(of_horizon)
        mean, sd = _with_prior(seen, seen_sd)
        rows.append((horizon, of_horizon["origin"].nunique(), seen, seen_sd, mean, sd))
    columns = ["horizon", "origins", "seen", "seen_sd", "mean", "sd"]
    return Strength(*_with_prior(*_slope(cases)), pd.DataFrame(rows, columns=columns))


def strength_cases(
    rates: AgeRates, known: Panel, horizons: Sequence[int] = HORIZONS, spacing: int = SPACING
) -> Iterator[pd.DataFrame]:
    """Yield, for each origin and horizon, ward, borough, log_growth, log_factor, weight, origin, horizon; net of force.

    Only origins at which something was known of population, and years without disruption, are looked at.
    """
    counts = known.offences.transpose("ward", "crime_type", "month").to_numpy().astype(float)
    borough = borough_of_ward(known.areas)
    weights = age_weights(rates)
    for seen, ahead in _years_seen(known, horizons, spacing).items():
        origin = known.months[seen - 1]
        months = known.months[seen - YEAR : seen].union(months_ahead(origin, max(ahead)))
        factor = _demand_factor(weights, known.as_known_at(origin), origin, months).to_numpy()
        before = counts[:, :, seen - YEAR : seen].sum(axis=2)
        for horizon in ahead:
            came = counts[:, :, seen + horizon - YEAR : seen + horizon].sum(axis=2)
            then = factor[:, :, horizon : horizon + YEAR].mean(axis=2) / factor[:, :, :YEAR].mean(axis=2)
            if np.allclose(then, 1.0):
                continue  # nothing was known of population
            yield _case(before, came, then, borough).assign(origin=origin, horizon=horizon)


def _years_seen(known: Panel, horizons: Sequence[int], spacing: int) -> dict[int, list[int]]:
    """Return, by months seen at an origin, newest first, the horizons at which a usual year ended after a usual one."""
    found: dict[int, list[int]] = {}
    for horizon in horizons:
        # Origins are those of the shortest horizon, so that one factor serves all.
        ages = range(min(horizons), len(known.months), spacing)
        splitter = RollingOrigin(gap=horizon - YEAR, ages=ages, shortest=YEAR, breaks=known.breaks, quiet_before=YEAR)
        for seen, _ in splitter.split(known.months):
            found.setdefault(len(seen), []).append(horizon)
    return dict(sorted(found.items(), reverse=True))


def _case(before: np.ndarray, came: np.ndarray, factor: np.ndarray, borough: np.ndarray) -> pd.DataFrame:
    """Return a row a ward that has offences enough, from (ward, crime type) counts and factors."""
    start, end, expected = before.sum(axis=1), came.sum(axis=1), (before * factor).sum(axis=1)
    enough = (start >= FEWEST_OFFENCES) & (end >= FEWEST_OFFENCES)
    start, end, expected = start[enough], end[enough], expected[enough]
    table = pd.DataFrame({"ward": np.flatnonzero(enough), "borough": borough[enough]})
    growth = np.log(end / start) - np.log(end.sum() / start.sum())
    chance = 1 / start + 1 / end
    # What no count explains: wards go their own way, by as much as their growth varies beyond chance.
    own_way = max(float(np.mean(growth**2 - chance)), 0.0)
    return table.assign(
        log_growth=growth,
        log_factor=np.log(expected / start) - np.log(expected.sum() / start.sum()),
        weight=1 / (own_way + chance),
    )


def _slope(cases: pd.DataFrame) -> tuple[float, float]:
    """Return the weighted slope through zero and its standard error, clustered; missing without cases.

    The larger of the errors clustered by borough and by ward, widened as Student's t is where clusters are few.
    """
    if not (cases["weight"] * cases["log_factor"] ** 2).sum() > 0 or cases["borough"].nunique() < 2:
        return np.nan, np.nan
    line = WLS(cases["log_growth"].to_numpy(), cases["log_factor"].to_numpy(), weights=cases["weight"].to_numpy())
    errors = []
    for cluster in ("borough", "ward"):
        fitted = line.fit(cov_type="cluster", cov_kwds={"groups": cases[cluster].to_numpy()})
        free = cases[cluster].nunique() - 1
        errors.append(float(fitted.bse[0]) * student_t.ppf(_ONE_SD, free) / norm.ppf(_ONE_SD))
    return float(fitted.params[0]), max(errors)


def _with_prior(seen: float, seen_sd: float) -> tuple[float, float]:
    if not np.isfinite(seen_sd) or seen_sd <= 0:
        return PRIOR_MEAN, PRIOR_SD
    precisions = np.array([PRIOR_SD**-2, seen_sd**-2])
    return float(precisions @ [PRIOR_MEAN, seen] / precisions.sum()), float(precisions.sum() ** -0.5)


def _nothing_seen() -> pd.DataFrame:
    columns = {"ward": int, "borough": int, "log_growth": float, "log_factor": float, "weight": float}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()}).assign(
        origin=pd.Series(dtype="datetime64[us]"), horizon=pd.Series(dtype=int)
    )
