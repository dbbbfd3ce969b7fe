"""Make a plan: from kept draws to hours, people and the gap, as tables.

Walk in: kept draws, the force's areas and a checked plan. Walks out: a `PlanResult`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from models.draws.kept import KeptDraws
from models.forecast.years import MONTHS_A_YEAR, whole_years
from planning.areas import PlanAreas
from planning.demand.plan_demand import PlanDemand, plan_demand
from planning.demand.scenarios import population_factor_of
from planning.folder.check import Ground
from planning.folder.entries import Lever
from planning.folder.read import PlanFolder
from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.people.gaps import break_even_table, people_table, variance_table
from planning.people.people_table import posts_beside_hours
from planning.people.posts import FORCE, paths, posts_held, posts_of_areas
from planning.people.productive import productive_hours
from planning.scenario_work import Maker, Work
from planning.work.assumed import Errors
from planning.work.quality import assumptions_used, quality_by_function
from planning.work.totals import ward_hours
from planning.work.work_table import rows_of_areas, rows_of_streams, rows_of_types, rows_of_wards
from sources.files.errors import InputError

CENTRAL, WITHOUT_LEVERS = "central", "without levers"


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A plan's tables by name, its notes in words, and single numbers for whoever tracks it."""

    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]
    metrics: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class _Scenario:
    name: str
    demand: PlanDemand
    levers: Sequence[Lever]


def make_plan(
    kept: KeptDraws, plan: PlanFolder, ground: Ground, *, seed: int = 1, told_of_wards: Sequence[str] | None = None
) -> PlanResult:
    """Return the tables of a plan.

    told_of_wards : the minor types that tables by ward may count; all if not given.

    Raises
    ------
    InputError
        Where the forecast has no whole year ahead.
    """
    years = min(plan.head.years, whole_years(kept.by_month.sizes["month"]))
    if not years:
        raise InputError(
            "A plan needs a whole year ahead",
            value=f"{kept.by_month.sizes['month']} months",
            remedy="Forecast 12 months.",
        )
    areas = PlanAreas.of(kept, ground.areas)
    maker = Maker(plan, areas, ground.majors, years)
    scenarios, notes = _scenarios(kept, plan)
    exact = Errors(kept.by_month.sizes["draw"], seed, known=True)
    errors = Errors(kept.by_month.sizes["draw"], seed)
    year_starts = list(scenarios[0].demand.months[: years * MONTHS_A_YEAR : MONTHS_A_YEAR])
    context = _People(plan, ground, areas, scenarios[0].demand.months[: years * MONTHS_A_YEAR], year_starts)
    parts: dict[str, list[pd.DataFrame]] = {"work": [], "people": []}
    for scenario in scenarios:
        first = scenario is scenarios[0]
        pair = [
            maker.work(
                scenario.demand,
                scenario.levers,
                of,
                maker.of_a_case(scenario.demand, scenario.levers, of),
                by_type=first and of is errors,
            )
            for of in (exact, errors)
        ]
        if first:
            central = pair
        parts["work"].append(rows_of_areas(pair[1].by_year, areas, year_starts).assign(scenario=scenario.name))
        parts["people"].append(context.people(pair).assign(scenario=scenario.name))
    parts["work"] += _central_rows(central[1], scenarios[0].demand, maker, ground, year_starts, told_of_wards)
    quality = context.quality
    work = pd.concat(parts["work"], ignore_index=True)
    tables = {
        "work": work.assign(quality=work["function"].map(quality)),
        "people": pd.concat(parts["people"], ignore_index=True),
        "break_even": context.break_even(central),
        "variance": variance_table(
            maker, scenarios[0].demand, scenarios[0].levers, central, context.held, errors, year_starts
        ),
        "posts_beside_hours": posts_beside_hours(
            central[1].base[areas.force], productive_hours(plan.tables["time"], errors), context.held, quality
        ),
        "assumptions": assumptions_used(plan.tables),
    }
    return PlanResult(tables, tuple(notes), _metrics(tables))


