"""Harm: weights times offences, summed over crime types in every draw, never from summed intervals.

    harm of an area and year = sum over crime types of offences x weight      (draw by draw)

Walk in: demand of a plan and weights of a scale. Walk out: harm by area or ward, year and draw. What policing itself
discovers is summed apart, and no ward has any of it. Wards have whole years only: of a month a few offences would rule.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.forecast.years import MONTHS_A_YEAR
from planning.demand.plan_demand import PlanDemand

REPORTED, DISCOVERED = "reported", "discovered"
TOP = 10  # one ward in so many is in the top


def recorded_by_year(demand: PlanDemand, years: int) -> np.ndarray:
    """Return recorded offences under the factors of a demand, (area of the kept draws, crime type, year, draw)."""
    found = np.zeros((*demand.base.shape, years, demand.draws))
    for month in range(years * MONTHS_A_YEAR):
        found[:, :, month // MONTHS_A_YEAR] += demand.recorded(month)
    return found


def harm_of_areas(yearly: np.ndarray, weights: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return harm, (area, year, draw), from offences (area, crime type, year, draw) of the types that are counted.

    weights : (crime type, draw), draws may be one; counted : (crime type) true or false.
    """
    kept = (weights * counted[:, None])[None, :, None]
    return np.multiply(yearly, kept).sum(axis=1)


def ward_offences(
    demand: PlanDemand, yearly: np.ndarray, place: int, borough_of_ward: np.ndarray, multipliers: np.ndarray | None
) -> np.ndarray:
    """Return offences of wards of the crime type at a place, (ward, year, draw), that add up to their borough's.

    yearly : `recorded_by_year`; multipliers : of judgements on wards alone, (ward, crime type, year, draw).
    """
    years = yearly.shape[2]
    cases = demand.kept.by_year.to_numpy()[:, place, :years].astype(float)
    if multipliers is not None:
        cases *= multipliers[:, place, :years]
    if not demand.factors:
        return cases
    of_borough = yearly[demand.located, place]
    count = np.zeros_like(of_borough)
    np.add.at(count, borough_of_ward, cases)
    ratio = np.divide(of_borough, count, out=np.zeros_like(of_borough), where=count > 0)
    return cases * ratio[borough_of_ward]


def chance_of_top(harm: np.ndarray) -> np.ndarray:
    """Return the chance that each ward is among the tenth with the most harm, (ward, year), from (ward, year, draw)."""
    wards = len(harm)
    least = np.partition(harm, wards - places_of_top(wards), axis=0)[wards - places_of_top(wards)]
    return (harm >= least).mean(axis=-1)


def places_of_top(wards: int) -> int:
    """Return how many wards a tenth of them is, at least one."""
    return max(1, round(wards / TOP))


def ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks along the first dimension, one for the largest; of equal values the earlier stands first."""
    order = np.argsort(-values, axis=0, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1)), axis=0)
    return found


def rank_hangs_on(parts: np.ndarray, types: Sequence[str]) -> list[tuple[str, int]]:
    """Return for each area the crime type without which its rank would move most, and the rank it then had.

    parts : (area, crime type) expected harm. Of types that move it by as much, the one with more harm there.
    """
    total = parts.sum(axis=1)
    now = ranks(total)
    without = ranks(total[:, None] - parts)  # area, crime type
    moved = np.abs(without - now[:, None]) + parts / np.maximum(total[:, None], 1e-12) / 2
    most = moved.argmax(axis=1)
    return [(types[place], int(without[area, place])) for area, place in enumerate(most)]
