"""Street-level files of police.uk are counted by area, type and month; what is odd is placed, set aside or refused."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest

from sources.catalogue.police_forces import police_force_named, read_police_forces
from sources.crime.crime_types import read_crime_types
from sources.files.errors import InputError
from sources.street.archive import StreetFile, street_files
from sources.street.places import Places, read_places
from sources.street.street_crime import (
    OUTSIDE,
    REPEATED,
    SPLIT,
    read_street,
    read_street_crime_types,
    street_type_of_harmonised,
)

pytestmark = pytest.mark.unit

COLUMNS = [
    *("Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code"),
    *("LSOA name", "Crime type", "Last outcome category", "Context"),
]
FORCE = "E23000034"
MERGED, ONE, TWO, SPLIT_OLD = "E01000010", "E01000001", "E01000002", "E01000020"
NEW_ONE, NEW_TWO, NEW_OUTSIDE = "E01030001", "E01030002", "E01030003"
AREAS = pd.DataFrame(
    {
        "ward_code": [ONE, TWO, NEW_ONE, NEW_TWO],
        "borough_code": ["E09000001", "E09000001", "E09000002", "E09000002"],
        "borough_name": ["Alphaham", "Alphaham", "Betaton", "Betaton"],
    }
)


def row(month: str, lsoa: str = ONE, kind: str = "Burglary", crime_id: str = "", at: str = "1", **other: str) -> dict:
    name = "Betaton 001A" if lsoa.startswith("E0103") or lsoa in {SPLIT_OLD, MERGED} else "Alphaham 002B"
    given = {"Crime ID": crime_id, "Month": month, "LSOA code": lsoa, "LSOA name": name if lsoa else ""}
    return dict.fromkeys(COLUMNS, "") | given | {"Crime type": kind, "Longitude": at, "Latitude": "51.5"} | other


def written(folder: Path, rows: list[dict], columns: list[str] = COLUMNS) -> list[StreetFile]:
    """Return the files of the rows, one a month."""
    files = []
    for month in sorted({one["Month"] for one in rows}):
        text = io.StringIO()
        table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(one for one in rows if one["Month"] == month)
        file = folder / f"{month}-kent-street.csv"
        file.write_text(text.getvalue())
        files.append(file)
    return street_files([], files, None)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The four areas, and a lookup with an unchanged, a merged and a split LSOA of 2011."""
    lookup = tmp_path / "lookup.csv"
    pairs = [(ONE, ONE), (MERGED, NEW_ONE), (SPLIT_OLD, NEW_ONE), (SPLIT_OLD, NEW_TWO)]
    pd.DataFrame(pairs, columns=["LSOA11CD", "LSOA21CD"]).to_csv(lookup, index=False)
    return read_places(AREAS, None, lookup)


def test_offences_are_counted_by_area_type_and_month(tmp_path: Path, places: Places) -> None:
    rows = [row("2024-01"), row("2024-01"), row("2024-01", TWO, "Drugs"), row("2024-02", "", "Drugs")]
    tables = read_street(written(tmp_path, rows), AREAS, places, FORCE)
    counted = tables.offences.set_index(["ward_code", "crime_type"])["count"]
    assert counted.to_dict() == {(ONE, "BURGLARY"): 2, (TWO, "DRUGS"): 1}
    nowhere = tables.unlocated_offences.set_index(["crime_type", "month"])["count"]
    assert nowhere["DRUGS", pd.Timestamp("2024-02-01")] == 1
    assert nowhere.sum() == 1
    assert len(nowhere) == 4  # both types in both months, zeros too: they were published
    assert tables.borough_offences.groupby("borough_code")["count"].sum().to_dict() == {"E09000001": 3, FORCE: 1}


def test_antisocial_behaviour_stays_apart(tmp_path: Path, places: Places) -> None:
    kind = "Anti-social behaviour"
    rows = [row("2024-01"), row("2024-01", kind=kind), row("2024-01", kind=kind), row("2024-01", "", kind)]
    tables = read_street(written(tmp_path, rows), AREAS, places, FORCE)
    assert tables.antisocial_behaviour.set_index("area_code")["count"].to_dict() == {ONE: 2, FORCE: 1}
    assert tables.borough_offences["count"].sum() == 1
    assert len(read_street_crime_types()) == 13


def test_of_a_repeated_id_the_row_with_a_place_in_the_force_counts(tmp_path: Path, places: Places) -> None:
    outside = {"lsoa": "E01009999", "crime_id": "a", "LSOA name": "Gammaford 001A"}
    rows = [
        *(row("2024-01", "", crime_id="a"), row("2024-01", **outside), row("2024-01", TWO, crime_id="a")),
        *(row("2024-01", crime_id="b"), row("2024-01"), row("2024-01"), row("2024-02", crime_id="b")),
    ]
    tables = read_street(written(tmp_path, rows), AREAS, places, FORCE)
    assert tables.offences["count"].sum() == 5  # no id is no repeat, nor is the same one in another month
    assert tables.offences.set_index("ward_code").loc[TWO, "count"] == 1
    assert tables.unlocated_offences["count"].sum() == 0
    assert tables.quarantine[["reason", "count"]].to_numpy().tolist() == [[REPEATED, 2]]


def test_offences_outside_the_force_have_no_known_area(tmp_path: Path, places: Places) -> None:
    rows = [row("2024-01"), row("2024-01"), row("2024-01", "E01009999", **{"LSOA name": "Gammaford 001A"})]
    tables = read_street(written(tmp_path, rows), AREAS, places, FORCE)
    assert tables.unlocated_offences["count"].sum() == 1
    assert tables.quarantine[["reason", "count"]].to_numpy().tolist() == [[OUTSIDE, 1]]


