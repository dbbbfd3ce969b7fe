"""`commands.toml` and the figures by area beside it, as a force writes them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planning.folder.commands_file import (
    CommandsFile,
    counts_of,
    read_area_measures,
    read_commands,
    read_pairs,
    rules_of_folder,
    shipped_barriers,
)
from planning.places.command_units.asked_commands import (
    command_question,
    recorded_measures,
    wished_options,
    with_own_measures,
)
from planning.places.command_units.command_options import command_options
from sources.files.errors import InputError
from tests.planning.places.command_units.boards import board

pytestmark = pytest.mark.unit

RULES = """
count = "2-3"
measures = ["crime"]
singles = false
keep = [["Square 00", "Square 01"]]
shortest_border = 50

[[barrier]]
name = "Canal"
areas = ["Square 02", "Square 12"]

[[limit]]
name = "child abuse investigators"
measure = "investigators"
at_least = 32

[span]
measure = "inspectors"
superintendents_each = 2

[[wish]]
name = "rows"
commands = [["Square 00", "Square 01", "Square 02"], ["Square 10", "Square 11", "Square 12"]]
"""


def force() -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    names, polygons = board(2, 3)
    areas = pd.DataFrame({"borough_code": names.index, "borough_name": names.to_numpy()})
    areas = areas.assign(bcu_code=["A", "A", "A", "B", "B", "B"], force_code="E23999999")
    return areas.assign(ward_code=[f"E0500000{at}" for at in range(6)]), polygons


def measures(**more: list[float]) -> pd.DataFrame:
    figures = {"crime": [3.0, 1, 2, 2, 1, 3], "investigators": [20.0] * 6, "inspectors": [5.0] * 6}
    return pd.DataFrame(figures | more, index=force()[0]["borough_code"])


def test_rules_of_a_file_become_the_question(tmp_path: Path) -> None:
    (tmp_path / "commands.toml").write_text(RULES)
    rules = read_commands(tmp_path / "commands.toml")
    areas, polygons = force()
    asked = command_question(areas, polygons, measures(), rules)
    assert asked.areas.parted == {(2, 5): "Canal"}
    assert asked.today == (0b000111, 0b111000)
    assert [limit.at_most for limit in asked.rules.limits] == [np.inf, 20]
    options = {option.name: option for option in command_options(asked, counts_of(rules.count, 6))}
    assert options["best of 2"].answer.ratio == pytest.approx(1)
    wishes = wished_options(asked.areas, rules)
    assert wishes == {"rows": (0b000111, 0b111000)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('counts = "11"', "counts"),
        ("singles = 3", "singles"),
        ('keep = "Camden"', "keep"),
        ('[[barrier]]\nname = "Canal"\nareas = ["Square 00"]', "barrier.0.areas"),
        ("not toml", "cannot be read as TOML"),
    ],
)
def test_what_a_file_may_not_say_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "commands.toml").write_text(text)
    with pytest.raises(InputError, match=words):
        read_commands(tmp_path / "commands.toml")


def test_names_that_are_not_there_are_refused() -> None:
    areas, polygons = force()
    with pytest.raises(InputError, match=r"no such area.*Atlantis"):
        command_question(areas, polygons, measures(), CommandsFile(keep=(("Square 00", "Atlantis"),)))
    with pytest.raises(InputError, match="No barrier of that name"):
        command_question(areas, polygons, measures(), CommandsFile(barriers=("Styx",)))


def test_own_measures_join_by_name_or_code(tmp_path: Path) -> None:
    areas, _ = force()
    names = areas.set_index("borough_code")["borough_name"]
    file = tmp_path / "commands_measures.csv"
    rows = [f"{area},officers,{at}" for at, area in enumerate([*names[:3], *names.index[3:]])]
    file.write_text("area,measure,value\n" + "\n".join(rows))
    joined = with_own_measures(measures(), names, read_area_measures(file))
    assert joined["officers"].tolist() == [0, 1, 2, 3, 4, 5]
    file.write_text("area,measure,value\nAtlantis,officers,3")
    with pytest.raises(InputError, match="does not have"):
        with_own_measures(measures(), names, read_area_measures(file))
    file.write_text("area,measure,value\nSquare 00,officers,-3")
    with pytest.raises(InputError, match="at least zero"):
        read_area_measures(file)
    file.write_text("area,measure,value\nSquare 00,officers,3\nSquare 00,officers,3")
    with pytest.raises(InputError, match="repeat"):
        read_area_measures(file)


def test_crime_of_a_year_counts_with_its_borough_and_unknown_with_none() -> None:
    areas, _ = force()
    months = pd.date_range("2024-04-01", periods=12, freq="MS")
    offences = pd.DataFrame(
        [(code, "BURGLARY", month, 2) for code in [*areas["borough_code"], "E23999999"] for month in months],
        columns=["borough_code", "crime_type", "month", "count"],
    )
    people = pd.DataFrame({"ward_code": areas["ward_code"], "year": 2022, "persons": 10.0, "variant": "estimate"})
    severity = pd.DataFrame({"crime_type": ["BURGLARY"], "weight": [3.0]})
    found = recorded_measures(areas, offences, severity, people, months[0])
    assert (found["crime"] == 24).all()
    assert (found["harm"] == 72).all()
    assert (found["residents"] == 10).all()
    with pytest.raises(InputError, match="2025-04 are not recorded"):
        recorded_measures(areas, offences, severity, people, pd.Timestamp("2024-05-01"))


@pytest.mark.parametrize(
    ("text", "words"), [("many", "given as 12 or 11-16"), ("16-11", "given as"), ("0", "given as"), ("7", "of 6 areas")]
)
def test_numbers_of_commands_are_checked(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        counts_of(text, 6)
    assert list(counts_of("2-4", 6)) == [2, 3, 4]


def test_barriers_of_london_are_shipped() -> None:
    table = shipped_barriers("E23000001")
    assert table["barrier"].value_counts().to_dict() == {"Thames": 13, "Lea valley": 5}
    assert not ((table["one"] == "Hounslow") | (table["other"] == "Hounslow")).any()
    assert shipped_barriers("E23999999").empty


def test_barriers_and_bridges_may_be_files_of_their_own(tmp_path: Path) -> None:
    assert rules_of_folder(None) == rules_of_folder(tmp_path) == CommandsFile()
    (tmp_path / "commands.toml").write_text('[[barrier]]\nname = "Wall"\nareas = ["A", "B"]\n')
    (tmp_path / "commands_barriers.csv").write_text("name,one,other\nRiver,A,C\n")
    (tmp_path / "commands_bridges.csv").write_text("name,one,other\nTunnel,B,D\n")
    found = rules_of_folder(tmp_path)
    assert [(pair.name, pair.areas) for pair in found.barrier] == [("Wall", ("A", "B")), ("River", ("A", "C"))]
    assert [(pair.name, pair.areas) for pair in found.bridge] == [("Tunnel", ("B", "D"))]


def test_pairs_that_cannot_be_are_named(tmp_path: Path) -> None:
    file = tmp_path / "commands_bridges.csv"
    file.write_text("name,one,other\nTunnel,B,D\nTunnel,B,B\n")
    with pytest.raises(InputError, match="paired with itself") as refused:
        read_pairs(file)
    assert refused.value.row == 3
    file.write_text("name,one,other\nTunnel,B,D\nFerry,B,D\n")
    with pytest.raises(InputError, match="repeat"):
        read_pairs(file)
    file.write_text("name,one\nTunnel,B\n")
    with pytest.raises(InputError):
        read_pairs(file)
