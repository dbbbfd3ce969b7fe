"""A force read whole from its data folder, and kept as Parquet."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.read_force import read_force
from sources.tables.force_tables import ForceTables, load, save

pytestmark = pytest.mark.integration

PROJECTION = "population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz"
WARD_POPULATION = "derived/ward22_population_mid2011_mid2022.csv.gz"
EXTRACT = "incidents/record_level_extract.csv.gz"
NAMES = [field.name for field in fields(ForceTables) if field.name != "force"]


@pytest.fixture
def data(simulated_force: Path, tmp_path: Path) -> Path:
    """A data folder to spoil."""
    return shutil.copytree(simulated_force, tmp_path / "data")


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def assert_same(left: ForceTables, right: ForceTables) -> None:
    assert left.force == right.force
    for name in NAMES:
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(left, name)), pd.DataFrame(getattr(right, name)))


def test_the_simulated_force_says_that_it_is(simulated_tables: ForceTables) -> None:
    assert simulated_tables.force.simulated
    assert "simulated" in simulated_tables.force.name
    assert (simulated_tables.areas["force_name"] == simulated_tables.force.name).all()


def test_every_file_that_was_read_is_in_the_manifest(simulated_tables: ForceTables, simulated_force: Path) -> None:
    listed = set(simulated_tables.manifest["file"])
    folders = ("mps_recorded_crime", "incidents", "population", "lookups", "boundaries")
    there = {file for folder in folders for file in (simulated_force / folder).iterdir()}
    assert listed >= {file.relative_to(simulated_force).as_posix() for file in there}
    crime = simulated_tables.manifest[simulated_tables.manifest["reader"].isin(["mps_crime", "incidents"])]
    assert crime[["first_month", "last_month"]].notna().all(axis=None)


def test_an_extract_beside_the_wide_files_is_compared(simulated_tables: ForceTables) -> None:
    compared = simulated_tables.overlaps[simulated_tables.overlaps["dataset"] == "incidents"]
    assert len(compared) == 24
    assert compared["difference"].abs().max() < 0.01


def test_an_extract_alone_gives_the_same_offences(data: Path, simulated_tables: ForceTables) -> None:
    shutil.rmtree(data / "mps_recorded_crime")
    alone = read_force(data)
    months = alone.offences["month"].unique()
    assert len(months) == 24
    keys = ["ward_code", "crime_type", "month"]
    known = simulated_tables.offences
    wide = known[known["month"].isin(months) & (known["count"] > 0)].set_index(keys)["count"].sort_index()
    counted = alone.offences.set_index(keys)["count"].sort_index()
    assert (counted.sum() - wide.sum()) / wide.sum() == pytest.approx(0, abs=0.01)
    assert wide.sub(counted, fill_value=0).abs().sum() < 0.02 * wide.sum()
    assert alone.overlaps.empty


def test_ages_come_from_the_extract_also_beside_the_wide_files(data: Path, simulated_tables: ForceTables) -> None:
    records = pd.read_csv(data / EXTRACT)
    ages = simulated_tables.age_evidence
    for basis in ("victim", "suspect"):
        of_basis = ages[ages["basis"] == basis]
        known = records[f"{basis}_age"].value_counts()
        assert of_basis.groupby("age_low")["count"].sum().to_dict() == known.to_dict()
    assert (ages["age_low"] == ages["age_high"]).all()
    (data / EXTRACT).unlink()
    without = read_force(data)
    assert without.age_evidence.empty
    pd.testing.assert_frame_equal(without.offences, simulated_tables.offences)


def test_no_row_of_the_extract_is_in_any_table(data: Path, simulated_tables: ForceTables) -> None:
    assert pd.read_csv(data / EXTRACT)["reference"].str.startswith("SIM0").all()
    for name in NAMES:
        assert "SIM0" not in pd.DataFrame(getattr(simulated_tables, name)).to_csv()


def test_a_copy_of_the_folder_is_read_alike(data: Path, simulated_tables: ForceTables) -> None:
    """Files that say nothing of when they were made: what a copy without its dates looks like."""
    for file in data.rglob("*"):
        os.utime(file, (0, 0))
    again = read_force(data)
    for name in set(NAMES) - {"manifest"}:
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(again, name)), pd.DataFrame(getattr(simulated_tables, name)))


def test_an_extract_of_other_months_than_the_wide_files_still_gives_ages(data: Path) -> None:
    records = pd.read_csv(data / EXTRACT)
    later = pd.to_datetime(records["recorded_date"]) + pd.DateOffset(years=3)
    records.assign(recorded_date=later.dt.strftime("%Y-%m-%d")).to_csv(data / EXTRACT, index=False)
    tables = read_force(data)
    assert tables.age_evidence["count"].sum() > 0
    assert "incidents" not in set(tables.overlaps["dataset"])


def test_wards_without_boroughs_are_not_enough_even_beside_an_extract(data: Path) -> None:
    for file in (data / "mps_recorded_crime").glob("borough_*"):
        file.unlink()
    with pytest.raises(InputError, match=r"borough_historical_"):
        read_force(data)


def test_tables_are_kept_as_they_are(simulated_tables: ForceTables, tmp_path: Path) -> None:
    folder = tmp_path / "cache/tables"
    save(simulated_tables, folder)
    save(simulated_tables, folder)
    kept = load(folder)
    assert_same(kept, simulated_tables)
    assert isinstance(kept.ward_boundaries, gpd.GeoDataFrame)
    assert kept.ward_boundaries.crs == simulated_tables.ward_boundaries.crs == "EPSG:4326"
    assert [path.name for path in folder.parent.iterdir()] == ["tables"]


def test_a_disk_that_fills_leaves_what_was_there(simulated_tables: ForceTables, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    save(simulated_tables, folder)
    with files_no_larger_than(10_000), pytest.raises(InputError, match="cannot be written"):
        save(simulated_tables, folder)
    assert_same(load(folder), simulated_tables)
    assert list(tmp_path.iterdir()) == [folder]


def test_tables_that_are_not_there_say_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="wardcast run"):
        load(tmp_path / "absent")


def test_a_damaged_table_is_refused(simulated_tables: ForceTables, tmp_path: Path) -> None:
    save(simulated_tables, tmp_path / "tables")
    (tmp_path / "tables/offences.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match=r"damaged(.|\n)*wardcast run"):
        load(tmp_path / "tables")


def test_a_single_flipped_bit_in_a_kept_table_shows(simulated_tables: ForceTables, tmp_path: Path) -> None:
    save(simulated_tables, tmp_path / "tables")
    file = tmp_path / "tables/offences.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputError, match="checksum has changed"):
        load(tmp_path / "tables")


def test_a_projection_after_the_history_is_refused(data: Path) -> None:
    projection = pd.read_csv(data / PROJECTION)
    early = [str(year) for year in range(2011, 2025)]
    projection.drop(columns=early).to_csv(data / PROJECTION, index=False)
    with pytest.raises(InputError, match=r"starts on 30 June 2025, after the history ends in 2025-03") as caught:
        read_force(data)
    assert "gla_2016based" in str(caught.value)


def test_a_projection_from_the_last_year_of_history_is_enough(data: Path) -> None:
    projection = pd.read_csv(data / PROJECTION)
    projection.drop(columns=[str(year) for year in range(2011, 2024)]).to_csv(data / PROJECTION, index=False)
    steps: list[str] = []
    assert read_force(data, steps.append).borough_population_by_age["year"].min() == 2023
    assert len(steps) == len(set(steps)) > 2


def test_residents_of_wards_that_do_not_exist_are_refused(data: Path) -> None:
    population = pd.read_csv(data / WARD_POPULATION)
    population.loc[3, "ward22cd"] = "E05999999"
    population.to_csv(data / WARD_POPULATION, index=False)
    with pytest.raises(InputError, match="E05999999"):
        read_force(data)


def test_residents_may_come_by_lsoa(data: Path, simulated_tables: ForceTables) -> None:
    population = pd.read_csv(data / WARD_POPULATION).pivot(index="ward22cd", columns="year", values="population")
    (data / WARD_POPULATION).unlink()
    lsoas = [f"E0100{place:04}" for place in range(len(population))]
    (
        population.set_axis(lsoas)
        .add_prefix("pop_")
        .rename_axis("lsoa21cd")
        .to_csv(data / "population/lsoa21_population_mid2011_mid2022_here.csv")
    )
    weights = pd.DataFrame({"lsoa21cd": lsoas, "ward22cd": population.index, "weight": 1.0})
    weights.to_csv(data / "lookups/lsoa21_to_ward22_population_weights.csv", index=False)
    pd.testing.assert_frame_equal(read_force(data).ward_population, simulated_tables.ward_population)


def test_what_wards_are_like_may_be_unknown_but_not_half_known(data: Path) -> None:
    (data / "derived/ward22_iod2019_population_weighted_scores.csv.gz").unlink()
    with pytest.raises(InputError, match="Indices of Deprivation"):
        read_force(data)
    (data / "derived/ward22_census2021_ethnic_group5.csv.gz").unlink()
    assert read_force(data).ward_profile.empty


def test_a_folder_with_no_force_file_is_not_taken_for_london(data: Path) -> None:
    (data / "force.toml").unlink()
    with pytest.raises(InputError, match=r"force\.toml") as caught:
        read_force(data)
    assert "Hillingdon" in str(caught.value)


def test_two_releases_of_one_dataset_are_joined_the_later_one_counting(
    data: Path, simulated_tables: ForceTables
) -> None:
    folder = data / "mps_recorded_crime"
    (recent,) = folder.glob("ward22_recent_with_stub_*")
    later = recent.with_name(recent.name.replace("_2025", "_2026"))
    assert later != recent
    shutil.copy(recent, later)
    again = read_force(data)
    pd.testing.assert_frame_equal(again.offences, simulated_tables.offences)
    pair = again.overlaps[(again.overlaps["dataset"] == later.name) & (again.overlaps["other"] == recent.name)]
    assert len(pair) > 0
    assert (pair["difference"] == 0).all()


def test_london_has_its_wards_types_and_months(london_tables: ForceTables) -> None:
    assert not london_tables.force.simulated
    assert len(london_tables.areas) == 679
    assert len(london_tables.crime_types) == london_tables.offences["crime_type"].nunique() == 29
    assert london_tables.offences["month"].nunique() == 180
    assert london_tables.ward_population["known_from"].unique() == [pd.Timestamp("2024-11-25")]
    assert len(london_tables.ward_boundaries) == 679


def test_london_unlocated_offences_are_those_of_no_known_borough_before_2024(
    london_tables: ForceTables,
) -> None:
    unlocated = london_tables.unlocated_offences
    before = unlocated[unlocated["month"] < "2024-03-01"]
    assert before.loc[before["count"] > 0, "area_code"].unique() == [london_tables.force.code]
    of_boroughs = unlocated[unlocated["area_code"] != london_tables.force.code]
    by_month = of_boroughs.groupby("month")["count"].sum()
    assert by_month["2024-03-01":].between(1_400, 3_900).all()
