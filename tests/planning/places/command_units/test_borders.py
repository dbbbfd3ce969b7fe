"""Who touches whom: points, holes, islands, barriers, bridges."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from planning.places.command_units.borders import area_map, connected_parts, shared_borders
from sources.files.errors import InputError
from tests.planning.places.command_units.boards import board, board_map

pytestmark = pytest.mark.unit


def pair(one: str, other: str, name: str) -> pd.DataFrame:
    return pd.DataFrame({"one": [one], "other": [other], "name": [name]})


def test_areas_that_touch_in_a_point_only_have_a_border_of_no_length() -> None:
    borders = shared_borders(board(2, 2)[1])
    assert (borders["metres"] > 0).sum() == 4
    assert (borders["metres"] == 0).sum() == 2
    assert [near.bit_count() for near in board_map(2, 2).neighbours] == [2, 2, 2, 2]


def test_lengths_are_metres() -> None:
    metres = shared_borders(board(1, 2)[1])["metres"].iloc[0]
    assert metres == pytest.approx(1113, rel=0.002)  # a hundredth of a degree of latitude


def test_a_short_border_joins_nobody() -> None:
    names, polygons = board(1, 2)
    assert area_map(names, polygons, shortest=1200).neighbours == (0, 0)


def test_an_area_in_the_hole_of_another_has_one_neighbour_and_islands_have_none() -> None:
    inner, far = shapely.box(0.02, 52.02, 0.03, 52.03), shapely.box(0.3, 52, 0.31, 52.01)
    outer = shapely.box(0, 52, 0.05, 52.05).difference(inner)
    polygons = gpd.GeoDataFrame({"code": ["A", "B", "C"]}, geometry=[outer, inner, far], crs="EPSG:4326")
    names = pd.Series({"A": "Ring", "B": "Middle", "C": "Island"})
    areas = area_map(names, polygons)
    assert areas.neighbours == (0b010, 0b001, 0)
    assert connected_parts(areas.neighbours, 0b111) == [0b011, 0b100]
    bridged = area_map(names, polygons, bridges=pair("C", "A", "Ferry"))
    assert connected_parts(bridged.neighbours, 0b111) == [0b111]


def test_a_barrier_parts_neighbours_and_is_remembered() -> None:
    names, polygons = board(1, 3)
    areas = area_map(names, polygons, barriers=pair(names.index[1], names.index[0], "River"))
    assert areas.neighbours == (0, 0b100, 0b010)
    assert areas.parted == {(0, 1): "River"}
    assert areas.without("River").neighbours == board_map(1, 3).neighbours


def test_an_area_outside_the_force_joins_nobody() -> None:
    names, polygons = board(1, 3)
    areas = area_map(names.drop(names.index[1]), polygons)
    assert areas.neighbours == (0, 0)


def test_a_barrier_that_is_a_bridge_too_is_refused() -> None:
    names, polygons = board(1, 2)
    both = pair(*names.index, "River")
    with pytest.raises(InputError, match="parted by the barrier 'River' and joined by the bridge"):
        area_map(names, polygons, barriers=both, bridges=both)


def test_an_area_without_polygon_is_named() -> None:
    names, polygons = board(1, 2)
    with pytest.raises(InputError, match=r"Square 01 \(E09000001\)"):
        area_map(names, polygons.iloc[:1])


def test_areas_are_found_by_name_or_code() -> None:
    areas = board_map(1, 2)
    assert areas.group(["square 00", "E09000001"]) == 0b11
    with pytest.raises(InputError, match="no such area"):
        areas.place("Atlantis")
