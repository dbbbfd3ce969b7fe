"""People there: posts held in the base year, and along paths of the workforce.

Walk in: rows of `people`. Walk out: posts by function, and by month and path.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL, FUNCTIONS, NATIONAL

LEVEL = "level"  # the path on which everyone who is there stays
FORCE = "force"


def posts_held(people: pd.DataFrame, force_names: set[str]) -> dict[str, float]:
    """Return people held by function, national posts among them, of the force as a whole: the newest month of each.

    Rows of areas that are not the force are added up where the force has no row of its own.
    """
    held = whole(people[(people["path"] == "") & (people["kind"] == "actual")])
    found: dict[str, float] = {}
    for function in (*FUNCTIONS, NATIONAL):
        rows = held[held["function"] == function]
        of_force = rows[rows["area"].isin(force_names)]
        rows = of_force if len(of_force) else rows
        if len(rows):
            found[function] = float(rows.loc[rows["month"] == rows["month"].max(), "fte"].sum())
    return found


def whole(people: pd.DataFrame) -> pd.DataFrame:
    """Return rows that count each person once: those of all ranks and skills, where there are such, else the parts."""
    of_all = (people["rank"] == ALL) & (people["skill"] == ALL)
    told = of_all.groupby([people[name] for name in ("area", "function", "month", "role")]).transform("any")
    return people[of_all | ~told]


def posts_of_areas(people: pd.DataFrame, force_names: set[str]) -> dict[str, float]:
    """Return people held by area below the force, all functions together: the newest month of each area."""
    held = whole(people[(people["path"] == "") & (people["kind"] == "actual") & ~people["area"].isin(force_names)])
    newest = held[held["month"] == held.groupby("area")["month"].transform("max")]
    return {str(area): float(fte) for area, fte in newest.groupby("area")["fte"].sum().items()}


def paths(people: pd.DataFrame, held: dict[str, float], months: pd.DatetimeIndex) -> dict[str, np.ndarray]:
    """Return people there and ready along each path, (function, month); `level` keeps whoever is held.

    A path of all functions together scales each alike, after national posts, which stay, are taken off. A path of a
    function is met at its months, with straight lines between. Where joiners and leavers are given, people leave each
    month and joiners count once they are ready.
    """
    level = np.array([held.get(function, 0.0) for function in FUNCTIONS])[:, None] * np.ones(len(months))
    found = {LEVEL: level}
    for path, rows in people[people["path"] != ""].groupby("path", sort=False):
        there = level.copy()
        together = rows[rows["function"] == "all"]
        if len(together):
            there *= _scale(together, held.get(NATIONAL, 0.0), months)
        for place, function in enumerate(FUNCTIONS):
            own = rows[rows["function"] == function]
            if len(own):
                there[place] = course(own, months)
        found[str(path)] = there
    return found


def _scale(rows: pd.DataFrame, national: float, months: pd.DatetimeIndex) -> np.ndarray:
    before = months[:1] - pd.offsets.MonthBegin(1)
    local = course(rows, pd.DatetimeIndex(before.append(months))) - national
    return np.maximum(local[1:], 0) / max(local[0], 1e-9)


def course(rows: pd.DataFrame, months: pd.DatetimeIndex) -> np.ndarray:
    """Return people there and ready by month, from rows of one path and function."""
    rows = rows.groupby("month", as_index=False).agg(
        {"fte": "sum", "joiners": "sum", "leavers": "sum", "months_to_readiness": "max"}
    )
    if len(rows) == 1 and rows[["joiners", "leavers"]].to_numpy().sum() > 0:
        start = rows.iloc[0]
        passed = (months.year - start["month"].year) * 12 + months.month - start["month"].month
        since = np.maximum(passed.to_numpy(float), 0)
        wait = 0.0 if pd.isna(start["months_to_readiness"]) else float(start["months_to_readiness"])
        return np.maximum(start["fte"] - start["leavers"] * since + start["joiners"] * np.maximum(since - wait, 0), 0)
    when = months.year * 12 + months.month
    given = rows["month"].dt.year * 12 + rows["month"].dt.month
    return np.interp(when.to_numpy(float), given.to_numpy(float), rows["fte"].to_numpy())
