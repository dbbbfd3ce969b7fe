"""What one major type brings to the published tables: the unit of work that engines share out.

Walk in: a maker of figures and the sums of crime types to tell. Walk out: the rows of a major type and of its minor
types, and its parts of sums over crime types. Draws are made one minor type at a time and forgotten once summarised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.draws.all_recorded import AllRecorded
from models.draws.figures import Figure, FigureMaker, Figures, Kind
from models.draws.kept import DrawSums, sums_kept
from models.draws.rows import Block, quantiles_of
from models.forecast.crime_sums import CrimeSums
from models.forecast.years import sum_quarters, whole_quarters


class MajorSummary(NamedTuple):
    """What is left of a major type: its rows by table, its parts of sums, and of its minor types' draws what is wanted:
    all of wards by month, or the sums that planning needs."""

    blocks: list[tuple[str, Block]]
    parts: dict[tuple[str, str], Figures]
    drawn: dict[str, np.ndarray]
    sums: dict[str, DrawSums]


@dataclass(frozen=True, eq=False)
class BlockMaker:
    """Makes the blocks of major types, the same in whatever order, thread or process it is asked."""

    maker: FigureMaker
    sums: CrimeSums
    keep_draws: bool
    keep_sums: bool = False

    @cached_property
    def places(self) -> pd.DataFrame:
        """Every area told, those of offences with no known ward below the others."""
        return self.maker.tree.places(self.maker.first.unlocated["area"].to_numpy())

    @cached_property
    def all_recorded(self) -> AllRecorded:
        """Sums of located and unlocated offences."""
        return AllRecorded(self.maker.tree, self.maker.first.unlocated["area"].to_numpy())

    def minors_of(self, major: str) -> list[str]:
        """Return the minor types of a major."""
        mean = self.maker.first.mean
        return [str(minor) for minor in mean["crime_type"].to_numpy()[mean["major_type"].to_numpy() == major]]

    def of(self, major: str) -> MajorSummary:
        """Draw the minor types of a major; return their rows, its own, and its parts of sums over crime types."""
        minors = self.minors_of(major)
        of_major = frozenset(minors)
        members = {name: types & of_major for name, types in self.sums.items() if types & of_major}
        # Several sums may have the same of its types, which are added up once.
        totals = {chosen: Figures() for chosen in {of_major, *members.values()}}
        blocks: list[tuple[str, Block]] = []
        kept: dict[str, np.ndarray] = {}
        kept_sums: dict[str, DrawSums] = {}
        for minor in minors:
            drawn = self.maker.draw(minor)
            if self.keep_draws:
                kept[minor] = drawn.counts[: self.maker.tree.wards]
            if self.keep_sums:
                kept_sums[minor] = sums_kept(drawn, self.maker.tree)
            figures = self.maker.of(minor, drawn)
            blocks += self.blocks("minor", minor, figures)
            for chosen in (chosen for chosen in totals if minor in chosen):
                totals[chosen].add(figures)
            del drawn, figures  # before the next are made: each is large
        for total in totals.values():
            total.fold()
        blocks += self.blocks("major", major, totals[of_major])
        parts = {name: totals[chosen] for name, chosen in members.items()}
        return MajorSummary(blocks, parts, kept, kept_sums)

    def blocks(self, crime_level: str, crime_type: str, figures: Figures) -> list[tuple[str, Block]]:
        """Return the rows of figures, by table."""
        of_type = (crime_level, crime_type)
        told = figures.groups_apart()
        of_kinds = [
            (kind.table, self._of_kind(of_type, kind, figure))
            for kind, figure in figures.by_kind.items()
            if kind.age_basis in told
        ]
        of_all_recorded = [
            (kind.table, self._all_recorded(of_type, kind, figure))
            for kind, figure in figures.by_kind.items()
            if kind.table == "forecast"
        ]
        quarters = self._quarters(of_type, figures.by_kind[self.maker.whole])
        return [*of_kinds, *of_all_recorded, *(("quarters", block) for block in quarters)]

    def _of_kind(self, of_type: tuple[str, str], kind: Kind, figure: Figure) -> Block:
        tree, months = self.maker.tree, len(self.maker.first.months)
        return Block(
            kind.scenario,
            *of_type,
            kind.areas(tree, len(self.places)),
            kind.periods(months),
            kind.spread(tree, figure.mean, months),
            quantiles_of(kind.spread(tree, figure.draws, months)),
            kind.age_group,
            kind.age_basis,
        )

    def _all_recorded(self, of_type: tuple[str, str], kind: Kind, figure: Figure) -> Block:
        months, sums = len(self.maker.first.months), self.all_recorded.sums
        mean, drawn = (kind.beside(sums(part), months) for part in (figure.mean, figure.draws))
        return Block(
            kind.scenario,
            *of_type,
            self.all_recorded.areas,
            kind.periods(months),
            mean,
            quantiles_of(drawn),
            all_recorded=True,
        )

    def _quarters(self, of_type: tuple[str, str], figure: Figure) -> list[Block]:
        tree, first = self.maker.tree, self.maker.first
        by_place = sum_quarters(figure.mean), sum_quarters(figure.draws)
        mean, drawn = (
            np.concatenate([tree.sum_up(part[: tree.wards])[tree.wards :], part[tree.wards :]]) for part in by_place
        )
        above, quarters = range(tree.wards, len(self.places)), range(whole_quarters(len(first.months)))
        mean_of_all, drawn_of_all = (self.all_recorded.sums(part) for part in by_place)
        of_all = self.all_recorded.areas
        return [
            Block(first.scenario, *of_type, above, quarters, mean, quantiles_of(drawn)),
            Block(
                first.scenario, *of_type, of_all, quarters, mean_of_all, quantiles_of(drawn_of_all), all_recorded=True
            ),
        ]


def summarise_major(summariser: BlockMaker, major: str) -> MajorSummary:
    """Return the summary of a major type: `BlockMaker.of` as work for an engine."""
    return summariser.of(major)
