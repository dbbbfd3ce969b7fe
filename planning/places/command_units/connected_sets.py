"""Every connected set of areas whose weight lies within limits: what can be a command.

Walks in: neighbours, weights, limits. Walks out: sets of areas, each the bits of an integer, each once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

MOST_SETS = 250_000  # more take minutes to weigh, and no force of some dozens of areas needs them


class TooManySetsError(Exception):
    """More sets than can be weighed in reasonable time."""


def connected_sets(
    neighbours: Sequence[int], weights: np.ndarray, low: np.ndarray, high: np.ndarray, most: int = MOST_SETS
) -> list[int]:
    """Return every connected set whose weights lie within limits.

    neighbours : the neighbours of each area. weights : (measure, area), none negative. low, high : (measure,), both
    included.

    Each set is grown from its first area, and an area that was passed over is not met again, so each is found once
    (Wernicke 2006, "Efficient detection of network motifs").

    Raises
    ------
    TooManySetsError
        If more than `most` sets, heavy enough or not, are light enough.
    """
    found = []
    for tried, (group, total) in enumerate(_light_enough(neighbours, weights.T.tolist(), high.tolist()), start=1):
        if tried > most:
            raise TooManySetsError(f"more than {most:,} connected sets")
        if all(mine >= least for mine, least in zip(total, low, strict=True)):
            found.append(group)
    return found


def _light_enough(
    neighbours: Sequence[int], weights: list[list[float]], high: list[float]
) -> Iterator[tuple[int, list[float]]]:
    """Yield the connected sets that are not too heavy, with their weights."""
    passed = 0
    for start in range(len(neighbours)):
        passed |= 1 << start
        if not _fits(weights[start], high):
            continue
        # What is still to be grown: a set, its weights, areas that may join it, areas that may not.
        unfinished = [(1 << start, weights[start], neighbours[start] & ~passed, passed)]
        while unfinished:
            group, total, may_join, barred = unfinished.pop()
            yield group, total
            while may_join:
                joining = may_join & -may_join
                may_join ^= joining
                barred |= joining
                place = joining.bit_length() - 1
                grown = [mine + more for mine, more in zip(total, weights[place], strict=True)]
                if _fits(grown, high):
                    unfinished.append(
                        (group | joining, grown, may_join | (neighbours[place] & ~barred & ~group), barred)
                    )


def _fits(total: list[float], high: list[float]) -> bool:
    return all(mine <= most for mine, most in zip(total, high, strict=True))
