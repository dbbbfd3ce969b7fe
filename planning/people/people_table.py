"""The table of people: officers needed, there, and the gap with its probability, told twice.

Walk in: hours from demand alone and with assumptions, and posts along each path. Walks out: rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.people.needed import needed, officers
from planning.summary import summary_columns


@dataclass(frozen=True, eq=False)
class Need:
    """Officers needed of one function and area, (year, draw): from demand alone, and with assumptions."""

    demand_alone: np.ndarray
    with_assumptions: np.ndarray


def need_of(hours: tuple[np.ndarray, np.ndarray], base: tuple[np.ndarray, np.ndarray], posts: float) -> Need:
    """Return the need; each pair is from demand alone, (year, draw), and with assumptions; base hours (draw)."""
    return Need(*(needed(of_years, before, posts) for of_years, before in zip(hours, base, strict=True)))


def rows_of(
    labels: dict[str, object], need: Need, there: np.ndarray, years: list[pd.Timestamp], path: str
) -> pd.DataFrame:
    """Return a row a year: needed, there, gap and its probability from demand alone and with assumptions."""
    gap = need.with_assumptions - there[:, None]
    columns = {
        "needed": need.with_assumptions.mean(axis=-1),
        **{f"needed_{name}": np.quantile(need.with_assumptions, share, axis=-1) for name, share in _AT.items()},
        "there": there,
        **summary_columns(gap, "gap_"),
        "probability_demand_alone": (need.demand_alone > there[:, None]).mean(axis=-1),
        "probability_with_assumptions": (gap > 0).mean(axis=-1),
    }
    return pd.DataFrame({**labels, "path": path, "year": years, **columns})


_AT = {"p50": 0.5, "p80": 0.8, "p95": 0.95}


def posts_beside_hours(
    base: np.ndarray, productive: np.ndarray, held: dict[str, float], quality: dict[str, str]
) -> pd.DataFrame:
    """Return what the base year's hours would take in officers, beside those there: function, officers, posts, ratio.

    base : (function, draw) hours of the base year; productive : (function, draw). The ratio says how far hours explain
    posts; nothing is fitted to it.
    """
    rows = []
    for place, function in enumerate(FUNCTIONS):
        taken = officers(base[place], productive[place])
        posts = held.get(function, np.nan)
        low, high = np.quantile(taken, [0.1, 0.9])
        rows.append(
            (
                function,
                base[place].mean(),
                taken.mean(),
                low,
                high,
                posts,
                taken.mean() / posts,
                quality.get(function, ""),
            )
        )
    columns = ["function", "hours", "officers", "officers_q10", "officers_q90", "posts", "ratio", "quality"]
    table = pd.DataFrame(rows, columns=columns)
    total = officers(base, productive).sum(axis=0)
    known = sum(held.get(function, np.nan) for function in FUNCTIONS)
    low, high = np.quantile(total, [0.1, 0.9])
    table.loc[len(table)] = [
        ALL,
        base.sum(axis=0).mean(),
        total.mean(),
        low,
        high,
        known,
        total.mean() / known,
        quality[ALL],
    ]
    return table
