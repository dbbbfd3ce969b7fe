"""What the uncertainty of a gap comes from: demand, and each group of assumptions that err together.

Walk in: the work of a plan, its assumptions and posts. Walk out: shares of the variance of officers needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.assumed import Errors, groups_of
from planning.demand.plan_demand import PlanDemand
from planning.folder.entries import Lever
from planning.folder.vocabulary import FUNCTIONS
from planning.people.gaps import known_functions
from planning.people.needed import needed
from planning.scenario_work import Maker, Work
from planning.work.hours import hours_of_cases

DEMAND, OTHERS, TOGETHER = "demand", "other assumptions", "acting together"
SMALLEST_SHARE = 0.01  # of the variance of any year; groups below it are told together
UNCERTAIN = ("workload", "handling", "streams")


def variance_table(
    maker: Maker,
    demand: PlanDemand,
    levers: Sequence[Lever],
    pair: Sequence[Work],
    held: Mapping[str, float],
    errors: Errors,
    years: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return assumption, year, variance, share: of officers needed of the force, all functions together.

    A group's part is the variance with that group alone uncertain and demand as expected; demand's, with every
    assumption at its median. What acts only together is the rest, which may be below zero; shares sum to one.
    pair : the work from demand alone, and with assumptions.
    """
    known = known_functions(held)
    if not known:
        return pd.DataFrame(columns=["assumption", "year", "variance", "share"])
    force = maker.areas.force
    demand_alone, whole = (
        np.sum([needed(work.by_year[force, at], work.base[force, at], held[name]) for at, name in known], axis=0)
        for work in pair
    )
    parts = {DEMAND: demand_alone.var(axis=-1)} | _alone(maker, demand, levers, pair[0], held, errors)
    total = whole.var(axis=-1)
    large = {
        name: variance
        for name, variance in parts.items()
        if name == DEMAND or (variance >= SMALLEST_SHARE * total).any()
    }
    others = np.sum(
        [variance for name, variance in parts.items() if name not in large] or [np.zeros(len(total))], axis=0
    )
    large |= {OTHERS: others, TOGETHER: total - others - np.sum(list(large.values()), axis=0)}
    rows = [
        (name, year, of_name, of_name / of_all if of_all > 0 else 0.0)
        for name, variance in large.items()
        for year, of_name, of_all in zip(years, variance, total, strict=True)
    ]
    return pd.DataFrame(rows, columns=["assumption", "year", "variance", "share"])


def _alone(
    maker: Maker, demand: PlanDemand, levers: Sequence[Lever], known: Work, held: Mapping[str, float], errors: Errors
) -> dict[str, np.ndarray]:
    """Return the variance of officers needed, (year), that each group makes alone."""
    groups = [*groups_of([maker.plan.tables[name] for name in UNCERTAIN]), *(lever.id for lever in levers)]
    months = range(maker.years * MONTHS_A_YEAR)
    expected = np.stack([demand.worked(month).sum(axis=0).mean(axis=-1) for month in months])
    base_cases, cases = demand.base.sum(axis=0), maker.cases(demand)
    exact = maker.of_a_case(demand, levers, Errors(errors.draws, 0, known=True))
    of_force = known.by_year[maker.areas.force].mean(axis=-1, keepdims=True)
    before = known.base[maker.areas.force].mean(axis=-1, keepdims=True)
    found = {}
    for group in groups:
        touched = maker.touched_by(demand, group, levers)
        if not touched:
            continue
        off = hours_of_cases([cases[place] for place in touched], levers, errors.alone(group)) - exact[touched]
        monthly = np.einsum("mt,tfmd->fmd", expected[:, touched], off[:, :, 1:])
        yearly = of_force + monthly.reshape(len(FUNCTIONS), maker.years, MONTHS_A_YEAR, -1).sum(axis=2)
        base = before + np.einsum("t,tfd->fd", base_cases[touched], off[:, :, 0])
        parts = [needed(yearly[at], base[at], held[name]) for at, name in known_functions(held)]
        found[group] = np.sum(parts, axis=0).var(axis=-1)
    return found
