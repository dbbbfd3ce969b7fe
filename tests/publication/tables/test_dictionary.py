"""Every published column is described, and nothing else is."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from publication.pages.front_page import write_page
from publication.tables.database import write_database
from publication.tables.dictionary import (
    COLUMNS,
    TYPES,
    data_dictionary,
    file_meanings,
    undescribed,
    write_dictionary,
)
from publication.tables.open_data import write_open_data
from publication.tables.tables import write_tables

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(publication: Any, tmp_path: Path) -> Path:
    contents = publication.contents_in_full()
    write_tables(tmp_path, contents)
    write_database(tmp_path, contents)
    write_open_data(tmp_path, contents)
    return tmp_path


def test_a_run_with_nothing_for_some_tables_is_described_too(publication: Any, tmp_path: Path) -> None:
    write_tables(tmp_path, publication.contents())
    write_dictionary(tmp_path)
    assert undescribed(tmp_path) == []


def test_every_published_column_is_described_and_nothing_described_is_absent(folder: Path) -> None:
    assert undescribed(folder) == []


def test_each_description_is_whole() -> None:
    dictionary = data_dictionary()
    assert list(dictionary.columns) == COLUMNS
    assert not dictionary.duplicated(["file", "column"]).any()
    assert set(dictionary["type"]) == set(TYPES)
    assert (dictionary[["file", "column", "type", "meaning"]] != "").all(axis=None)
    assert (dictionary["meaning"].str.endswith(".")).all()


def test_the_written_dictionary_is_the_dictionary(folder: Path) -> None:
    written = pd.read_csv(folder / "data_dictionary.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(written, data_dictionary(), check_dtype=False)


def test_what_does_not_agree_is_named(folder: Path) -> None:
    areas = pd.read_csv(folder / "areas.csv")
    areas.rename(columns={"ward_name": "nickname"}).to_csv(folder / "areas.csv", index=False)
    history = pd.read_parquet(folder / "history.parquet")
    history.assign(count=history["count"] / 2).to_parquet(folder / "history.parquet")
    (folder / "new.csv").write_text("a\n1\n")
    (folder / "crime_types.csv").unlink()
    assert undescribed(folder) == [
        "areas.csv: column nickname is not described",
        "areas.csv: column ward_name is absent",
        "crime_types.csv: is described but absent",
        "history.parquet: column count is number, described as whole number",
        "new.csv: is not described",
    ]


def test_every_file_of_a_release_says_what_it_holds(folder: Path, publication: Any) -> None:
    write_page(folder, publication.contents())
    (folder / "manifest.json").write_text("{}")
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        assert path.is_dir() or any(fnmatch(name, pattern) for pattern in file_meanings()), f"{name} is not described"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "<td></td>" not in page.split('id="files"')[1].split("</table>")[0]
