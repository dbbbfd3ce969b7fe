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
from models.figures import TABLES, Figure, FigureMaker, Figures, Key, add, fold, groups_told, told_by_all
from models.forecast import Forecast
from models.hierarchy import AreaTree
from models.summary_rows import QUANTILES, Block, Labels, assemble, periods_ahead, quantiles_of
from models.years import MONTHS_A_YEAR

__all__ = ["MONTHS_A_YEAR", "QUANTILES", "ForecastTables", "forecast_table", "forecast_tables", "quantiles_of"]

DrawsSink = Callable[[str, np.ndarray], None]


class _Major(NamedTuple):
    """What is left of a major type: its rows, and the means and the age groups told of its total."""

    blocks: list[tuple[str, Block]]
    means: dict[Key, np.ndarray]
    told: dict[str, set[str]]


@dataclass(frozen=True, eq=False)
class ForecastTables:
    """The tables that come of one set of draws, all in the form of the design's `forecast` table.

    forecast : all ages; months and years of the first scenario, years of the others.
    by_age : one row an age group and basis: of the first scenario wards by year, boroughs and above and offences with
        no known ward by month and year; of other scenarios the latter by year. Groups, "not known or not applicable"
        included, add up to the row of all ages. Types whose ages are not known in a basis have no rows in it; in what
        they add up to they are not known, as are groups that not all of its other parts tell.
    differences : a scenario's years less the first scenario's; mean and quantiles may be below zero.
    """

    forecast: pd.DataFrame
    by_age: pd.DataFrame
    differences: pd.DataFrame


def forecast_table(
    forecast: Forecast,
    areas: pd.DataFrame,
    *,
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
        [forecast], areas, draws=draws, seed=seed, workers=workers, keep_draws=keep_draws, progress=progress
    ).forecast


def forecast_tables(
    forecasts: Sequence[Forecast],
    areas: pd.DataFrame,
    *,
    ages: Mapping[str, AgeShares] | None = None,
    draws: int = 400,
    seed: int = 1,
    workers: int = 2,
    keep_draws: DrawsSink | None = None,
    progress: Callable[[], None] = lambda: None,
) -> ForecastTables:
    """Return the tables of one origin's forecasts, the first of which other scenarios are held against.

    Years are blocks of twelve months from the first forecast month; months past the last whole year have no year.
    `ages`: shares by the name of the scenario. `keep_draws(crime_type, draws)` receives the first scenario's draws by
    (ward, month, draw) before they are summed; `progress()` is called once a crime type. The result does not depend on
    `workers`, and the first scenario's figures neither on other scenarios nor on ages.
    """
    tree, first = AreaTree.of(areas), forecasts[0]
    ages = ages or {}
    maker = FigureMaker(forecasts, ages, tree, draws=draws, seed=seed)
    minors = first.mean["crime_type"].to_numpy()
    major_of_minor = first.mean["major_type"].to_numpy()
    places, periods = tree.places(first.unlocated["area"].to_numpy()), periods_ahead(first.months)
    months = len(first.months)
    every: Figures = {}
    adding = Lock()

    def summarise(crime_level: str, crime_type: str, figures: Figures) -> list[tuple[str, Block]]:
        told = groups_told(figures)
        return [
            (
                key.table,
                Block(
                    Labels(key.scenario, crime_level, crime_type, key.age_group, key.age_basis),
                    key.detail.areas(tree, len(places)),
                    key.detail.periods(months),
                    key.detail.spread(tree, figure.mean, months),
                    quantiles_of(key.detail.spread(tree, figure.draws, months)),
                ),
            )
            for key, figure in figures.items()
            if key.age_basis in told
        ]

    def one_major(major: str) -> _Major:
        blocks: list[tuple[str, Block]] = []
        total: Figures = {}
        told = []
        for minor in minors[major_of_minor == major]:
            drawn = maker.draw(minor)
            if keep_draws is not None:
                keep_draws(minor, drawn.counts[: tree.wards])
            figures = maker.of(minor, drawn)
            blocks += summarise("minor", minor, figures)
            told.append(groups_told(figures))
            add(total, figures)
            progress()
        common = told_by_all(told)
        fold(total, common)
        blocks += summarise("major", major, total)
        with adding:
            # Whole draws may be added in any order, means, being fractions, only in one: below.
            add(every, {key: Figure(figure.draws, np.zeros(0)) for key, figure in total.items()})
        return _Major(blocks, {key: figure.mean for key, figure in total.items()}, common)

    with ThreadPoolExecutor(workers) as pool:
        # Largest first, so that no worker ends with a long one alone.
        done = list(pool.map(one_major, pd.Series(major_of_minor).value_counts().index))
    blocks = [block for major in done for block in major.blocks]
    means: dict[Key, np.ndarray] = {}
    for major in done:
        means |= {key: means.get(key, 0.0) + mean for key, mean in major.means.items()}
    everything = {key: Figure(every.pop(key).draws, mean) for key, mean in means.items()}
    fold(everything, told_by_all(major.told for major in done))
    blocks += summarise("all", "all", everything)
    tables = (
        assemble(first.origin, places, periods, [block for table, block in blocks if table == name]) for name in TABLES
    )
    return ForecastTables(*tables)
