"""The published table: means and quantiles of every area, crime type, month and year.

Walks in: a forecast. Walks out: the `forecast` table. Draws are made one crime type at a time, summed up both trees
and forgotten once summarised, so the cube is never held whole.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pandas as pd

from models.distribution import Drawer
from models.forecast import Forecast
from models.hierarchy import AreaTree

QUANTILES = {
    "q025": 0.025,
    "q05": 0.05,
    "q10": 0.1,
    "q25": 0.25,
    "q50": 0.5,
    "q75": 0.75,
    "q90": 0.9,
    "q95": 0.95,
    "q975": 0.975,
}
MONTHS_A_YEAR = 12

DrawsSink = Callable[[str, np.ndarray], None]


def quantiles_of(draws: np.ndarray) -> np.ndarray:
    """Return the nine published quantiles, (..., quantile), of draws, (..., draw), which are sorted in place.

    A quantile is the smallest draw with at least that share of draws at or below it (inverted distribution
    function; definition 1 of Hyndman and Fan 1996), so it is a whole number of offences.
    """
    draws.sort(axis=-1)
    # Rounded first, since 0.1 x 400 must not become 41 draws by a last binary digit.
    ranks = np.ceil(np.round(np.array(list(QUANTILES.values())) * draws.shape[-1], 9)).astype(int) - 1
    return draws[..., np.maximum(ranks, 0)]


@dataclass(frozen=True)
class _Block:
    """One crime type at one crime level: mean, (area, period), and quantiles, (area, period, quantile)."""

    crime_level: str
    crime_type: str
    mean: np.ndarray
    quantiles: np.ndarray


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
    """Return the `forecast` table (design, section 4): one row an area, crime type and month or year.

    Years are blocks of twelve months from the first forecast month; months past the last whole year have no year.
    `keep_draws(crime_type, draws)` receives the draws by (ward, month, draw) before they are summed; `progress()` is
    called once a crime type. The result does not depend on `workers`.
    """
    tree = AreaTree.of(areas)
    drawer = Drawer(forecast, tree, draws=draws, seed=seed)
    expected = np.concatenate(
        [
            forecast.mean.transpose("ward", ...).to_numpy(),
            forecast.unlocated.transpose("area", ...).to_numpy(),
        ]
    )
    minors = pd.Index(forecast.mean["crime_type"].to_numpy())
    major_of_minor = forecast.mean["major_type"].to_numpy()
    every = np.zeros((len(expected), len(forecast.months), draws), dtype=np.int32)
    adding = Lock()

    def summarise(crime_level: str, crime_type: str, members: np.ndarray, drawn: np.ndarray) -> _Block:
        mean = _years_beside(_every_area(tree, expected[:, members].sum(axis=1)))
        return _Block(crime_level, crime_type, mean, quantiles_of(_years_beside(_every_area(tree, drawn))))

    def one_major(major: str) -> list[_Block]:
        members = np.flatnonzero(major_of_minor == major)
        total: np.ndarray | None = None
        blocks = []
        for member in members:
            drawn = drawer.draw(minors[member])
            if keep_draws is not None:
                keep_draws(minors[member], drawn[: len(tree.borough_of_ward)])
            blocks.append(summarise("minor", minors[member], np.array([member]), drawn))
            total = drawn if total is None else np.add(total, drawn, out=total)
            progress()
        assert total is not None
        with adding:
            np.add(every, total, out=every)
        return [*blocks, summarise("major", major, members, total)]

    with ThreadPoolExecutor(workers) as pool:
        # Largest first, so that no worker ends with a long one alone.
        majors = pd.Series(major_of_minor).value_counts().index
        blocks = [block for blocks in pool.map(one_major, majors) for block in blocks]
    blocks.append(summarise("all", "all", np.arange(len(minors)), every))
    return _assemble(forecast, tree, blocks)


def _every_area(tree: AreaTree, base: np.ndarray) -> np.ndarray:
    """Return values of every area, unlocated ones last, from values of wards and unlocated areas."""
    wards = len(tree.borough_of_ward)
    return np.concatenate([tree.sum_up(base[:wards]), base[wards:]])


def _years_beside(by_month: np.ndarray) -> np.ndarray:
    """Return months, then whole years, along the second dimension of (area, month, ...)."""
    years = by_month.shape[1] // MONTHS_A_YEAR
    whole = by_month[:, : years * MONTHS_A_YEAR]
    by_year = whole.reshape(len(whole), years, MONTHS_A_YEAR, *whole.shape[2:]).sum(axis=2, dtype=whole.dtype)
    return np.concatenate([by_month, by_year], axis=1)


def _assemble(forecast: Forecast, tree: AreaTree, blocks: list[_Block]) -> pd.DataFrame:
    places = pd.concat([tree.table, _unlocated_places(forecast, tree)], ignore_index=True)
    years = len(forecast.months) // MONTHS_A_YEAR
    periods = pd.DataFrame(
        {
            "month": [*forecast.months, *forecast.months[: years * MONTHS_A_YEAR : MONTHS_A_YEAR]],
            "period": ["month"] * len(forecast.months) + ["year"] * years,
        }
    )
    place, period = (
        index.ravel() for index in np.meshgrid(np.arange(len(places)), np.arange(len(periods)), indexing="ij")
    )
    rows = len(place)

    def labels(values: pd.Series | list[str], codes: np.ndarray, times: int) -> pd.Categorical:
        kinds = pd.Index(pd.unique(pd.Series(values)))
        return pd.Categorical.from_codes(np.tile(kinds.get_indexer(pd.Index(values))[codes], times), categories=kinds)

    block = np.repeat(np.arange(len(blocks)), rows)
    table = pd.DataFrame(
        {
            "origin": np.full(rows * len(blocks), forecast.origin.to_datetime64()),
            "scenario": labels([forecast.scenario], np.zeros(rows, dtype=int), len(blocks)),
            "area_level": labels(places["area_level"], place, len(blocks)),
            "area_code": labels(places["area_code"], place, len(blocks)),
            "area_name": labels(places["area_name"], place, len(blocks)),
            "crime_level": labels([one.crime_level for one in blocks], block, 1),
            "crime_type": labels([one.crime_type for one in blocks], block, 1),
            "age_group": labels(["all"], np.zeros(rows, dtype=int), len(blocks)),
            "age_basis": labels([""], np.zeros(rows, dtype=int), len(blocks)),
            "month": np.tile(periods["month"].to_numpy()[period], len(blocks)),
            "period": labels(periods["period"], period, len(blocks)),
            "mean": np.concatenate([one.mean.ravel() for one in blocks]),
        }
    )
    quantiles = np.concatenate([one.quantiles.reshape(-1, len(QUANTILES)) for one in blocks])
    for column, name in enumerate(QUANTILES):
        table[name] = quantiles[:, column]
    return table


def _unlocated_places(forecast: Forecast, tree: AreaTree) -> pd.DataFrame:
    codes = forecast.unlocated["area"].to_numpy()
    above_wards = tree.table[tree.table["area_level"] != "ward"].drop_duplicates("area_code")
    names = above_wards.set_index("area_code")["area_name"]
    return pd.DataFrame({"area_level": "unlocated", "area_code": codes, "area_name": names.reindex(codes).to_numpy()})
