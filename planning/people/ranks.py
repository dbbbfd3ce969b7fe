"""Ranks and spans, and how far posts of a skill are filled.

Walk in: rows of `people` that say a rank or skill. Walk out: tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.folder.vocabulary import ALL, RANKS
from planning.people.posts import course

CONSTABLE = RANKS[0]
RANK_COLUMNS = ["path", "year", "rank", "there", "share", "wanted", "span", "managers", "managers_at_span_wanted"]


def ranks_table(
    people: pd.DataFrame, force_names: set[str], years: Sequence[pd.Timestamp], spans: tuple[float, float]
) -> pd.DataFrame:
    """Return people of each rank along each path: there, share of all, and how many are wanted where that is said.

    Of constables also their span, which is constables to each of higher rank (`managers`), and how many managers there
    would be at the span wanted, spans[1].

    Ranks keep the shares of the newest month; `level` keeps their numbers. A path needs rows of all functions together.
    """
    of_force = people[people["area"].isin(force_names) & (people["function"] == ALL) & people["rank"].isin(RANKS)]
    held = of_force[(of_force["path"] == "") & (of_force["kind"] == "actual")]
    if held.empty:
        return pd.DataFrame(columns=RANK_COLUMNS)
    newest = held[held["month"] == held["month"].max()].groupby("rank")["fte"].sum()
    wanted = of_force[of_force["kind"] == "wanted"].groupby("rank")["fte"].sum()
    rows = []
    for path, totals in _totals(people, force_names, float(newest.sum()), years).items():
        for year, total in zip(years, totals, strict=True):
            there = newest * total / newest.sum()
            for rank in (one for one in RANKS if one in there):
                of_span: tuple[float, float, float] = (np.nan, np.nan, np.nan)
                if rank == CONSTABLE:
                    managers = float(there.sum() - there[rank])
                    of_span = (there[rank] / managers if managers else np.nan, managers, there[rank] / spans[1])
                rows.append((path, year, rank, there[rank], there[rank] / total, wanted.get(rank, np.nan), *of_span))
    return pd.DataFrame(rows, columns=RANK_COLUMNS)


def _totals(
    people: pd.DataFrame, force_names: set[str], held: float, years: Sequence[pd.Timestamp]
) -> Mapping[str, np.ndarray]:
    """Return all officers along each path that says them, (year)."""
    found = {"level": np.full(len(years), held)}
    months = pd.DatetimeIndex([year + pd.DateOffset(months=at) for year in years for at in range(MONTHS_A_YEAR)])
    planned = people[(people["path"] != "") & (people["function"] == ALL) & people["area"].isin(force_names)]
    for path, rows in planned[planned["rank"] == ALL].groupby("path", sort=False):
        found[str(path)] = course(rows, months).reshape(-1, MONTHS_A_YEAR).mean(axis=1)
    return found


def filled_posts(people: pd.DataFrame) -> pd.DataFrame:
    """Return area, function, role, rank, skill, posts budgeted, people there, and the share that is filled.

    Of rows that are told both as `budgeted` and as `actual`; the newest month of each.
    """
    keys = ["area", "function", "role", "rank", "skill"]
    parts = {}
    for kind in ("budgeted", "actual"):
        rows = people[(people["path"] == "") & (people["kind"] == kind)]
        newest = rows[rows["month"] == rows.groupby(keys)["month"].transform("max")]
        parts[kind] = newest.groupby(keys)["fte"].sum()
    both = pd.concat(parts, axis=1, join="inner").rename(columns={"budgeted": "posts", "actual": "there"})
    share = both["there"] / both["posts"].where(both["posts"] > 0)
    return both.assign(filled=share).reset_index()
