"""The three-speed model: the force's path, a borough's share of it, a ward's share of its borough.

Walks in: a panel as known at the origin. Walks out: factors. Each level moves at the speed that its numbers can bear:
the force by the month, a borough by the quarter, a ward by the year. The defaults of half-lives, speeds and priors
were chosen on origins from 2013 to 2017; docs/method.md tells how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from features.area_counts import borough_of_ward, by_major, counts_of, recent_sum, seasonal, sum_groups
from features.breaks import months_of, steps_of
from features.history import YEAR
from features.panel import Panel
from features.population.exposure import population_factor
from features.rolling_origin import RollingOrigin
from models.forecast.forecast import LONGEST_HORIZON, Factors
from models.people.population_factor import HISTORIC_STRENGTH
from models.recipes.baselines import unlocated_level
from models.recipes.force_path import STEP_WINDOW, Smoother, log_season, quick_speed, smoothed, without_steps
from models.recipes.model import Model
from models.recipes.parameters import parameter
from models.recipes.share_blend import blend_weights
from models.recipes.shares import (
    TINY,
    Movement,
    ShareRecipe,
    agreed,
    local_season,
    recent_share,
    season_prior,
    split,
)

# Between which the blend chooses by crime type: more of them, or others, make another model than this.
WARD_RECIPES = (
    ShareRecipe(48),
    ShareRecipe(12),
    ShareRecipe(48, (Movement(12, 10),)),
    ShareRecipe(48, (Movement(4, 30),)),
    ShareRecipe(48, (Movement(3, 10),)),
    ShareRecipe(48, (Movement(6, 20), Movement(3, 200, all_types_together=True))),
)
YEARS_TO_BLEND_ON = (12, 18, 24, 30, 36, 48)  # months ago at which they began
SHORTEST_HISTORY = 24  # months before a past year that can be blended on


@dataclass(frozen=True)
class Memory:
    """What origins of one history share, by origin: ward shares of every recipe, and how past years went."""

    candidates: dict[pd.Timestamp, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    years: dict[pd.Timestamp, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False, repr=False)
class ThreeSpeed(Model):
    """Force path x borough share x ward share, each with its own season and memory."""

    name = "three-speed"
    path_is_median = True
    quick_speed: float = parameter(0.9, "part of a month's surprise that the force's quick level takes up", 0, 1)
    quick_memory: int = parameter(24, "months whose mean says how many offences a crime type has", 1)
    quick_prior: float = parameter(60.0, "offences a month with which the quick level goes half as far", above=True)
    slow_speed: float = parameter(0.2, "part of a month's surprise that the force's slow level takes up", 0, 1)
    trend_speed: float = parameter(0.15, "part of a change of the slow level that its trend takes up", 0, 1)
    damping: float = parameter(0.95, "part of the trend that is left a month later", 0, 1)
    season_half_life: float = parameter(60.0, "months over which the force's season halves in weight", above=True)
    coverage_half_life: float = parameter(6.0, "months over which the share of located offences halves", above=True)
    borough_half_life: float = parameter(24.0, "months over which a borough's slow share halves in weight", above=True)
    borough_movement_half_life: float = parameter(2.5, "months over which what moves that share halves", above=True)
    borough_movement_prior: float = parameter(150.0, "offences with which that share goes half the way", above=True)
    borough_season_half_life: float = parameter(96.0, "months over which a borough's season halves", above=True)
    ward_season_half_life: float = parameter(60.0, "months over which a ward's season halves in weight", above=True)
    ward_season_prior: float = parameter(300.0, "offences with which a ward's season goes half the way", above=True)
    blend_half_life: float = parameter(24.0, "months over which past years halve in weight in the blend", above=True)
    step_window: int = parameter(STEP_WINDOW, "months on either side of a step of recording that tell its size", 1)

    def factors(self, known: Panel) -> Factors:
        """Level: the force's level times shares. Season: of the force and of shares. Trend: of the force, damped."""
        return self.factors_with(known, Memory())

    def factors_at(self, known: Panel, origins: Sequence[pd.Timestamp]) -> Iterator[Factors]:
        """Yield the factors at several origins; what later ones need of earlier ones is worked out once."""
        memory = Memory()
        for origin in origins:
            yield self.factors_with(known.as_known_at(origin), memory)

    def factors_with(self, known: Panel, memory: Memory) -> Factors:
        """Return the factors; `memory` keeps what other origins need as well."""
        level, coverage, season, trend = _force(known, self)
        borough = borough_of_ward(known.areas)
        shares = split(*self.ward_share(known, memory), borough) * _borough_split(known, self)[borough]
        typical = shares.mean(axis=2)
        # Arrays count calendar months from the first month of history; published factors from January.
        from_january = np.argsort((known.months[0].month - 1 + np.arange(YEAR)) % YEAR)
        seasonal_shares = season * shares / np.maximum(typical, TINY)[:, :, None]
        crime_types = known.offences["crime_type"].to_numpy()
        places = {
            "ward": known.offences["ward"].to_numpy(),
            "crime_type": crime_types,
            "major_type": ("crime_type", known.offences["major_type"].to_numpy()),
        }
        return Factors(
            level=xr.DataArray(level * coverage * typical, dims=("ward", "crime_type"), coords=places),
            season=xr.DataArray(
                seasonal_shares[:, :, from_january],
                dims=("ward", "crime_type", "month_of_year"),
                coords=places | {"month_of_year": np.arange(1, YEAR + 1)},
            ),
            trend=xr.DataArray(
                trend,
                dims=("crime_type", "step"),
                coords={"crime_type": crime_types, "step": np.arange(1, LONGEST_HORIZON + 1)},
            ),
            unlocated=_unlocated(known, level * (1 - coverage)),
        )

    def ward_share(self, known: Panel, memory: Memory) -> tuple[np.ndarray, np.ndarray]:
        """Return ward shares of boroughs, (ward, crime type), and their season, (ward, crime type, calendar month)."""
        candidates, season = _ward_candidates(known, memory, self)
        past_years = _past_years(known, memory, self)
        weights = blend_weights(past_years, len(WARD_RECIPES), candidates.shape[2], self.blend_half_life)
        return np.einsum("rwc,cr->wc", candidates, weights), season


