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


def productive_hours(time: pd.DataFrame, errors: Errors, area: Sequence[str] = ()) -> np.ndarray:
    """Return productive hours of one person a year, (function, draw), of an area by its code and name; else the force.

    paid x (1 - leave - training) x (1 - abstraction), each summed over its rows. Rows of the force's own file come
    before defaults, those of the area before those of the force, those of a function before those of all.
    """
    found = np.empty((len(FUNCTIONS), errors.size))
    for place, function in enumerate(FUNCTIONS):
        paid, leave, training, abstraction = (
            _sum_of(_held(time, area, function, kind), kind, errors) for kind in KINDS
        )
        found[place] = paid * np.clip(1 - leave - training, 0, 1) * np.clip(1 - abstraction, 0, 1)
    return found


def productive_of_areas(time: pd.DataFrame, areas: PlanAreas, errors: Errors) -> np.ndarray:
    """Return productive hours by area of a plan, (area, function, draw); of a BCU the mean of its boroughs."""
    table = areas.table
    of_force = productive_hours(time, errors)
    found = np.broadcast_to(of_force, (len(table), *of_force.shape)).copy()
    boroughs = np.flatnonzero(table["area_level"] == "borough")
    for place in boroughs:
        named = str(table["area_code"].iloc[place]), str(table["area_name"].iloc[place])
        found[place] = productive_hours(time, errors, named)
    for place in np.flatnonzero(table["area_level"] == "bcu"):
        inside = [at for at in boroughs if areas.member[place] @ areas.member[at] > 0]
        found[place] = found[inside].mean(axis=0)
    return found


def productive_table(time: pd.DataFrame, areas: PlanAreas, hours: np.ndarray) -> pd.DataFrame:
    """Return area_level, area_code, area_name, function, hours a person a year (mean, q10, q90) and their quality.

    hours : (area, function, draw).
    """
    low, high = np.quantile(hours, [0.1, 0.9], axis=-1)
    rows = []
    for place, (level, code, name) in enumerate(areas.table.itertuples(index=False)):
        for at, function in enumerate(FUNCTIONS):
            named = [
                str(one) for kind in KINDS for one in _held(time, (str(code), str(name)), function, kind)["quality"]
            ]
            told = hours[place, at].mean(), low[place, at], high[place, at]
            rows.append((level, code, name, function, *told, worst(named)))
    columns = ["area_level", "area_code", "area_name", "function", "hours", "hours_q10", "hours_q90", "quality"]
    return pd.DataFrame(rows, columns=columns)


def _held(time: pd.DataFrame, area: Sequence[str], function: str, kind: str) -> pd.DataFrame:
    rows = time[time["kind"] == kind]
    for of_force in (True, False):
        for areas in (area, (FORCE,)):
            for role in (function, ALL):
                held = rows[(rows["of_force"] == of_force) & rows["area"].isin(areas) & (rows["role"] == role)]
                if len(held):
                    return held
    return rows.iloc[:0]


def _sum_of(rows: pd.DataFrame, kind: str, errors: Errors) -> np.ndarray:
    return (positive if kind == "paid" else shares)(rows, errors).sum(axis=0) if len(rows) else np.zeros(errors.size)
