"""Words for missing are nothing in every table, but for codes that are spelled like one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.files.missing_words import without_missing_words
from sources.files.reading import numbers, read_table

pytestmark = pytest.mark.unit

WORDS = ["NA", "N/A", "NULL", "None", "nan", "\\N", "-", "..", "null", " NA ", " "]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_for_missing_is_an_empty_cell(tmp_path: Path, word: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"code,name,count\nE1,Nansen Village,1\n{word},{word},{word}\nE2,Dash-Wood,3\n")
    table = read_table(path)
    assert table["code"].to_list() == ["E1", "E2"], "a row of nothing is no row"
    path.write_text(f"code,name,count\nE1,Nansen Village,1\nE2,{word},{word}\n")
    table = read_table(path)
    assert table["name"].to_list() == ["Nansen Village", ""]
    with pytest.raises(InputError, match=r"does not hold a number.*row 3.*column count"):
        numbers(table, ["count"], path)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_for_missing_is_missing_in_parquet(tmp_path: Path, word: str) -> None:
    path = tmp_path / "table.parquet"
    pd.DataFrame({"name": ["a", word], "count": [1, 2]}).to_parquet(path)
    assert read_table(path)["name"].isna().to_list() == [False, True]


def test_north_area_is_a_command_unit_unless_nothing_else_is() -> None:
    units = pd.DataFrame({"bcu": ["NA", "SE", "N/A"], "borough": ["NA", "Camden", ""]})
    read = without_missing_words(units, "")
    assert read["bcu"].to_list() == ["NA", "SE", ""]
    assert read["borough"].to_list() == ["", "Camden", ""]
    assert without_missing_words(units.assign(bcu="NA"), "")["bcu"].to_list() == ["", "", ""]


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")])
def test_other_separators_are_named(tmp_path: Path, sign: str, name: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"code{sign}name\nE1{sign}x\n")
    with pytest.raises(InputError, match=f"separated by {name}.*\\s.*commas"):
        read_table(path)


def test_a_file_cut_in_its_last_line_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,name,count\nE1,x,1\nE2,y")
    with pytest.raises(InputError, match="cut short"):
        read_table(path)
    path.write_text("code,name,count\nE1,x\nE2,y,1\n")
    with pytest.raises(InputError, match="row 2") as refused:
        read_table(path)
    assert "cut short" not in str(refused.value)
