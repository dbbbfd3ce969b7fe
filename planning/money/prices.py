"""Pounds an hour of work in each year of a plan.

    pounds an hour of a year = pounds an hour x (1 + inflation) ^ (year - year of the prices)     (in every draw)

Walk in: rows of `rates`. Walk out: pounds by function, year and draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.assumed import Errors, changes, positive
from planning.folder.vocabulary import ALL, FUNCTIONS, worst

AN_HOUR, INFLATION = "pounds an hour", "inflation a year"


@dataclass(frozen=True, eq=False)
class Prices:
    """Pounds an hour of work.

    ahead : (function, year, draw); base : (function, draw), of the last recorded year; inflation : (draw) a year.
    """

    ahead: np.ndarray
    base: np.ndarray
    inflation: np.ndarray
    quality: str


def prices_of(rates: pd.DataFrame, years: Sequence[pd.Timestamp], errors: Errors) -> Prices | None:
    """Return prices; None where there is no rate for some function.

    A function's own rate comes before that of all, a force's before the defaults.
    """
    inflation, of_inflation = np.zeros(errors.size), []
    held = _first(rates[rates["measure"] == INFLATION], ALL)
    if held is not None:
        inflation, of_inflation = changes(held, errors)[0], list(held["quality"])
    chosen = [_first(rates[rates["measure"] == AN_HOUR], function) for function in FUNCTIONS]
    if any(row is None for row in chosen):
        return None
    rows = pd.concat([row for row in chosen if row is not None], ignore_index=True)
    then = rows["year"].str[:4].astype(int).to_numpy()
    when = np.array([first.year for first in years])
    passed = when[None, :] - then[:, None]
    rate = positive(rows, errors)
    index = (1 + inflation)[None, None, :] ** passed[:, :, None]
    of_base = (1 + inflation)[None, :] ** (when[0] - 1 - then)[:, None]
    quality = worst([*rows["quality"], *of_inflation])
    return Prices(rate[:, None] * index, rate * of_base, inflation, quality)


def _first(rows: pd.DataFrame, function: str) -> pd.DataFrame | None:
    for of_force in (True, False):
        for name in (function, ALL):
            held = rows[(rows["of_force"].astype(bool) == of_force) & (rows["function"] == name)]
            if len(held):
                return held.iloc[:1]
    return None
