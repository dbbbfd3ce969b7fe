"""The table of work: hours by scenario, area, function, what they are for, and year.

Walk in: hours in every draw. Walk out: rows with means and quantiles.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planning.areas import PlanAreas
from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.summary import labelled, summary_columns

EVERY = (*FUNCTIONS, ALL)
PUBLIC = "public"


def with_all(by_function: np.ndarray, axis: int) -> np.ndarray:
    """Return hours with the sum of all functions behind them, along that dimension."""
    return np.concatenate([by_function, by_function.sum(axis=axis, keepdims=True)], axis=axis)


def rows_of_areas(hours: np.ndarray, areas: PlanAreas, years: list[pd.Timestamp]) -> pd.DataFrame:
    """Return rows of all crime types and streams together, from (area, function, year, draw)."""
    dimensions = [("place", range(len(areas.table))), ("function", EVERY), ("year", years)]
    rows = labelled(dimensions, summary_columns(with_all(hours, 1)))
    return _named(rows.assign(what=ALL, category=ALL), areas)


def rows_of_types(by_type: np.ndarray, types: list[str], areas: PlanAreas, years: list[pd.Timestamp]) -> pd.DataFrame:
    """Return rows of each crime type, from (area of the kept draws, crime type, function, year, draw)."""
    summed = with_all(areas.sums(by_type), 2)
    dimensions = [("place", range(len(areas.table))), ("what", types), ("function", EVERY), ("year", years)]
    return _named(labelled(dimensions, summary_columns(summed)).assign(category=PUBLIC), areas)


def rows_of_streams(
    streams: Mapping[str, np.ndarray], categories: Mapping[str, str], areas: PlanAreas, years: list[pd.Timestamp]
) -> pd.DataFrame:
    """Return rows of each stream, of the force alone, from (function, year, draw)."""
    parts = []
    for name, hours in streams.items():
        dimensions = [("place", [areas.force]), ("function", EVERY), ("year", years)]
        parts.append(
            labelled(dimensions, summary_columns(with_all(hours, 0))).assign(what=name, category=categories[name])
        )
    return _named(pd.concat(parts, ignore_index=True), areas) if parts else pd.DataFrame()


def rows_of_wards(hours: np.ndarray, wards: pd.DataFrame, what: str, years: list[pd.Timestamp]) -> pd.DataFrame:
    """Return rows of wards, of the crime types that may be told of them, from (ward, function, year, draw)."""
    dimensions = [("area_code", wards["ward_code"]), ("function", EVERY), ("year", years)]
    rows = labelled(dimensions, summary_columns(with_all(hours, 1)))
    names = dict(zip(wards["ward_code"], wards["ward_name"], strict=True))
    return rows.assign(area_level="ward", area_name=rows["area_code"].map(names), what=what, category=PUBLIC)


def _named(rows: pd.DataFrame, areas: PlanAreas) -> pd.DataFrame:
    named = areas.table.iloc[rows["place"]].reset_index(drop=True)
    return pd.concat([named, rows.drop(columns="place").reset_index(drop=True)], axis=1)
