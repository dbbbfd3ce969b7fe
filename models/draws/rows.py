"""Rows of the published tables: means and quantiles of areas and periods, labelled.

Walk in: blocks of figures by area and period. Walks out: one long table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.vocabulary import ALL_RECORDED, LOCATED, QUANTILES, UNLOCATED
from models.forecast.years import MONTHS_A_QUARTER, MONTHS_A_YEAR, whole_quarters, whole_years


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
class Block:
    """Rows of a crime type, and what they share: mean, (area, period), and quantiles, (area, period, quantile).

    Its areas are `areas` of all places, its periods `periods` of all periods, both without gaps. `all_recorded`:
    whether it counts unlocated offences too; else rows of unlocated areas count those, other rows located ones.
    """

    scenario: str
    crime_level: str
    crime_type: str
    areas: range
    periods: range
    mean: np.ndarray
    quantiles: np.ndarray
    age_group: str = "all"
    age_basis: str = ""
    all_recorded: bool = False


def periods_ahead(months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return month and period of every month ahead, then of every whole year, which has its first month."""
    years = whole_years(len(months))
    return pd.DataFrame(
        {
            "month": [*months, *months[: years * MONTHS_A_YEAR : MONTHS_A_YEAR]],
            "period": ["month"] * len(months) + ["year"] * years,
        }
    )


def quarters_ahead(months: pd.DatetimeIndex) -> pd.DataFrame:
    """Return month (the first) and period of the quarters that are told."""
    quarters = whole_quarters(len(months))
    return pd.DataFrame({"month": months[::MONTHS_A_QUARTER][:quarters], "period": ["quarter"] * quarters})


def assemble(
    origin: pd.Timestamp, places: pd.DataFrame, periods: pd.DataFrame, blocks: Sequence[Block]
) -> pd.DataFrame:
    """Return the blocks as one table in the form of the design's `forecast` table, in their order.

    `places`: area_level, area_code, area_name; `periods` as of `periods_ahead`.
    """
    sizes = np.array([block.mean.size for block in blocks], dtype=int)
    area, period = (
        np.concatenate([np.zeros(0, dtype=np.int32), *codes])
        for codes in (
            [np.repeat(np.array(block.areas, dtype=np.int32), len(block.periods)) for block in blocks],
            [np.tile(np.array(block.periods, dtype=np.int32), len(block.areas)) for block in blocks],
        )
    )

    def categories(values: pd.Series | list[str], row: np.ndarray | None = None) -> pd.Categorical:
        codes, kinds = pd.factorize(pd.Series(values, dtype=str))
        # In a small type, since there are millions of rows.
        codes = codes.astype(np.int16)
        codes = np.repeat(codes, sizes) if row is None else codes[row]
        return pd.Categorical.from_codes(codes, categories=pd.Index(kinds))

    def common(field: str) -> pd.Categorical:
        return categories([getattr(block, field) for block in blocks])

    table = pd.DataFrame(
        {
            "origin": np.full(sizes.sum(), origin.to_datetime64()),
            "scenario": common("scenario"),
            **{name: categories(places[name], area) for name in ("area_level", "area_code", "area_name")},
            "measure": _measures(places, area, np.repeat([block.all_recorded for block in blocks], sizes)),
            **{name: common(name) for name in ("crime_level", "crime_type", "age_group", "age_basis")},
            "month": periods["month"].to_numpy()[period],
            "period": categories(periods["period"], period),
            "mean": np.concatenate([np.zeros(0), *(block.mean.ravel() for block in blocks)]),
        }
    )
    for column, name in enumerate(QUANTILES):
        of_block = (block.quantiles[..., column].ravel() for block in blocks)
        table[name] = np.concatenate([np.zeros(0, dtype=np.int32), *of_block])
    return table


def _measures(places: pd.DataFrame, area: np.ndarray, all_recorded: np.ndarray) -> pd.Categorical[str]:
    """Return what each row counts: located, unlocated or all recorded offences."""
    unlocated = (places["area_level"] == UNLOCATED).to_numpy()[area]
    codes = np.where(all_recorded.astype(bool), 2, unlocated).astype(np.int8)
    return pd.Categorical.from_codes(codes, categories=pd.Index([LOCATED, UNLOCATED, ALL_RECORDED]))
