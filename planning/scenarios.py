"""Scenarios of a plan: what each changes against the central one.

Walk in: kept draws, a plan, and its judgements as a factor. Walk out: scenarios, the central one first, and notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.draws.kept import KeptDraws
from planning.demand.plan_demand import FactorOfMonth, PlanDemand, plan_demand
from planning.demand.scenarios import RESIDENTS_HELD, YOUNG_HELD, population_factor_of
from planning.folder.entries import Lever
from planning.folder.read import PlanFolder
from sources.files.errors import InputError

CENTRAL, WITHOUT_LEVERS, WITHOUT_JUDGEMENT = "central", "without levers", "without judgement"
OF_POPULATION = ("low", "high", YOUNG_HELD, RESIDENTS_HELD)


@dataclass(frozen=True, eq=False)
class PlanScenario:
    """A scenario: its demand, before judgement too, and the levers that act in it."""

    name: str
    demand: PlanDemand
    forecast: PlanDemand
    levers: Sequence[Lever]


def scenarios_of(
    kept: KeptDraws, plan: PlanFolder, judgement: FactorOfMonth | None, without_prevention: FactorOfMonth
) -> tuple[list[PlanScenario], list[str]]:
    """Return the scenarios of a plan, central first, and notes on those that cannot be had.

    judgement : the factor of all judgements that act; without_prevention : of those that are no lever. `InputError` for
    a scenario that is not known.
    """
    forecast = plan_demand(kept, plan.discovered)
    judged = forecast if judgement is None else forecast.times(judgement)
    found, notes = [PlanScenario(CENTRAL, judged, forecast, plan.levers)], []
    variants = set(kept.log_exposure["variant"].to_numpy())
    for name in plan.head.scenarios:
        if name in variants:
            demand = judged.times(population_factor_of(kept, name))
            found.append(PlanScenario(name, demand, forecast, plan.levers))
        elif name == WITHOUT_LEVERS:
            if plan.levers:
                found.append(PlanScenario(name, forecast.times(without_prevention), forecast, ()))
        elif name == WITHOUT_JUDGEMENT:
            if judgement is not None:
                found.append(PlanScenario(name, forecast, forecast, plan.levers))
        elif name in OF_POPULATION:
            notes.append(f"The scenario {name!r} is left out: residents of this force are not known by age.")
        else:
            raise InputError(
                "A scenario is not known",
                file="plan.toml",
                column="scenarios",
                value=name,
                remedy=f"Name some of {', '.join((*OF_POPULATION, WITHOUT_LEVERS, WITHOUT_JUDGEMENT))}.",
            )
    return found, notes
