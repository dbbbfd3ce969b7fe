"""Rolling origins: the past as a row of splits into what was known and what came next, passing over disruptions.

Walks in: months of history, and the breaks of recording. Walk out: positions of the months seen and of the months
ahead, for each origin; the contract is that of scikit-learn's splitters (`sklearn.model_selection.TimeSeriesSplit`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.breaks import months_of
from features.history import YEAR


@dataclass(frozen=True)
class RollingOrigin:
    """Splits of a history at past origins, oldest first, each into the months seen and the months ahead of them.

    horizon : months ahead that a split holds, after the first `gap` ones.
    spacing : months from one origin to the next; the newest is the last that leaves a whole split.
    shortest : months that must have been seen.
    n_splits : at most so many, the newest; None for all there are.
    ages : how many months ago the origins were, in place of every `spacing` months.
    whole : whether the newest splits, whose months ahead have not all come, are left out; else they are cut short, and
        the newest origin is `spacing` months ago.
    breaks : table of breaks as in `features.breaks`; what a disruption covers is no lesson. None: all months count.
    quiet_before : the last so many months seen must not be disrupted.
    keep_part : of the months ahead those of a disruption are left out, rather than the split; a split without any goes.

    Without breaks and ages it splits as `TimeSeriesSplit` does with the same number of splits, test size and gap.
    """

    horizon: int = YEAR
    spacing: int = YEAR
    shortest: int = 2 * YEAR
    n_splits: int | None = None
    gap: int = 0
    ages: Sequence[int] | None = None
    whole: bool = True
    breaks: pd.DataFrame | None = None
    quiet_before: int = 0
    keep_part: bool = False

    def split(
        self,
        X: pd.DatetimeIndex | np.ndarray,  # noqa: N803, scikit-learn's name
        y: object = None,
        groups: object = None,
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield positions of the months seen and of the months ahead, (month) int, oldest origin first.

        X : the months of the history, or, without breaks, anything of that length. y, groups : not read.
        """
        months = len(X)
        disrupted = np.zeros(months, dtype=bool)
        if self.breaks is not None:
            disrupted = months_of(self.breaks, "disruption", pd.DatetimeIndex(X)).to_numpy()
        splits = []
        for seen in self._lengths(months):
            ahead = np.arange(seen + self.gap, min(seen + self.gap + self.horizon, months))
            usual = ahead[~disrupted[ahead]]
            if disrupted[seen - self.quiet_before : seen].any() or len(usual) == 0:
                continue
            if self.keep_part or len(usual) == len(ahead):
                splits.append((np.arange(seen), usual))
        yield from reversed(splits if self.n_splits is None else splits[: self.n_splits])

    def get_n_splits(
        self,
        X: pd.DatetimeIndex | np.ndarray,  # noqa: N803, scikit-learn's name
        y: object = None,
        groups: object = None,
    ) -> int:
        """Return the number of splits of these months."""
        return sum(1 for _ in self.split(X, y, groups))

    def _lengths(self, months: int) -> list[int]:
        """Return how many months were seen at each origin, newest first."""
        if self.ages is not None:
            lengths = [months - age for age in sorted(self.ages)]
        else:
            newest = months - (self.gap + self.horizon if self.whole else self.spacing)
            lengths = list(range(newest, 0, -self.spacing))
        longest = months - self.gap - (self.horizon if self.whole else 1)
        return [seen for seen in lengths if max(self.shortest, 1) <= seen <= longest]
