"""Make a plan: from kept draws to hours, people and the gap, as tables.

Walk in: kept draws, the force's areas and a checked plan. Walks out: a `PlanResult`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from models.draws.kept import KeptDraws
from models.forecast.years import MONTHS_A_YEAR, whole_years
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.judgement import factor_of, ward_multipliers
from planning.demand.standing import standing_judgements
from planning.folder.check import Ground
from planning.folder.read import PlanFolder
from planning.made import Made
from planning.metrics import plan_metrics
from planning.people.force_posts import ForcePosts
from planning.scenario_work import Maker, Work
from planning.scenarios import CENTRAL, PlanScenario, scenarios_of
from planning.stages import tables_of
from sources.files.errors import InputError

__all__ = ["CENTRAL", "PlanResult", "made_of", "make_plan"]


@dataclass(frozen=True, eq=False)
class PlanResult:
    """A plan's tables by name, its notes in words, and single numbers for whoever tracks it."""

    tables: Mapping[str, pd.DataFrame]
    notes: tuple[str, ...]
    metrics: Mapping[str, float]


def make_plan(
    kept: KeptDraws,
    plan: PlanFolder,
    ground: Ground,
    *,
    seed: int = 1,
    told_of_wards: Sequence[str] | None = None,
) -> PlanResult:
    """Return the tables of a plan.

    told_of_wards : the minor types that tables by ward may count; all if not given.

    Raises
    ------
    InputError
        Where the forecast has no whole year ahead, or a judgement is too small to matter.
    """
    years = min(plan.head.years, whole_years(kept.by_month.sizes["month"]))
    if not years:
        raise InputError(
            "A plan needs a whole year ahead",
            value=f"{kept.by_month.sizes['month']} months",
            remedy="Forecast 12 months or more.",
        )
    made, notes = made_of(kept, plan, ground, years, seed, told_of_wards)
    tables, of_tables = tables_of(made)
    return PlanResult(tables, (*notes, *of_tables), plan_metrics(tables))


def made_of(
    kept: KeptDraws, plan: PlanFolder, ground: Ground, years: int, seed: int, told_of_wards: Sequence[str] | None
) -> tuple[Made, tuple[str, ...]]:
    """Return the work of every scenario, and notes on scenarios that cannot be had."""
    draws = kept.by_month.sizes["draw"]
    exact, errors = Errors(draws, seed, known=True), Errors(draws, seed)
    effects, judged = standing_judgements(plan.judgements, kept, ground.areas, ground.majors, errors, seed)
    multipliers = ward_multipliers(effects, kept)
    judgement = factor_of(effects, kept, multipliers) if effects else None
    of_prevention = {lever.judgement for lever in plan.levers}
    others = [effect for effect in effects if effect.judgement.id not in of_prevention]
    scenarios, notes = scenarios_of(kept, plan, judgement, factor_of(others, kept, ward_multipliers(others, kept)))
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, years, ground.series)
    months = scenarios[0].demand.months[: years * MONTHS_A_YEAR]
    posts = ForcePosts(plan, ground, maker.areas, months, list(months[::MONTHS_A_YEAR]))
    pairs = [_pair(maker, scenario, exact, errors, first=scenario is scenarios[0]) for scenario in scenarios]
    made = Made(kept, plan, ground, maker, posts, errors, scenarios, pairs, judged, multipliers, told_of_wards)
    return made, (*notes, *_series_that_end(plan, ground, months))


def _series_that_end(plan: PlanFolder, ground: Ground, months: pd.DatetimeIndex) -> list[str]:
    streams = plan.tables["streams"]
    used = {ground.series[name].name: ground.series[name].last_month for name in streams["of"] if name in ground.series}
    return [
        f"The forecast of the stream {name!r} ends in {last:%B %Y}: later months repeat those a year before."
        for name, last in used.items()
        if last < months[-1]
    ]


def _pair(maker: Maker, scenario: PlanScenario, exact: Errors, errors: Errors, *, first: bool) -> list[Work]:
    """Return the work of a scenario from demand alone, and with assumptions."""
    return [
        maker.work(
            scenario.demand,
            scenario.levers,
            of,
            maker.of_a_case(scenario.demand, scenario.levers, of),
            by_type=first and of is errors,
        )
        for of in (exact, errors)
    ]