def _scenarios(kept: KeptDraws, plan: PlanFolder) -> tuple[list[_Scenario], list[str]]:
    base = plan_demand(kept, plan.discovered)
    found, notes = [_Scenario(CENTRAL, base, plan.levers)], []
    variants = set(kept.log_exposure["variant"].to_numpy())
    for name in plan.head.scenarios:
        if name in variants:
            found.append(_Scenario(name, base.times(population_factor_of(kept, name)), plan.levers))
        elif name == WITHOUT_LEVERS:
            found += [_Scenario(name, base, ())] if plan.levers else []
        elif name in {"low", "high", "young held"}:
            notes.append(f"The scenario {name!r} is left out: residents of this force are not known by age.")
        else:
            raise InputError(
                "A scenario is not known",
                file="plan.toml",
                column="scenarios",
                value=name,
                remedy=f"Name some of low, high, young held, {WITHOUT_LEVERS}.",
            )
    return found, notes


@dataclass(frozen=True, eq=False)
class _People:
    """Posts of a plan along its paths, and what they are held against."""

    plan: PlanFolder
    ground: Ground
    areas: PlanAreas
    months: pd.DatetimeIndex
    years: list[pd.Timestamp]

    @property
    def names(self) -> set[str]:
        return {FORCE, *self.ground.areas["force_code"], *self.ground.areas["force_name"]}

    @property
    def held(self) -> dict[str, float]:
        return posts_held(self.plan.tables["people"], self.names)

    @cached_property
    def quality(self) -> dict[str, str]:
        return quality_by_function(self.plan.tables, self.ground.majors)

    def people(self, pair: list[Work]) -> pd.DataFrame:
        there = paths(self.plan.tables["people"], self.held, self.months)
        of_areas = posts_of_areas(self.plan.tables["people"], self.names)
        return people_table(pair, self.areas, self.held, of_areas, there, self.years, self.quality)

    def break_even(self, pair: list[Work]) -> pd.DataFrame:
        there = paths(self.plan.tables["people"], self.held, self.months)
        return break_even_table(pair, self.held, there, self.months)


def _central_rows(
    work: Work,
    demand: PlanDemand,
    maker: Maker,
    ground: Ground,
    years: list[pd.Timestamp],
    told_of_wards: Sequence[str] | None,
) -> list[pd.DataFrame]:
    assert work.crimes.by_type is not None
    told = np.isin(demand.types, list(demand.types if told_of_wards is None else told_of_wards))
    what = ALL if told.all() else f"{ALL} excluding protected types"
    of_wards = ward_hours(demand, work.crimes.by_type, maker.areas.borough_of_ward, told)
    wards = ground.areas.set_index("ward_code").loc[demand.kept.by_year["ward"].to_numpy()].reset_index()
    streams = maker.plan.tables["streams"]
    categories = dict(zip(streams["stream"], streams["category"], strict=True))
    parts = [
        rows_of_types(work.crimes.by_type, demand.types, maker.areas, years),
        rows_of_streams(work.streams, categories, maker.areas, years),
        rows_of_wards(of_wards, wards, what, years),
    ]
    return [part.assign(scenario=CENTRAL) for part in parts if len(part)]


def _metrics(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    work, people = tables["work"], tables["people"]
    of_force = work[(work["area_level"] == "force") & (work["what"] == ALL) & (work["scenario"] == CENTRAL)]
    found = {
        f"hours_year_{place}_{row['function'].replace(' ', '_')}": row["mean"]
        for function in (*FUNCTIONS, ALL)
        for place, (_, row) in enumerate(of_force[of_force["function"] == function].iterrows(), start=1)
    }
    gaps = people[(people["scenario"] == CENTRAL) & (people["area_level"] == "force") & (people["function"] == ALL)]
    return found | {
        f"gap_{row['path'].replace(' ', '_').replace(',', '')}_{row['year']:%Y}": row["gap_mean"]
        for _, row in gaps.iterrows()
    }
