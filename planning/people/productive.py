"""Productive hours: what is left of paid hours after leave, training and abstraction.

Walk in: rows of `time`. Walk out: hours a year of one person, by function and draw.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.work.assumed import Errors, positive, shares


def productive_hours(time: pd.DataFrame, errors: Errors) -> np.ndarray:
    """Return productive hours of one person a year, (function, draw).

    paid x (1 - leave - training) x (1 - abstraction), each summed over its rows; a function's own rows of a kind come
    before those of all.
    """
    found = np.empty((len(FUNCTIONS), errors.size))
    for place, function in enumerate(FUNCTIONS):
        paid, leave, training, abstraction = (
            _of_kind(time, function, kind, errors) for kind in ("paid", "leave", "training", "abstraction")
        )
        found[place] = paid * np.clip(1 - leave - training, 0, 1) * np.clip(1 - abstraction, 0, 1)
    return found


def _of_kind(time: pd.DataFrame, function: str, kind: str, errors: Errors) -> np.ndarray:
    rows = time[time["kind"] == kind]
    for of_force in (True, False):
        for role in (function, ALL):
            held = rows[(rows["of_force"] == of_force) & (rows["role"] == role)]
            if len(held):
                return (positive if kind == "paid" else shares)(held, errors).sum(axis=0)
    return np.zeros(errors.size)
