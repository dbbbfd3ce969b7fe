"""Every option within a ratio, listed: the best on paper need not be the best to choose.

Walks in: a `CommandQuestion`, a number, a ratio. Walks out: all options of that ratio or less, best first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.command_sets import Columns, possible_commands
from planning.places.command_units.connected_sets import TooManySetsError
from planning.places.command_units.partition import ratio_of

MOST_OPTIONS = 2_000
MOST_STEPS = 300_000
MOST_COLUMNS = 5_000  # each is held against each


@dataclass(frozen=True)
class NearOptima:
    """Options, each a tuple of sets, best first, with their ratios; whether they are all that there are."""

    options: tuple[tuple[int, ...], ...]
    ratios: tuple[float, ...]
    complete: bool


def options_within(question: CommandQuestion, count: int, ratio: float, *, most: int = MOST_OPTIONS) -> NearOptima:
    """Return the options of `count` commands whose ratio is at most `ratio`; the first `most` met if there are more.

    Raises
    ------
    TooManySetsError
        As `planning.places.command_units.command_sets.possible_commands`, or if those are too many to be combined.
    """
    columns = possible_commands(question, count, ratio)
    if len(columns.groups) > MOST_COLUMNS:
        raise TooManySetsError(f"more than {MOST_COLUMNS:,} possible commands")
    found: list[tuple[int, ...]] = []
    complete = True
    for chosen in _covers(columns, count, ratio):
        if chosen is None or len(found) == most:
            complete = False
            break
        found.append(chosen)
    ratios = [ratio_of(columns.weights[:, list(chosen)]) for chosen in found]
    order = np.argsort(ratios, kind="stable")
    return NearOptima(
        tuple(tuple(columns.groups[at] for at in found[place]) for place in order),
        tuple(ratios[place] for place in order),
        complete,
    )


def _covers(columns: Columns, count: int, ratio: float) -> Iterator[tuple[int, ...] | None]:
    """Yield choices of columns that cover every area once within the ratio; None when too many steps were taken.

    Depth first, always at the area that the fewest columns still fit (Knuth 2000, "Dancing links").
    """
    areas = columns.members.shape[1]
    weights = columns.weights.T  # (set, measure)
    groups = np.array(columns.groups, dtype=object)
    disjoint = columns.members @ columns.members.T == 0
    everything = (1 << areas) - 1
    steps = 0
    unfinished: list[tuple[tuple[int, ...], int, np.ndarray]] = [((), 0, np.ones(len(groups), dtype=bool))]
    while unfinished:
        chosen, covered, fits = unfinished.pop()
        if len(chosen) == count:
            if covered == everything:
                yield chosen
            continue
        steps += 1
        if steps > MOST_STEPS:
            yield None
        holds = columns.members[fits].sum(axis=0)
        holds[[bool(covered >> at & 1) for at in range(areas)]] = np.inf
        if not np.isfinite(holds).any() or holds.min() == 0:
            continue
        area = int(np.argmin(holds))
        for column in np.flatnonzero(fits & (columns.members[:, area] > 0)):
            taken = (*chosen, int(column))
            window = _window(weights[list(taken)], count, ratio)
            if window is None:
                continue
            low, high = window
            still = fits & disjoint[column] & (weights >= low).all(axis=1) & (weights <= high).all(axis=1)
            unfinished.append((taken, covered | groups[column], still))


def _window(taken: np.ndarray, count: int, ratio: float) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the weights that further commands may have, (measure,), the mean being one; None if none can follow."""
    slack = 1e-9
    low = taken.max(axis=0) / ratio - slack
    high = taken.min(axis=0) * ratio + slack
    left, rest = count - len(taken), count - taken.sum(axis=0)
    if (taken.max(axis=0) > taken.min(axis=0) * ratio + slack).any():
        return None
    if (rest < left * low - slack).any() or (rest > left * high + slack).any():
        return None
    return low, high
