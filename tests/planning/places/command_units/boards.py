"""Boards of square areas, and every way to group a few areas: the truth that the solvers are held against."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planning.places.command_units.borders import AreaMap, area_map
from planning.places.command_units.command_rules import CommandQuestion, objections_to_option


def board(rows: int, columns: int) -> tuple[pd.Series, gpd.GeoDataFrame]:
    """Return names by code and polygons of squares of about a kilometre; those at a corner touch in a point only."""
    codes = [f"E09{row:03d}{column:03d}" for row in range(rows) for column in range(columns)]
    names = pd.Series([f"Square {row}{column}" for row in range(rows) for column in range(columns)], index=codes)
    squares = [
        shapely.box(0.015 * column, 52 + 0.01 * row, 0.015 * (column + 1), 52 + 0.01 * (row + 1))
        for row in range(rows)
        for column in range(columns)
    ]
    return names, gpd.GeoDataFrame({"code": codes}, geometry=squares, crs="EPSG:4326")


def board_map(rows: int, columns: int) -> AreaMap:
    return area_map(*board(rows, columns))


def question(areas: AreaMap, *measures: np.ndarray, **more: Any) -> CommandQuestion:
    table = pd.DataFrame({f"measure {at}": measure for at, measure in enumerate(measures)}, index=list(areas.codes))
    return CommandQuestion(areas, table, tuple(table.columns), **more)


def every_grouping(areas: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to put areas into so many groups, connected or not."""

    def place(area: int, groups: list[int]) -> Iterator[tuple[int, ...]]:
        if area == areas:
            if len(groups) == count:
                yield tuple(groups)
            return
        for at in range(len(groups)):
            yield from place(area + 1, [*groups[:at], groups[at] | 1 << area, *groups[at + 1 :]])
        if len(groups) < count:
            yield from place(area + 1, [*groups, 1 << area])

    yield from place(0, [])


def every_option(asked: CommandQuestion, count: int) -> dict[tuple[int, ...], float]:
    """Return every option that the rules allow, with its ratio."""
    options = {}
    for groups in every_grouping(len(asked.areas.codes), count):
        if not objections_to_option(asked, groups):
            held = np.array([[asked.total(name, group) for group in groups] for name in asked.balanced])
            options[tuple(sorted(groups))] = float((held.max(axis=1) / held.min(axis=1)).max())
    return options
