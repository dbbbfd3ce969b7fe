"""Productive hours: what is left of paid hours after leave, training and abstraction, of the force and of areas.

Walk in: rows of `time`. Walk out: hours a year of one person, by area, function and draw.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planning.areas import PlanAreas
from planning.assumed import Errors, positive, shares
from planning.folder.vocabulary import ALL, FUNCTIONS, worst

FORCE = "force"
KINDS = ("paid", "leave", "training", "abstraction")


def productive_hours(time: pd.DataFrame, errors: Errors) -> np.ndarray:
    """Return productive hours of one person a year of the force, (function, draw).

    paid x (1 - leave - training) x (1 - abstraction), each summed over its rows. Rows of the force's own file come
    before defaults, those of the area before those of the force, those of a function before those of all.
    """
    return _LostTime(time).hours((), errors)


def productive_of_areas(time: pd.DataFrame, areas: PlanAreas, errors: Errors) -> np.ndarray:
    """Return productive hours by area of a plan, (area, function, draw); of a BCU the mean of its boroughs."""
    table, lost = areas.table, _LostTime(time)
    of_force = lost.hours((), errors)
    found = np.broadcast_to(of_force, (len(table), *of_force.shape)).copy()
    boroughs = np.flatnonzero(table["area_level"] == "borough")
    for place in boroughs:
        named = str(table["area_code"].iloc[place]), str(table["area_name"].iloc[place])
        if lost.areas.intersection(named):
            found[place] = lost.hours(named, errors)
    for place in np.flatnonzero(table["area_level"] == "bcu"):
        inside = [at for at in boroughs if areas.member[place] @ areas.member[at] > 0]
        found[place] = found[inside].mean(axis=0)
    return found


def productive_table(time: pd.DataFrame, areas: PlanAreas, hours: np.ndarray) -> pd.DataFrame:
    """Return area_level, area_code, area_name, function, hours a person a year (mean, q10, q90) and their quality.

    hours : (area, function, draw).
    """
    lost = _LostTime(time)
    low, high = np.quantile(hours, [0.1, 0.9], axis=-1)
    rows = []
    for place, (level, code, name) in enumerate(areas.table.itertuples(index=False)):
        for at, function in enumerate(FUNCTIONS):
            named = [one for kind in KINDS for one in lost.quality((str(code), str(name)), function, kind)]
            told = hours[place, at].mean(), low[place, at], high[place, at]
            rows.append((level, code, name, function, *told, worst(named)))
    columns = ["area_level", "area_code", "area_name", "function", "hours", "hours_q10", "hours_q90", "quality"]
    return pd.DataFrame(rows, columns=columns)


class _LostTime:
    """Rows of `time`, found by what they are of."""

    def __init__(self, time: pd.DataFrame) -> None:
        keys = ["of_force", "area", "role", "kind"]
        self._rows = {tuple(key): rows for key, rows in time.groupby(keys)}
        self.areas = set(time["area"])

    def held(self, area: Sequence[str], function: str, kind: str) -> pd.DataFrame | None:
        """Return the rows that hold, the narrower before the wider; None where there are none."""
        for of_force in (True, False):
            for one in (*area, FORCE):
                for role in (function, ALL):
                    if (of_force, one, role, kind) in self._rows:
                        return self._rows[of_force, one, role, kind]
        return None

    def quality(self, area: Sequence[str], function: str, kind: str) -> list[str]:
        """Return the qualities of the rows that hold."""
        rows = self.held(area, function, kind)
        return [] if rows is None else [str(one) for one in rows["quality"]]

    def hours(self, area: Sequence[str], errors: Errors) -> np.ndarray:
        """Return productive hours, (function, draw)."""
        found = np.empty((len(FUNCTIONS), errors.size))
        for place, function in enumerate(FUNCTIONS):
            paid, leave, training, abstraction = (
                _sum_of(self.held(area, function, kind), kind, errors) for kind in KINDS
            )
            found[place] = paid * np.clip(1 - leave - training, 0, 1) * np.clip(1 - abstraction, 0, 1)
        return found


def _sum_of(rows: pd.DataFrame | None, kind: str, errors: Errors) -> np.ndarray:
    if rows is None:
        return np.zeros(errors.size)
    return (positive if kind == "paid" else shares)(rows, errors).sum(axis=0)
