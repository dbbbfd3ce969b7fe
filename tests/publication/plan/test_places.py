"""Posts and command units on a plan's page, and what their columns mean."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planning.places.command_units.command_options import (
    COMMAND_RATIOS,
    COMMANDS,
    command_options,
    commands_table,
    cost_of_rules,
    ratios_table,
)
from planning.places.command_units.near_on_draws import COMMAND_NEAR
from planning.places.ward_posts.post_options import POST_RULES, POSTS
from publication.plan.places import place_pictures, place_section, write_place_pictures
from publication.tables.dictionary import data_dictionary
from sources.tables.force_tables import Force
from tests.planning.places.command_units.boards import board_map, question
from tests.planning.places.ward_posts.test_posts import wards
from tests.publication.atlas.fictional_posts import plan_of_posts

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    asked = question(board_map(2, 3), np.array([10.0, 1, 1, 1, 1, 10]), today=(0b000111, 0b111000))
    options = command_options(asked, [2, 9])
    return {
        **plan_of_posts(wards(4)).tables,
        "commands": commands_table(asked, options),
        "command_ratios": ratios_table(asked, options, measures=["measure 0"], period="then"),
        "command_rules": cost_of_rules(asked, 2).assign(count=2),
    }


def test_the_page_says_what_was_found_then_shows_tables(tables: dict[str, pd.DataFrame]) -> None:
    section = place_section(tables)
    assert section is not None
    said = " ".join(section.findings)
    assert "Ward officer: 16 posts, 8 of them the least of every ward" in said
    assert "today's largest command is 1.00 times the smallest" in said
    assert [table.identifier for table in section.tables] == ["wards", "commands"]
    impossible = [str(cell) for row in section.tables[1].rows for cell, _ in row]
    assert any("allow 6 commands at most" in cell for cell in impossible)
    assert place_section({}) is None


def test_pictures_lie_beside_the_page_where_outlines_are_known(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    codes = sorted(set(tables["commands"]["area_code"]) - {""})
    squares = [shapely.box(at, 52, at + 1, 53) for at in range(len(codes))]
    outlines = gpd.GeoDataFrame({"code": codes}, geometry=squares, crs="EPSG:4326")
    force = Force("Nowhere Police", "E23000099", True)
    write_place_pictures(tmp_path, tables, outlines.iloc[:0], force)
    assert place_pictures(tmp_path) == []
    write_place_pictures(tmp_path, tables, outlines, force)
    assert [picture["address"] for picture in place_pictures(tmp_path)] == ["command_options.svg"]


def test_every_column_of_the_tables_on_places_is_described() -> None:
    described = data_dictionary().groupby("file")["column"].agg(set)
    for name, contract in {
        "posts": POSTS,
        "post_rules": POST_RULES,
        "commands": COMMANDS,
        "command_ratios": COMMAND_RATIOS,
        "command_near": COMMAND_NEAR,
    }.items():
        assert described[f"plan/{name}.csv"] == set(contract.columns), name
