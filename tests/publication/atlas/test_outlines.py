"""The map's lines: wards as they lie, outlines on their edges, and wards that have no polygon."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import GeometryCollection, LineString, Point, Polygon, box

from publication.atlas.outlines import WIDTH, ward_map
from publication.atlas.places import Places

pytestmark = pytest.mark.unit


def corners(path: str) -> np.ndarray:
    """The points of a path of one ring."""
    (ring,) = re.findall(r"M([^z]*)z", path)
    steps = np.array([[int(number) for number in pair.split(",")] for pair in ring.replace("l", " ").split()])
    return steps.cumsum(axis=0)


@pytest.fixture(scope="module")
def places(make: Callable[..., Any]) -> Places:
    """Four wards of two boroughs of one BCU; wards 0 and 2 are neighbours and of one borough."""
    return Places.of(make(wards=4, boroughs=2).areas, [])


def boundaries(codes: pd.Series, shapes: list) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": codes.to_numpy()}, geometry=shapes, crs=4326)


def test_wards_fill_the_plane_north_up_and_outlines_enclose_them(places: Places) -> None:
    cells = [box(column, row, column + 1, row + 1) for row in (0, 1) for column in (0, 1)]
    drawn = ward_map(places, boundaries(places.table["code"][:4], cells))
    points = np.concatenate([corners(path) for path in drawn["ward"]])
    assert points.min(axis=0).tolist() == [0, 0]
    assert points.max(axis=0).tolist() == [WIDTH, drawn["height"]]
    assert drawn["middle"][0][1] > drawn["middle"][2][1]
    assert len(drawn["borough"]) == 2
    assert corners(drawn["bcu"][0]).max(axis=0).tolist() == [WIDTH, drawn["height"]]


def test_wards_without_a_polygon_have_no_path(places: Places) -> None:
    shapes = [box(0, 0, 1, 1), None, Polygon(), Point(0, 0)]
    drawn = ward_map(places, boundaries(places.table["code"][:4], shapes))
    assert [bool(path) for path in drawn["ward"]] == [True, False, False, False]
    nothing = ward_map(places, boundaries(places.table["code"][:0], []))
    assert not any(nothing["ward"] + nothing["borough"] + nothing["bcu"])


def test_holes_crossed_lines_and_mixed_shapes_are_drawn(places: Places) -> None:
    holed = Polygon([(0, 0), (2, 0), (2, 2), (0, 2)], [[(0.5, 0.5), (1, 0.5), (1, 1)]])
    bow_tie = Polygon([(2, 0), (3, 1), (3, 0), (2, 1)])
    mixed = GeometryCollection([box(0, 2, 1, 3), LineString([(0, 0), (1, 1)])])
    drawn = ward_map(places, boundaries(places.table["code"][:3], [holed, bow_tie, mixed]))
    assert [path.count("M") for path in drawn["ward"]] == [2, 2, 1, 0]
