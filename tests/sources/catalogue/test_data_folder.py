"""The manifest of a data folder, and the vintage made of it."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.catalogue.catalogue import load_catalogue
from sources.catalogue.data_folder import DataFolder, FilesChangedError, manifest, vintage
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

HASHES = st.lists(st.binary(max_size=4).map(lambda content: hashlib.sha256(content).hexdigest()), min_size=1)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Two editions of crime, a lookup, a boundary file and a Parquet file."""
    catalogue = load_catalogue()
    for name in ("mps_recorded_crime", "lookups", "boundaries", "derived"):
        (tmp_path / name).mkdir()
    for span in ("201004_202402", "201004_202502"):
        text = b"wardcode,majortext,minortext,202401,202402\nE05000001,A,B,1,2\nE05000002,A,B,0,2\n\n"
        (tmp_path / f"mps_recorded_crime/ward22_historical_{span}.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "lookups/ward22_borough_bcu.csv").write_text("ward22cd\nE05000001\n")
    (tmp_path / "boundaries/ward_2024_bsc_here.geojson").write_text('{"features": [{}, {}, {}]}')
    ages = pd.DataFrame({"ward22cd": ["E05000001"] * 4})
    ages.to_parquet(tmp_path / "derived/ward22_population_single_year_age_2020.parquet")
    return DataFolder(tmp_path, catalogue, catalogue.force)


def test_what_was_asked_for_is_listed_with_its_rows_and_months(folder: DataFolder) -> None:
    folder.one("areas")
    folder.all("ward_crime_historical")
    folder.one("ward_boundaries")
    folder.one("ward_population_by_age")
    folder.one("areas")
    month = pd.Timestamp("2024-02-01")
    table = manifest(folder, {"ward22_historical_201004_202402.csv.gz": (month, month)})
    assert table["dataset"].tolist() == [
        "areas",
        "ward_crime_historical",
        "ward_crime_historical",
        "ward_boundaries",
        "ward_population_by_age",
    ]
    assert table["rows"].tolist() == [1, 2, 2, 3, 4]
    assert table["last_month"].dropna().tolist() == [month]
    file = folder.path / table["file"].iloc[0]
    assert table["sha256"].iloc[0] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert table["bytes"].iloc[0] == file.stat().st_size


def test_what_was_not_asked_for_is_not_listed(folder: DataFolder) -> None:
    assert folder.has("ward_boundaries")
    folder.one("areas")
    assert manifest(folder, {})["dataset"].tolist() == ["areas"]


def test_a_file_that_must_be_there_is_named(folder: DataFolder) -> None:
    with pytest.raises(InputError, match=r"lsoa21_to_ward22_population_weights"):
        folder.one("lsoa_weights")


@pytest.mark.parametrize("change", ["replaced", "written to", "removed"])
def test_a_file_that_changes_while_it_is_read_is_refused(folder: DataFolder, change: str) -> None:
    file = folder.one("areas")
    folder.refuse_changed()
    if change == "replaced":
        other = file.with_name("other")
        other.write_bytes(file.read_bytes())  # the same bytes, yet what was read cannot be told to be these
        other.replace(file)
    elif change == "written to":
        with file.open("a") as growing:
            growing.write("E05000002\n")
    else:
        file.unlink()
    with pytest.raises(FilesChangedError, match="written to while it was being read"):
        folder.refuse_changed()


@given(HASHES)
def test_the_vintage_does_not_depend_on_order_or_names(hashes: list[str]) -> None:
    table = pd.DataFrame({"sha256": hashes, "file": [f"file {place}" for place in range(len(hashes))]})
    renamed = table.iloc[::-1].assign(file="another")
    assert vintage(table) == vintage(renamed)


@given(HASHES)
def test_the_vintage_changes_with_any_file(hashes: list[str]) -> None:
    table = pd.DataFrame({"sha256": hashes})
    changed = pd.DataFrame({"sha256": [*hashes[:-1], "0" * 64]})
    assert vintage(table) != vintage(changed)
    assert vintage(table) != vintage(table.iloc[:-1])
