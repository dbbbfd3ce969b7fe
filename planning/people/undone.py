"""What goes undone when people are short: work left in a stated order of priority, and what it comes to.

    hours that cannot be done = hours x (1 - officers there / officers needed), where fewer are there than needed

Work is left from the end of the order: all of one crime type before any of the next. By default the order is by harm,
the least first.

Walk in: hours by crime type, people needed and there, and the order. Walk out: hours and cases left by crime type.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def hours_short(hours: np.ndarray, needed: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return hours that cannot be done, (year, draw), from officers needed, (year, draw), and there, (year)."""
    covered = np.divide(there[:, None], needed, out=np.ones_like(needed), where=needed > 0)
    return hours * np.clip(1 - covered, 0, 1)


def left_undone(hours: np.ndarray, short: np.ndarray, order: Sequence[int]) -> np.ndarray:
    """Return hours left of each crime type, (crime type, year, draw), which sum to those that are short.

    hours : (crime type, year, draw). order : places of crime types, what is left first standing first. Never more is
    left of a type than there is of it.
    """
    ordered = hours[list(order)]
    before = np.cumsum(ordered, axis=0) - ordered
    left = np.empty_like(hours)
    left[list(order)] = np.clip(short - before, 0, ordered)
    return left


def cases_left(left: np.ndarray, of_a_case: np.ndarray) -> np.ndarray:
    """Return cases that the hours left are of, from hours of a case; none where a case takes no hours."""
    of_a_case = np.broadcast_to(of_a_case, left.shape)
    return np.divide(left, of_a_case, out=np.zeros_like(left), where=of_a_case > 0)


def open_cases(cases: np.ndarray, months_open: np.ndarray) -> np.ndarray:
    """Return cases open at any time, from cases a year and months that each stays open (Little 1961)."""
    return cases * months_open / 12
