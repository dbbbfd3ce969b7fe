"""Corrected shares: three speeds, then ward shares corrected by a regression that learns from past years.

Walks in: a panel as known at the origin. Walks out: factors. One regression for all wards and crime types learns by
what factor a ward's offences came to differ from its share of the borough. Boroughs and the force are left alone.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from features.area_counts import borough_of_ward, counts_of, sum_groups
from features.history import YEAR
from features.panel import Panel
from features.rolling_origin import RollingOrigin
from features.share_features import ShareFeatures, Shares
from models.recipes.parameters import parameter
from models.recipes.shares import split
from models.recipes.three_speed import Memory, ThreeSpeed

FIRST_YEAR = 36  # months of history before the first year learnt from
SPACING = 6  # months between the years learnt from


@dataclass(frozen=True)
class Lessons:
    """What past years teach: a row a ward, crime type and year.

    table : (row, feature), as `ShareFeatures` names them. ratio : offences recorded over those that the share gave, had
    the borough been known. weight : of each row.
    """

    table: np.ndarray
    ratio: np.ndarray
    weight: np.ndarray


@dataclass(kw_only=True, eq=False, repr=False)
class CorrectedShares(ThreeSpeed):
    """Three speeds, with ward shares corrected by a regression."""

    fewest_expected: float = parameter(0.3, "offences in a year, below which a ward and type teaches nothing")
    dispersion: float = parameter(0.05, "relative variance that limits the weight of large counts")

    @abstractmethod
    def learn(self, lessons: Lessons) -> Any:
        """Return a regressor, fitted, whose `predict` takes tables as in the lessons and gives positive ratios."""

    @property
    def judged_by(self) -> ThreeSpeed:
        """Three speeds, whose errors are as large within half a per cent."""
        return ThreeSpeed(**{one.name: getattr(self, one.name) for one in fields(ThreeSpeed)})

    def ward_share(self, known: Panel, memory: Memory) -> tuple[np.ndarray, np.ndarray]:
        """Return ward shares of boroughs, (ward, crime type), and their season, (ward, crime type, calendar month)."""
        share, season = super().ward_share(known, memory)
        regressor = self.learnt(known, memory)
        if regressor is None:
            return share, season
        now = Shares(known, share, season)
        factor = np.asarray(regressor.predict(ShareFeatures().fit_transform(now))).reshape(share.shape)
        return share * factor, season

    def learnt(self, known: Panel, memory: Memory) -> Any | None:
        """Return the regressor that past years teach; None where there are none, or nothing came in them."""
        splitter = RollingOrigin(YEAR, SPACING, shortest=FIRST_YEAR, breaks=known.breaks)
        starts = [len(seen) for seen, _ in splitter.split(known.months)]
        lessons = self.lessons(known, reversed(starts), memory)
        return None if lessons is None or not lessons.ratio.any() else self.learn(lessons)

    def lessons(self, known: Panel, starts: Iterable[int], memory: Memory) -> Lessons | None:
        """Return what the years that begin at these months teach, in their order; None where there are none."""
        years = [self._past_year(known, start, memory) for start in starts]
        if not years:
            return None
        table, came, expected = (np.concatenate(parts) for parts in zip(*years, strict=True))
        teaches = expected > self.fewest_expected
        table, came, expected = table[teaches], came[teaches], expected[teaches]
        return Lessons(table, came / expected, expected / (1 + self.dispersion * expected))

    def _past_year(self, known: Panel, start: int, memory: Memory) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return features, offences that came and offences that shares gave, had the borough been known."""
        then = known.as_known_at(known.months[start - 1])
        borough = borough_of_ward(known.areas)
        share, season = super().ward_share(then, memory)
        came = counts_of(known)[:, :, start : start + YEAR]
        shares = split(share, season, borough)[:, :, np.arange(start, start + YEAR) % YEAR]
        expected = shares * sum_groups(came, borough)[borough]
        table = ShareFeatures().fit_transform(Shares(then, share, season))
        return table, came.sum(axis=2).ravel(), expected.sum(axis=2).ravel()


@dataclass(kw_only=True, eq=False, repr=False)
class CorrectedByTrees(CorrectedShares):
    """Three speeds, with ward shares corrected by boosted trees, of whichever library."""

    trees: int = parameter(120, "trees, one after another", 1)
    learning_rate: float = parameter(0.06, "part of what a tree finds that is taken up", 0, 1, above=True)
    leaves: int = parameter(15, "leaves of a tree, at most", 2)
    fewest_in_leaf: int = parameter(2000, "wards and types of past years in a leaf, at least", 1)
    ridge: float = parameter(50.0, "pull of leaves towards no correction")
