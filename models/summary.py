"""The published tables: means and quantiles of every area, crime type, age group, month, year and scenario.

Walk in: forecasts under one or several scenarios, and shares of age groups. Walk out: the tables of a release. Draws
are made one crime type at a time, split, summed up both trees and forgotten once summarised, so the cube is never held
whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.ages import AgeShares
from models.crime_sums import CrimeSums
from models.figures import TABLES, Figure, FigureMaker, Figures, Key, add, fold, groups_told, told_by_all
from models.forecast import Forecast
from models.hierarchy import AreaTree
from models.summary_rows import (
    QUANTILES,
    Block,
    Labels,
    assemble,
    periods_ahead,
    quantiles_of,
    quarters_ahead,
)
from models.years import MONTHS_A_YEAR, sum_quarters, whole_quarters

__all__ = ["MONTHS_A_YEAR", "QUANTILES", "ForecastTables", "forecast_table", "forecast_tables", "quantiles_of"]

DrawsSink = Callable[[str, np.ndarray], None]


class _Part(NamedTuple):
    """What a major type adds to a sum of crime types: the means and the age groups told of its members."""

    means: dict[Key, np.ndarray]
    told: dict[str, set[str]]


class _Major(NamedTuple):
    """What is left of a major type: its rows, and its parts of sums over crime types."""

    blocks: list[tuple[str, Block]]
    parts: dict[tuple[str, str], _Part]


@dataclass(frozen=True, eq=False)
class ForecastTables:
    """The tables that come of one set of draws, all in the form of the design's `forecast` table.

    forecast : all ages; months and years of the first scenario, years of the others.
    by_age : one row an age group and basis: of the first scenario wards by year, boroughs and above and offences with
        no known ward by month and year; of other scenarios the latter by year. Groups, "not known or not applicable"
        included, add up to the row of all ages. Types whose ages are not known in a basis have no rows in it; in what
        they add up to they are not known, as are groups that not all of its other parts tell.
    differences : a scenario's years less the first scenario's; mean and quantiles may be below zero.
    quarters : the first scenario's first blocks of three months, up to four, of boroughs and above and of offences with
        no known ward; `period` is `quarter`.
    """

    forecast: pd.DataFrame
    by_age: pd.DataFrame
    differences: pd.DataFrame
    quarters: pd.DataFrame


def forecast_table(
    forecast: Forecast,
    areas: pd.DataFrame,
    *,
    sums: CrimeSums | None = None,
    draws: int = 400,
    seed: int = 1,
    workers: int = 2,
    keep_draws: DrawsSink | None = None,
    progress: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Return the `forecast` table (design, section 4) of all ages: one row an area, crime type and month or year.

    See `forecast_tables`.
    """
    return forecast_tables(
        [forecast], areas, sums=sums, draws=draws, seed=seed, workers=workers, keep_draws=keep_draws, progress=progress
    ).forecast


def forecast_tables(
    forecasts: Sequence[Forecast],
    areas: pd.DataFrame,
    *,
    ages: Mapping[str, AgeShares] | None = None,
    sums: CrimeSums | None = None,
    draws: int = 400,
    seed: int = 1,
    workers: int = 2,
    keep_draws: DrawsSink | None = None,
    progress: Callable[[], None] = lambda: None,
) -> ForecastTables:
    """Return the tables of one origin's forecasts, the first of which other scenarios are held against.

    Years are blocks of twelve months from the first forecast month; months past the last whole year have no year.
    `ages`: shares by the name of the scenario. `sums`: further sums of crime types to tell, see `models.crime_sums`.
    `keep_draws(crime_type, draws)` receives the first scenario's draws by
    (ward, month, draw) before they are summed; `progress()` is called once a crime type. The result does not depend on
    `workers`, and the first scenario's figures neither on other scenarios nor on ages.
    """
    maker = FigureMaker(forecasts, ages or {}, AreaTree.of(areas), draws=draws, seed=seed)
    summary = _Summary(maker, sums or {}, keep_draws, progress)
    major_of_minor = pd.Series(forecasts[0].mean["major_type"].to_numpy())
    with ThreadPoolExecutor(workers) as pool:
        # Largest first, so that no worker ends with a long one alone.
        majors = list(pool.map(summary.of_major, major_of_minor.value_counts().index))
    return summary.tables(majors)