def _usual(known: Panel) -> np.ndarray:
    return ~months_of(known.breaks, "disruption", known.months).to_numpy()


def _force(known: Panel, recipe: ThreeSpeed) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return level and coverage, (crime type), season, (crime type, calendar month), and trend, (crime type, step).

    The path is that of all offences, located or not, per resident: lost locations are no fall in crime, and growth
    that population explains must not count again as trend. Coverage is the share of recent months that was located.
    """
    crime_types = known.offences["crime_type"].to_numpy()
    located = known.offences.sum("ward").transpose("crime_type", "month").to_numpy().astype(float)
    every = located + known.unlocated.sum("area").transpose("crime_type", "month").to_numpy()
    residents = population_factor(known, known.last_month, known.months).mean("ward").to_numpy()
    population = residents**HISTORIC_STRENGTH
    logs = np.log((every + 0.5) / population)
    usual, half_life = _usual(known), recipe.season_half_life
    # A season learnt across a step would hold part of it, so it is learnt again once the step is out.
    steps = steps_of(known.breaks, crime_types, known.months)
    logs = without_steps(logs, log_season(logs, usual, half_life), steps, recipe.step_window)
    season = log_season(logs, usual, half_life)
    free = logs - season[:, np.arange(logs.shape[1]) % YEAR]
    quickness = quick_speed(every[:, -recipe.quick_memory :].mean(axis=1), recipe.quick_prior)
    level, trend = smoothed(free, LONGEST_HORIZON, _smoothers(recipe), quickness=quickness)
    recent, of_all = (recent_sum(counts, recipe.coverage_half_life) for counts in (located, every))
    return np.exp(level), recent / np.maximum(of_all, TINY), np.exp(season), np.exp(trend)


def _unlocated(known: Panel, total: np.ndarray) -> xr.DataArray:
    """Return `unlocated_level` made to agree with the force's total of each crime type.

    So all recorded is the force's path. What boroughs publish is known from the months since they have; that it may
    differ from the total's longer memory is the doing of the largest area, mostly the force's own row, first.
    """
    areas = unlocated_level(known).transpose("area", "crime_type")
    return areas.copy(data=agreed(areas.to_numpy(), total))


def _smoothers(recipe: ThreeSpeed) -> tuple[Smoother, Smoother]:
    """Return the quick smoother, which has no trend, and the slow one."""
    return (recipe.quick_speed, 0.0, recipe.damping), (recipe.slow_speed, recipe.trend_speed, recipe.damping)


def _borough_split(known: Panel, recipe: ThreeSpeed) -> np.ndarray:
    """Return each borough's share of the force, (borough, crime type, calendar month)."""
    child = sum_groups(counts_of(known), borough_of_ward(known.areas))
    parent = np.broadcast_to(child.sum(axis=0), child.shape)
    usual = _usual(known)
    half_life = recipe.borough_season_half_life
    prior = season_prior(child, parent, usual, half_life=half_life)
    season = local_season(child, parent, usual, half_life=half_life, prior=prior[None, :, None])
    movement = Movement(recipe.borough_movement_half_life, recipe.borough_movement_prior)
    together = np.zeros(len(child), dtype=int)
    share = recent_share(child, seasonal(parent, season), together, ShareRecipe(recipe.borough_half_life, (movement,)))
    return split(share, season, together)