def test_lsoas_of_2011_are_carried_over(tmp_path: Path, places: Places) -> None:
    rows = [
        *(row("2023-01", MERGED), row("2023-01", SPLIT_OLD, at="7"), row("2023-01", SPLIT_OLD, at="9")),
        *(row("2023-01"), row("2024-01", NEW_TWO, at="7")),
    ]
    files = written(tmp_path, [*rows, *(row(f"2023-{month:02}") for month in range(2, 13))])
    tables = read_street(files, AREAS, places, FORCE)
    january = tables.offences[tables.offences["month"] == "2023-01"].set_index("ward_code")["count"]
    assert january.to_dict() == {ONE: 1, NEW_ONE: 1, NEW_TWO: 1}  # point 7 was seen in the second part, 9 nowhere
    assert tables.quarantine[["reason", "count"]].to_numpy().tolist() == [[SPLIT, 1]]


def test_wards_need_weights_and_take_each_lsoa_whole(tmp_path: Path) -> None:
    wards = AREAS.iloc[:2].assign(ward_code=["E05000001", "E05000002"])
    with pytest.raises(InputError, match="weights of LSOAs"):
        read_places(wards, None, None)
    file = tmp_path / "weights.csv"
    file.write_text(
        f"lsoa21cd,ward22cd,weight\n{ONE},E05000001,0.3\n{ONE},E05000002,0.7\n{TWO},E05000001,1\n", encoding="utf-8"
    )
    assert read_places(wards, file, None).area_of_lsoa == {ONE: "E05000002", TWO: "E05000001"}


def test_without_the_lookup_other_lsoas_are_refused_only_if_many(tmp_path: Path) -> None:
    places = read_places(AREAS, None, None)
    rows = [row("2024-01", SPLIT_OLD), *(row("2024-01") for _ in range(98))]
    with pytest.raises(InputError, match=r"lookups/lsoa11_to_lsoa21_exact"):
        read_street(written(tmp_path, rows), AREAS, places, FORCE)
    tables = read_street(written(tmp_path, [*rows, row("2024-01"), row("2024-01")]), AREAS, places, FORCE)
    assert tables.unlocated_offences["count"].sum() == 1


def test_a_lookup_of_elsewhere_is_refused(tmp_path: Path) -> None:
    lookup = tmp_path / "lookup.csv"
    lookup.write_text("LSOA11CD,LSOA21CD\nE01009998,E01009999\n", encoding="utf-8")
    with pytest.raises(InputError, match="No LSOA of the lookup is of the force"):
        read_places(AREAS, None, lookup)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"Month": "2024-02"}, "row is of another month"),
        ({"Crime type": "Violent crime"}, "unknown crime type.*row 3.*Violent crime"),
    ],
)
def test_wrong_rows_are_refused(tmp_path: Path, places: Places, other: dict[str, str], said: str) -> None:
    files = written(tmp_path, [row("2024-01"), row("2024-01")])
    table = pd.read_csv(files[0].path, dtype=str, keep_default_na=False)
    for column, value in other.items():
        table.loc[1, column] = value
    table.to_csv(files[0].path, index=False)
    with pytest.raises(InputError) as caught:
        read_street(files, AREAS, places, FORCE)
    assert re.search(f"{said}|{said.capitalize()}", str(caught.value), re.IGNORECASE)


@pytest.mark.parametrize("column", ["Crime ID", "Month", "LSOA code", "Crime type"])
def test_a_missing_column_is_refused(tmp_path: Path, places: Places, column: str) -> None:
    files = written(tmp_path, [row("2024-01")], [each for each in COLUMNS if each != column])
    with pytest.raises(InputError, match=column):
        read_street(files, AREAS, places, FORCE)


def test_the_archive_of_another_force_is_refused(tmp_path: Path, places: Places) -> None:
    rows = [row("2024-01"), *(row("2024-01", "E01009999", **{"LSOA name": "Gammaford 001A"}) for _ in range(3))]
    with pytest.raises(InputError, match="3 of 4 rows lie outside"):
        read_street(written(tmp_path, rows), AREAS, places, FORCE)


def test_a_stub_at_the_end_is_set_aside(tmp_path: Path, places: Places) -> None:
    rows = [row(month) for month in ("2024-01", "2024-02", "2024-03") for _ in range(40)]
    tables = read_street(written(tmp_path, [*rows, row("2024-04")]), AREAS, places, FORCE)
    assert tables.offences["month"].max() == pd.Timestamp("2024-03-01")
    assert tables.quarantine["count"].tolist() == [1]


def test_every_harmonised_type_lies_in_one_of_the_broad_ones() -> None:
    broader = street_type_of_harmonised()
    assert set(broader) == set(read_crime_types()["crime_type"])
    assert set(broader.values()) == set(read_street_crime_types()["crime_type"])


def test_forces_are_found_by_any_of_their_names() -> None:
    assert len({force.code for force in read_police_forces()}) == 43
    for name in ("city-of-london", "City of London Police", "city of london"):
        assert police_force_named(name).code == FORCE
    assert police_force_named("Devon & Cornwall").street_force == "devon-and-cornwall"
    assert police_force_named("Quellmouth").home_office == "", "a force of its own, which police.uk has no files of"
