"""What each lever saves: its fair part of what all of them save together, so that no hour is saved twice.

    part of a lever = mean over all orders of the levers of what it saves when its turn comes   (Shapley 1953)

Hours are linear in hours of a case, so the parts of these, by crime type, function and month, give those of any demand.
Parts add up to the whole saving, and do not depend on the order in which levers stand in the file.

Walk in: cases, levers and errors. Walk out: hours of a case saved by each lever; and which levers a budget buys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from planning.folder.entries import Lever

MOST_IN_ALL_ORDERS = 5  # beyond, the mean of the file's order and its reverse: 32 sets of levers take long enough
MOST_IN_PORTFOLIO = 8
HoursUnder = Callable[[Sequence[Lever]], np.ndarray]


def parts_saved(levers: Sequence[Lever], hours_under: HoursUnder) -> dict[str, np.ndarray]:
    """Return what each lever saves of hours of a case, by its id, of the shape that `hours_under` returns."""
    if len(levers) > MOST_IN_ALL_ORDERS:
        return _two_orders(levers, hours_under)
    known: dict[frozenset[str], np.ndarray] = {}

    def under(chosen: Sequence[Lever]) -> np.ndarray:
        key = frozenset(lever.id for lever in chosen)
        if key not in known:
            known[key] = hours_under([lever for lever in levers if lever.id in key])
        return known[key]

    number = len(levers)
    found = {}
    for lever in levers:
        others = [one for one in levers if one.id != lever.id]
        part: np.ndarray | float = 0.0
        for size in range(number):
            weight = factorial(size) * factorial(number - size - 1) / factorial(number)
            for before in combinations(others, size):
                part = part + weight * (under(before) - under([*before, lever]))
        found[lever.id] = np.asarray(part)
    return found


def _two_orders(levers: Sequence[Lever], hours_under: HoursUnder) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for order in (list(levers), list(reversed(levers))):
        before = hours_under([])
        for place, lever in enumerate(order):
            chosen = {one.id for one in order[: place + 1]}
            after = hours_under([one for one in levers if one.id in chosen])
            found[lever.id] = found.get(lever.id, np.zeros_like(before)) + (before - after) / 2
            before = after
    return found


def portfolio(levers: Sequence[Lever], saved_by: Callable[[Sequence[Lever]], float]) -> pd.DataFrame:
    """Return the sets of levers that no cheaper set equals: levers, cost_a_year, hours_saved, hours_a_pound.

    saved_by : expected hours a year that a set saves. Every set is tried, so within any budget the best is among them;
    of more than `MOST_IN_PORTFOLIO` levers, only those that save most alone are tried.
    """
    chosen = sorted(levers, key=lambda lever: -saved_by([lever]))[:MOST_IN_PORTFOLIO]
    sets = [those for size in range(1, len(chosen) + 1) for those in combinations(chosen, size)]
    costs = [(sum(lever.cost_a_year for lever in those), saved_by(those), those) for those in sets]
    rows, best = [], 0.0
    for cost, saved, those in sorted(costs, key=lambda one: (one[0], -one[1])):
        if saved > best + 1e-9:
            best = saved
            names = ", ".join(sorted(lever.id for lever in those))
            rows.append((names, cost, saved, saved / cost if cost else np.nan))
    return pd.DataFrame(rows, columns=["levers", "cost_a_year", "hours_saved", "hours_a_pound"])
