"""Hours of work: demand times hours of a case, summed over crime types in every draw.

Walk in: demand of a plan, and hours of a case. Walk out: hours by area, function, year and draw, by month for the
force, and by crime type; of wards, whose sums are those of their borough in every draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecast.years import MONTHS_A_YEAR
from planning.demand.plan_demand import PlanDemand


@dataclass(frozen=True, eq=False)
class Hours:
    """Hours of a plan under one scenario.

    by_year : (area, function, year, draw); by_month : (function, month, draw) of all areas; base : (area, function,
    draw) of the last recorded year, handled as it was then; by_type : (area, crime type, function, year, draw), where
    asked for.
    """

    by_year: np.ndarray
    by_month: np.ndarray
    base: np.ndarray
    by_type: np.ndarray | None = None


def hours_of(demand: PlanDemand, of_a_case: np.ndarray, years: int, *, by_type: bool = False) -> Hours:
    """Return the hours of a demand.

    of_a_case : (crime type, function, 1 + month, draw), the first month standing for the last recorded year; its draws
        may be one.
    """
    months = years * MONTHS_A_YEAR
    areas, functions, draws = len(demand.base), of_a_case.shape[1], demand.draws
    by_year = np.zeros((areas, functions, years, draws))
    by_month = np.empty((functions, months, draws))
    typed = np.zeros((areas, len(demand.types), functions, years, draws)) if by_type else None
    for month in range(months):
        cases = demand.worked(month)
        hours = of_a_case[:, :, month + 1]  # crime type, function, draw
        if typed is None and hours.shape[-1] == 1:  # known exactly: one sum for all draws, much quicker
            worked = np.tensordot(hours[:, :, 0], cases, axes=(0, 1)).swapaxes(0, 1)
        elif typed is None:
            # (draw, area, type) @ (draw, type, function): the sum over crime types of each draw.
            worked = (cases.transpose(2, 0, 1) @ hours.transpose(2, 0, 1)).transpose(1, 2, 0)
        else:
            of_types = cases[:, :, None] * hours
            typed[:, :, :, month // MONTHS_A_YEAR] += of_types
            worked = of_types.sum(axis=1)
        by_year[:, :, month // MONTHS_A_YEAR] += worked
        by_month[:, month] = worked.sum(axis=0)
    base = np.einsum("at,tfd->afd", demand.base, of_a_case[:, :, 0])
    return Hours(by_year, by_month, base, typed)


def ward_hours(
    demand: PlanDemand,
    by_type: np.ndarray,
    borough_of_ward: np.ndarray,
    keep: np.ndarray,
    multipliers: np.ndarray | None = None,
) -> np.ndarray:
    """Return hours of wards, (ward, function, year, draw), of the crime types to keep, (crime type) true or false.

    A ward's offences of a year, times the multipliers of judgements on it alone, (ward, crime type, year, draw), are
    worth what those of its borough are in that draw: its months' factors weighted by that draw's months. So wards add
    up to their borough's located hours.
    """
    located, years = demand.located, by_type.shape[3]
    of_wards = demand.kept.by_year.to_numpy()[:, :, :years]
    if multipliers is not None:
        of_wards = of_wards * multipliers[:, :, :years]
    found = np.zeros((len(of_wards), by_type.shape[2], years, by_type.shape[-1]))
    for place in np.flatnonzero(keep):
        if demand.budgeted[place]:  # whose work is that of the last recorded year
            count = demand.base[located, place][:, None, None, None]
            cases = demand.kept.base_by_ward.to_numpy()[:, place][:, None, None, None]
        else:
            cases = of_wards[:, place, None]
            count = np.zeros((int(located.sum()), *cases.shape[1:]))
            np.add.at(count, borough_of_ward, cases)
        hours = by_type[located, place]
        worth = np.divide(hours, count, out=np.zeros_like(hours), where=count > 0)
        found += cases * worth[borough_of_ward]
    return found
