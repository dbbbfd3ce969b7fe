"""Streams counted: how many cases a year, how many a lever keeps from people, and the hours they take.

Walks in: a `Made`. Walks out: rows of every stream, those without hours too, such as calls that were given up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.made import Made

COLUMNS = ["stream", "category", "year", "unit", "cases", "cases_q10", "cases_q90", "cases_before", "diverted", "hours"]
COLUMNS += ["quality", "source"]


def streams_table(made: Made) -> pd.DataFrame:
    """Return stream, category, year, cases (mean and an 80 % interval) and those of the last recorded year, cases that
    levers divert, and hours (mean).
    """
    rows = []
    for (_, stream), (name, work) in zip(
        made.plan.tables["streams"].iterrows(), made.pair[1].stream_work.items(), strict=True
    ):
        cases, diverted = (_by_year(values, len(made.years)) for values in (work.cases, work.diverted))
        hours = _by_year(work.hours.sum(axis=0), len(made.years))
        low, high = np.quantile(cases, [0.1, 0.9], axis=-1)
        before = float(np.mean(work.cases_before))
        for place, year in enumerate(made.years):
            counted = cases[place].mean(), low[place], high[place], before, diverted[place].mean(), hours[place].mean()
            said = stream["quality"], stream["source"]
            rows.append((name, stream["category"], year, stream["unit"], *counted, *said))
    return pd.DataFrame(rows, columns=COLUMNS)


def _by_year(by_month: np.ndarray, years: int) -> np.ndarray:
    """Return sums of twelve months, (year, draw)."""
    return by_month.reshape(years, MONTHS_A_YEAR, -1).sum(axis=1)