class _Summary:
    """Blocks of the tables, gathered from one major type after another, by whichever thread."""

    def __init__(
        self, maker: FigureMaker, sums: CrimeSums, keep_draws: DrawsSink | None, progress: Callable[[], None]
    ) -> None:
        self.maker, self.keep_draws, self.progress = maker, keep_draws, progress
        self.tree, self.first = maker.tree, maker.first
        self.minors = self.first.mean["crime_type"].to_numpy()
        self.places = self.tree.places(self.first.unlocated["area"].to_numpy())
        self.months = len(self.first.months)
        self.sums = {("all", "all"): frozenset(self.minors), **sums}
        self._over_types: dict[tuple[str, str], Figures] = {name: {} for name in self.sums}
        self._adding = Lock()

    def of_major(self, major: str) -> _Major:
        """Draw the minor types of a major; return their rows, its own, and its parts of sums over crime types."""
        of_major = frozenset(self.minors[self.first.mean["major_type"].to_numpy() == major])
        # The major itself, and those sums that have some but not all of its types.
        chosen = {("major", major): of_major}
        chosen |= {name: types for name, types in self.sums.items() if set() != types & of_major != of_major}
        totals: dict[tuple[str, str], Figures] = {name: {} for name in chosen}
        told: dict[tuple[str, str], list[dict[str, set[str]]]] = {name: [] for name in chosen}
        blocks: list[tuple[str, Block]] = []
        for minor in (minor for minor in self.minors if minor in of_major):
            figures = self._of_minor(minor)
            blocks += self._blocks("minor", minor, figures)
            for name in (name for name, types in chosen.items() if minor in types):
                told[name].append(groups_told(figures))
                add(totals[name], figures)
            self.progress()
        common = {name: told_by_all(parts) for name, parts in told.items()}
        for name, total in totals.items():
            fold(total, common[name])
        blocks += self._blocks("major", major, totals["major", major])
        parts = {}
        for name in (name for name, types in self.sums.items() if types & of_major):
            part = name if name in totals else ("major", major)
            parts[name] = _Part({key: figure.mean for key, figure in totals[part].items()}, common[part])
            with self._adding:
                # Whole draws may be added in any order, means, being fractions, only in one: `tables`.
                draws = {key: Figure(figure.draws, np.zeros(0)) for key, figure in totals[part].items()}
                add(self._over_types[name], draws)
        return _Major(blocks, parts)

    def tables(self, majors: Sequence[_Major]) -> ForecastTables:
        """Return the tables, once every major type is done."""
        blocks = [block for major in majors for block in major.blocks]
        for name in self.sums:
            parts = [major.parts[name] for major in majors if name in major.parts]
            means: dict[Key, np.ndarray] = {}
            for part in parts:
                means |= {key: means.get(key, 0.0) + mean for key, mean in part.means.items()}
            figures = {key: Figure(self._over_types[name].pop(key).draws, mean) for key, mean in means.items()}
            fold(figures, told_by_all(part.told for part in parts))
            blocks += self._blocks(*name, figures)
        ahead = dict.fromkeys(TABLES, periods_ahead(self.first.months))
        ahead |= {"quarters": quarters_ahead(self.first.months)}
        return ForecastTables(
            *(
                assemble(self.first.origin, self.places, periods, [block for table, block in blocks if table == name])
                for name, periods in ahead.items()
            )
        )

    def _of_minor(self, minor: str) -> Figures:
        drawn = self.maker.draw(minor)
        if self.keep_draws is not None:
            self.keep_draws(minor, drawn.counts[: self.tree.wards])
        return self.maker.of(minor, drawn)

    def _blocks(self, crime_level: str, crime_type: str, figures: Figures) -> list[tuple[str, Block]]:
        told = groups_told(figures)
        blocks = [
            (
                key.table,
                Block(
                    Labels(key.scenario, crime_level, crime_type, key.age_group, key.age_basis),
                    key.detail.areas(self.tree, len(self.places)),
                    key.detail.periods(self.months),
                    key.detail.spread(self.tree, figure.mean, self.months),
                    quantiles_of(key.detail.spread(self.tree, figure.draws, self.months)),
                ),
            )
            for key, figure in figures.items()
            if key.age_basis in told
        ]
        labels = Labels(self.first.scenario, crime_level, crime_type)
        return [*blocks, ("quarters", self._quarters(labels, figures[self.maker.whole]))]

    def _quarters(self, labels: Labels, figure: Figure) -> Block:
        wards = self.tree.wards
        mean, drawn = (
            np.concatenate([self.tree.sum_up(part[:wards])[wards:], part[wards:]])
            for part in (sum_quarters(figure.mean), sum_quarters(figure.draws))
        )
        above, quarters = range(wards, len(self.places)), range(whole_quarters(self.months))
        return Block(labels, above, quarters, mean, quantiles_of(drawn))