def _ward_candidates(known: Panel, memory: Memory, recipe: ThreeSpeed) -> tuple[np.ndarray, np.ndarray]:
    """Return every recipe's ward shares, (recipe, ward, crime type), and the wards' season, pooled by major type."""
    if known.last_month not in memory.candidates:
        borough = borough_of_ward(known.areas)
        child = counts_of(known)
        parent = sum_groups(child, borough)[borough]
        major = pd.factorize(known.offences["major_type"].to_numpy())[0]
        season = local_season(
            by_major(child, major),
            by_major(parent, major),
            _usual(known),
            half_life=recipe.ward_season_half_life,
            prior=recipe.ward_season_prior,
        )[:, major]
        expected = seasonal(parent, season)
        shares = np.stack([recent_share(child, expected, borough, each) for each in WARD_RECIPES])
        memory.candidates[known.last_month] = shares, season
    return memory.candidates[known.last_month]


def _past_years(known: Panel, memory: Memory, recipe: ThreeSpeed) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Return for past years what each recipe would have given, had the borough been known, and what came."""
    months = len(known.months)
    splitter = RollingOrigin(YEAR, ages=YEARS_TO_BLEND_ON, shortest=SHORTEST_HISTORY)
    lengths = [len(seen) for seen, _ in splitter.split(known.months)][::-1]  # newest first
    return [(months - length, *_past_year(known, length, memory, recipe)) for length in lengths]


def _past_year(known: Panel, start: int, memory: Memory, recipe: ThreeSpeed) -> tuple[np.ndarray, np.ndarray]:
    """Return what each recipe gives for the year from a month, (recipe, ward, crime type), and what came."""
    origin = known.months[start - 1]
    if origin not in memory.years:
        borough = borough_of_ward(known.areas)
        shares, season = _ward_candidates(known.as_known_at(origin), memory, recipe)
        came = counts_of(known)[:, :, start : start + YEAR]
        of_borough = sum_groups(came, borough)[borough]
        calendar = np.arange(start, start + YEAR) % YEAR
        given = np.stack([(split(one, season, borough)[:, :, calendar] * of_borough).sum(axis=2) for one in shares])
        memory.years[origin] = given, came.sum(axis=2)
    return memory.years[origin]
