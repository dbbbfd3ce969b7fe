"""The table of the waterfall: why hours of the force change between the base year and each year of the plan.

Walk in: a maker of work and demand step by step. Walk out: rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.assumed import Errors
from planning.demand.plan_demand import PlanDemand
from planning.demand.scenarios import RESIDENTS_HELD, YOUNG_HELD, population_factor_of
from planning.folder.entries import Lever
from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.scenario_work import Maker
from planning.work.waterfall import parts_of_change

WORDS = {
    "recorded": "crime for reasons other than residents",
    "other residents": "residents of other ages",
    "young": "residents of 10 to 24",
    "judgement": "judgement",
    "complexity": "hours of a case, and ways of handling that are known to change",
    "levers": "levers",
}


def waterfall_table(
    maker: Maker,
    forecast: PlanDemand,
    judged: PlanDemand,
    levers: Sequence[Lever],
    errors: Errors,
    years: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return function, year, step, hours (mean), hours_q10, hours_q90: of crime types; a function's steps add up.

    forecast : demand as forecast; judged : with judgements. Steps `base year` and `year` are the hours themselves, the
    others what each factor brings.
    """
    with_levers = maker.of_a_case(judged, levers, errors)
    without = maker.of_a_case(judged, (), errors)
    held = set(forecast.kept.log_exposure["variant"].to_numpy())
    demands = {"recorded": forecast, "other residents": forecast, "young": forecast}
    if RESIDENTS_HELD in held:
        demands["recorded"] = forecast.times(population_factor_of(forecast.kept, RESIDENTS_HELD))
        demands["other residents"] = demands["recorded"]
    if YOUNG_HELD in held:
        demands["other residents"] = forecast.times(population_factor_of(forecast.kept, YOUNG_HELD))
    of_base = without[:, :, :1]
    steps = {name: _hours(demand, of_base, maker.years) for name, demand in demands.items()}
    steps["judgement"] = _hours(judged, of_base, maker.years)
    steps["complexity"] = _hours(judged, without[:, :, 1:], maker.years)
    steps["levers"] = _hours(judged, with_levers[:, :, 1:], maker.years)
    before = (forecast.base.sum(axis=0)[:, None, None] * without[:, :, 0])[:, :, None]
    parts = {"base year": before, **parts_of_change(before, steps), "year": steps["levers"]}
    rows = [_rows(name, part.sum(axis=0), years) for name, part in parts.items()]
    return pd.concat(rows, ignore_index=True)


def _hours(demand: PlanDemand, of_a_case: np.ndarray, years: int) -> np.ndarray:
    """Return hours of the force, (crime type, function, year, draw); of a case, months may be one."""
    found = np.zeros((len(demand.types), len(FUNCTIONS), years, demand.draws))
    for month in range(years * MONTHS_A_YEAR):
        cases = demand.worked(month).sum(axis=0)
        found[:, :, month // MONTHS_A_YEAR] += cases[:, None] * of_a_case[:, :, month % of_a_case.shape[2]]
    return found


def _rows(step: str, hours: np.ndarray, years: Sequence[pd.Timestamp]) -> pd.DataFrame:
    hours = np.broadcast_to(hours, (len(FUNCTIONS), len(years), hours.shape[-1]))
    every = np.concatenate([hours, hours.sum(axis=0, keepdims=True)])
    low, high = np.quantile(every, [0.1, 0.9], axis=-1)
    index = pd.MultiIndex.from_product([[*FUNCTIONS, ALL], years], names=["function", "year"]).to_frame(index=False)
    columns = {"hours": every.mean(axis=-1), "hours_q10": low, "hours_q90": high}
    return index.assign(step=step, **{name: values.ravel() for name, values in columns.items()})
