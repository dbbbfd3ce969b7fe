"""The City of London Police, a real force with little, read whole; and what a folder says that it does without."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.city_of_london import write_folder
from sources.files.errors import InputError
from sources.missing import what_is_missing
from sources.read_force import read_force
from sources.street.street_crime import OUTSIDE, REPEATED
from sources.tables.force_tables import ForceTables, load, save

pytestmark = pytest.mark.integration

BUSIEST = "E01032739"


@pytest.fixture(scope="module")
def city(london: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The City's data folder."""
    return write_folder(london, tmp_path_factory.mktemp("city") / "data", residents=True)


@pytest.fixture(scope="module")
def tables(city: Path) -> ForceTables:
    """The City's tables."""
    return read_force(city)


@pytest.fixture
def data(city: Path, tmp_path: Path) -> Path:
    """A data folder to spoil."""
    return shutil.copytree(city, tmp_path / "data")


def test_every_row_is_counted_once_or_set_aside(tables: ForceTables) -> None:
    rows = int(tables.manifest.set_index("dataset")["rows"]["street_archive"])
    repeats = tables.quarantine.loc[tables.quarantine["reason"] == REPEATED, "count"].sum()
    assert rows == 32_750
    assert repeats == 555
    assert tables.borough_offences["count"].sum() + tables.antisocial_behaviour["count"].sum() == rows - repeats
    assert tables.offences["count"].sum() + tables.unlocated_offences["count"].sum() == (
        tables.borough_offences["count"].sum()
    )
    assert tables.antisocial_behaviour["count"].sum() == 2_069


def test_the_city_is_as_it_is_known(tables: ForceTables) -> None:
    assert tables.offences["month"].nunique() == 43
    assert set(tables.offences["crime_type"]) == set(tables.crime_types["crime_type"])
    by_area = tables.offences.groupby("ward_code")["count"].sum()
    assert len(by_area) == 6
    assert by_area[BUSIEST] / by_area.sum() == pytest.approx(0.72, abs=0.01)
    outside = tables.quarantine.loc[tables.quarantine["reason"] == OUTSIDE, "count"]
    assert outside.between(10, 50).all()
    assert tables.areas["bcu_name"].unique().tolist() == ["City of London Police"]
    assert tables.ward_population.query("year == 2022")["persons"].sum() == 11_457
    assert tables.ward_boundaries.empty
    severity = tables.severity.set_index("crime_type")["weight"]
    assert set(severity.index) == set(tables.crime_types["crime_type"])
    assert severity["ROBBERY"] > severity["BURGLARY"] > severity["SHOPLIFTING"]


def test_a_release_can_say_what_is_missing(tables: ForceTables, simulated_tables: ForceTables) -> None:
    said = " ".join(what_is_missing(tables))
    assert "43 months" in said
    assert "6 of 6 LSOAs have no outline" in said
    assert "Anti-social behaviour is counted apart" in said
    assert not any("outline" in sentence or "Residents" in sentence for sentence in what_is_missing(simulated_tables))


def test_the_tables_can_be_kept(tables: ForceTables, tmp_path: Path) -> None:
    save(tables, tmp_path / "tables")
    again = load(tmp_path / "tables")
    pd.testing.assert_frame_equal(again.antisocial_behaviour, tables.antisocial_behaviour)
    pd.testing.assert_frame_equal(pd.DataFrame(again.ward_boundaries), pd.DataFrame(tables.ward_boundaries))


def test_an_unpacked_archive_gives_the_same_offences(data: Path, tables: ForceTables) -> None:
    (archive,) = (data / "street_crime").glob("*.zip")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(data / "street_crime")
    archive.unlink()
    unpacked = read_force(data)
    pd.testing.assert_frame_equal(unpacked.offences, tables.offences)
    listed = unpacked.manifest[unpacked.manifest["dataset"] == "street_files"]
    assert len(listed) == 43
    assert listed["rows"].sum() == 32_750


def test_wards_serve_as_areas_too(data: Path, london: Path, tables: ForceTables) -> None:
    (data / "lookups/lsoa21_borough_bcu.csv").unlink()
    (data / "population/lsoa21_population_mid2011_mid2022_london.csv.gz").unlink()
    lookup = pd.read_csv(london / "lookups/oa21_lsoa21_ward22_borough_london.csv.gz", dtype=str)
    wards = lookup[lookup["LAD22CD"] == "E09000001"].drop_duplicates("WD22CD")
    headings = {"WD22CD": "ward22cd", "WD22NM": "ward_name", "LAD22CD": "lad22cd", "LAD22NM": "borough"}
    areas = wards.rename(columns=headings)[list(headings.values())].assign(bcu="")
    areas.to_csv(data / "lookups/ward22_borough_bcu.csv", index=False)
    weights = pd.read_csv(london / "lookups/lsoa21_to_ward22_population_weights.csv.gz")
    weights = weights[weights["ward22cd"].isin(areas["ward22cd"])]
    weights.to_csv(data / "lookups/lsoa21_to_ward22_population_weights.csv", index=False)
    entry = data / "force.toml"
    entry.write_text(entry.read_text().replace('["', '["ward_population", "'))
    by_ward = read_force(data)
    assert by_ward.offences["count"].sum() == tables.offences["count"].sum()
    assert set(by_ward.offences["ward_code"]) <= set(areas["ward22cd"])
    assert by_ward.ward_population.empty
    assert any("Residents of wards are not known" in sentence for sentence in what_is_missing(by_ward))


def test_what_is_missing_has_to_be_said(data: Path) -> None:
    entry = data / "force.toml"
    entry.write_text(entry.read_text().replace('"ward_boundaries", ', ""))
    with pytest.raises(InputError, match=r"(?s)Ward boundaries.*without = \[\"ward_boundaries\"\]"):
        read_force(data)


def test_what_is_there_is_not_said_to_be_missing(data: Path) -> None:
    entry = data / "force.toml"
    entry.write_text(entry.read_text().replace('["', '["borough_boundaries", "'))
    with pytest.raises(InputError, match="said to do without"):
        read_force(data)


def test_no_force_does_without_areas(data: Path) -> None:
    entry = data / "force.toml"
    entry.write_text(entry.read_text().replace('["', '["areas", "'))
    with pytest.raises(InputError, match="No force can do without"):
        read_force(data)
