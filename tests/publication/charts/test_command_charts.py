"""Pictures of command units: a map an option, and the front."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from publication.charts.command_charts import command_pictures, front_chart, option_maps

pytestmark = pytest.mark.unit


def test_each_option_with_areas_has_its_map_and_its_ratio_in_words() -> None:
    codes = ["A", "B", "C", "outside"]
    squares = [shapely.box(at, 52, at + 1, 53) for at in range(4)]
    outlines = gpd.GeoDataFrame({"code": codes}, geometry=squares, crs="EPSG:4326")
    rows = [("today", "A", "A + B", 1.5, ""), ("today", "B", "A + B", 1.5, ""), ("today", "C", "C", 1.5, "")]
    rows += [("wish", code, code, 3.0, "C may not be alone") for code in codes[:3]]
    rows += [("best of 4", "", "", float("nan"), "these borders allow 3 commands at most")]
    commands = pd.DataFrame(rows, columns=["option", "area_code", "command", "ratio", "barred"])
    commands = commands.assign(size=commands["area_code"].map({"A": 1.0, "B": 2.0, "C": 2.0}), measure="crime")
    assert set(command_pictures({"commands": commands}, outlines, "Made up")) == {"command_options"}
    assert command_pictures({}, outlines, "Made up") == {}
    figure = option_maps(outlines, commands, title="Options", source="Made up", simulated=True)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Today: 1.50", "Wish: 3.00, barred"]
    said = [text.get_text() for text in figure.texts]
    assert {"Options", "Size of a command against the mean", "Made up", "SIMULATED"} <= set(said)


def test_the_front_names_each_number_and_today() -> None:
    front = pd.DataFrame({"count": [11, 11, 12], "pairs_parted": [4, 0, 0], "ratio": [1.2, 1.9, 2.0]})
    figure = front_chart(front, 2.0, title="Change against balance", source="Made up")
    said = [text.get_text() for text in figure.axes[0].texts]
    assert said == ["11 commands: 1.20", "12 commands: 2.00", "Today: 2.00"]
