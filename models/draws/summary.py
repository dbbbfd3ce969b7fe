"""The published tables: means and quantiles of every area, crime type, age group, month, year and scenario.

Walk in: forecasts under one or several scenarios, and shares of age groups. Walk out: the tables of a release. The
work is shared out by major type (`models.draws.major_summary`); sums over crime types are put together here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.draws.figures import TABLES, Figure, FigureMaker, Figures, Kind
from models.draws.kept import DrawSums
from models.draws.major_summary import BlockMaker, summarise_major
from models.draws.rows import Block, assemble, periods_ahead, quantiles_of, quarters_ahead
from models.forecast.crime_sums import CrimeSums
from models.forecast.for_each import ForEach, in_turn
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.years import MONTHS_A_YEAR
from models.people.age_shares import AgeShares

__all__ = ["MONTHS_A_YEAR", "ForecastTables", "forecast_table", "forecast_tables", "quantiles_of"]

DrawsSink = Callable[[str, np.ndarray], None]
SumsSink = Callable[[str, DrawSums], None]


@dataclass(frozen=True, eq=False)
class ForecastTables:
    """The tables that come of one set of draws, all in the form of the design's `forecast` table.

    forecast : all ages; months and years of the first scenario, years of the others. `measure` says what a row counts:
        located offences, unlocated ones, or all recorded, the sum of both in the same draws, for boroughs and above
        (`models.draws.all_recorded`). Only here and in quarters are there rows of the last kind.
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
    for_each: ForEach = in_turn,
    keep_draws: DrawsSink | None = None,
    progress: Callable[[], None] = lambda: None,
) -> pd.DataFrame:
    """Return the `forecast` table (design, section 4) of all ages: one row an area, crime type and month or year.

    See `forecast_tables`.
    """
    return forecast_tables(
        [forecast],
        areas,
        sums=sums,
        draws=draws,
        seed=seed,
        for_each=for_each,
        keep_draws=keep_draws,
        progress=progress,
    ).forecast


def forecast_tables(
    forecasts: Sequence[Forecast],
    areas: pd.DataFrame,
    *,
    ages: Mapping[str, AgeShares] | None = None,
    sums: CrimeSums | None = None,
    draws: int = 400,
    seed: int = 1,
    for_each: ForEach = in_turn,
    keep_draws: DrawsSink | None = None,
    keep_sums: SumsSink | None = None,
    progress: Callable[[], None] = lambda: None,
) -> ForecastTables:
    """Return the tables of one origin's forecasts, the first of which other scenarios are held against.

    Years are blocks of twelve months from the first forecast month; months past the last whole year have no year.
    `ages`: shares by the name of the scenario. `sums`: further sums of crime types to tell, see
    `models.forecast.crime_sums`. `keep_draws(crime_type, draws)` receives the first scenario's draws by (ward, month,
    draw), in no set order, and `keep_sums(crime_type, sums)` what planning needs of them; `progress()` is called once a
    crime type. `for_each` does the work of each major type. The result does not depend on it, and the first scenario's
    figures neither on other scenarios nor on ages.
    """
    first = forecasts[0]
    maker = FigureMaker(forecasts, ages or {}, AreaTree.of(areas), draws=draws, seed=seed)
    every = {("all", "all"): frozenset(first.mean["crime_type"].to_numpy()), **(sums or {})}
    summariser = BlockMaker(maker, every, keep_draws is not None, keep_sums is not None)
    # Largest first, so that no worker ends with a long one alone.
    majors = [str(major) for major in pd.Series(first.mean["major_type"].to_numpy()).value_counts().index]
    blocks: dict[str, list[tuple[str, Block]]] = {}
    over_types = {name: _SumOverTypes(majors) for name in every}
    for major, summary in for_each(summarise_major, summariser, majors):
        blocks[major] = summary.blocks
        for name, part in summary.parts.items():
            over_types[name].add(major, part)
        for minor, drawn in summary.drawn.items():
            assert keep_draws is not None
            keep_draws(minor, drawn)
        for minor, part_sums in summary.sums.items():
            assert keep_sums is not None
            keep_sums(minor, part_sums)
        for _ in summariser.minors_of(major):
            progress()
    rows = [block for major in majors for block in blocks[major]]
    for name in every:
        rows += summariser.blocks(*name, over_types.pop(name).figures())
    ahead = dict.fromkeys(TABLES, periods_ahead(first.months)) | {"quarters": quarters_ahead(first.months)}
    return ForecastTables(
        *(
            assemble(first.origin, summariser.places, periods, [block for table, block in rows if table == name])
            for name, periods in ahead.items()
        )
    )


class _SumOverTypes:
    """A sum of crime types, to which major types are added as they are done.

    Whole draws may be added in any order; means, being fractions, are kept and added in the order of `majors`.
    """

    def __init__(self, majors: Sequence[str]) -> None:
        self.majors = majors
        self._draws = Figures()
        self._means: dict[str, dict[Kind, np.ndarray]] = {}

    def add(self, major: str, part: Figures) -> None:
        draws = {kind: Figure(figure.draws, np.zeros(0)) for kind, figure in part.by_kind.items()}
        self._draws.add(Figures(draws, part.told))
        self._means[major] = {kind: figure.mean for kind, figure in part.by_kind.items()}

    def figures(self) -> Figures:
        means: dict[Kind, np.ndarray] = defaultdict(lambda: np.zeros(()))
        for major in (major for major in self.majors if major in self._means):
            for kind, mean in self._means[major].items():
                means[kind] = means[kind] + mean
        draws = self._draws.by_kind
        total = Figures({kind: Figure(draws.pop(kind).draws, mean) for kind, mean in means.items()}, self._draws.told)
        total.fold()
        return total
