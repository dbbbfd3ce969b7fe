from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.places.geography import (
    lsoas_to_wards,
    read_areas,
    read_borough_boundaries,
    read_lsoa_weights,
    read_ward_boundaries,
    rows_of_force,
    wards_without_boundary,
)
from sources.tables.contracts import AREAS
from sources.tables.force_tables import Force

FORCE = Force("Testshire Police", "E23000099", simulated=True)
HEADER = "ward22cd,ward_name,lad22cd,borough,bcu"
ROWS = [
    "E05000901,Abbey,E09000101,Ashton,North East",
    "E05000902,Mill & Quay,E09000101,Ashton,North East",
    "E05000903,Abbey,E09000102,Barford,South (Docks)",
]


def lookup(folder: Path, *rows: str) -> Path:
    path = folder / "lookup.csv"
    path.write_text("\n".join([HEADER, *(rows or ROWS)]) + "\n", encoding="utf-8")
    return path


def boundaries(folder: Path, codes: list[str], name: str = "WD24CD") -> Path:
    square = {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 51]]]}
    each = [{"type": "Feature", "properties": {name: code}, "geometry": square} for code in codes]
    path = folder / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": each}))
    return path


@pytest.fixture
def areas(tmp_path: Path) -> pd.DataFrame:
    return read_areas(lookup(tmp_path), FORCE)


@pytest.mark.unit
def test_areas_keep_their_contract_and_units_get_codes_from_their_names(areas: pd.DataFrame) -> None:
    assert list(areas) == list(AREAS.columns)
    assert areas["bcu_code"].tolist() == ["BCU-NORTH-EAST", "BCU-NORTH-EAST", "BCU-SOUTH-DOCKS"]
    assert areas["ward_name"].tolist() == ["Abbey", "Mill & Quay", "Abbey"]
    assert set(areas["force_code"]) == {"E23000099"}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("E05000901,Abbey,E09000101,Ashton,North East", "row 5.*E05000901"),
        ("E05000901,Abbey,E09000102,Barford,South (Docks)", "two boroughs: E09000101 and E09000102.*row 5"),
        ("E05000904,Dean,E09000101,Ashton,South (Docks)", "two command units.*row 5.*E09000101"),
        ("E05000904,Dean,E09000101,Ashtown,North East", "two names.*row 5"),
        ("E05000904,Dean,E09000103,Corley,North-East", "nearly the same name.*row 5"),
        ("E0500090,Dean,E09000101,Ashton,North East", "row 5, column ward_code, value 'E0500090'"),
        ("E05000904,Dean,,Ashton,North East", "row 5, column borough_code"),
        ("E05000904,,E09000101,Ashton,North East", "row 5, column ward_name"),
        ("E05000904,Dean,E09000103,Corley,", "row 5, column bcu_name"),
        ("E05000904,Dean,E09000103", "row 5"),
    ],
)
def test_a_lookup_that_contradicts_itself_is_refused(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_areas(lookup(tmp_path, *ROWS, row), FORCE)


@pytest.mark.unit
def test_a_damaged_lookup_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([HEADER, *ROWS]).encode())
    for content, says in (
        (b"", "empty"),
        (whole[:-12], "cut short"),
        (f"{HEADER}\n".encode(), "no rows"),
        (HEADER.replace("bcu", "unit").encode() + b"\n", "column bcu"),
    ):
        path = tmp_path / "damaged.csv"
        path.write_bytes(content)
        with pytest.raises(InputError, match=says):
            read_areas(path, FORCE)
    with pytest.raises(InputError, match=r"no such file"):
        read_areas(tmp_path / "absent.csv", FORCE)


@pytest.mark.unit
def test_wards_without_a_polygon_are_named_and_others_keep_the_order_of_the_lookup(
    tmp_path: Path, areas: pd.DataFrame
) -> None:
    found = read_ward_boundaries(boundaries(tmp_path, ["E05000903", "E05009288", "E05000901"]), areas)
    assert found["code"].tolist() == ["E05000901", "E05000903"]
    assert list(found) == ["code", "geometry"]
    assert wards_without_boundary(found, areas) == ["E05000902"]


@pytest.mark.unit
def test_boundaries_of_the_wrong_kind_or_vintage_are_refused(tmp_path: Path, areas: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"no ward of the force"):
        read_ward_boundaries(boundaries(tmp_path, ["E05000001"]), areas)
    with pytest.raises(InputError, match=r"feature 2"):
        read_ward_boundaries(boundaries(tmp_path, ["E05000901", "E05000901"]), areas)
    with pytest.raises(InputError, match=r"there are LAD24CD"):
        read_ward_boundaries(boundaries(tmp_path, ["E09000101"], "LAD24CD"), areas)
    with pytest.raises(InputError, match=r"no such file"):
        read_borough_boundaries(tmp_path / "absent.geojson")


@pytest.mark.unit
def test_only_the_city_and_sums_of_boroughs_may_be_left_out(areas: pd.DataFrame) -> None:
    codes = areas["borough_code"]
    table = pd.DataFrame({"lad": ["E09000101", "E09000001", "E12000007", "E09000102"]}, index=[2, 3, 4, 5])
    assert rows_of_force(table, "lad", codes, Path("a.csv")).index.tolist() == [2, 5]
    table.loc[6] = ["E09000199"]
    with pytest.raises(InputError, match=r"a.csv, row 6, column lad, value 'E09000199'"):
        rows_of_force(table, "lad", codes, Path("a.csv"))
    table.loc[6, "lad"] = None
    with pytest.raises(InputError, match=r"a.csv, row 6, column lad"):
        rows_of_force(table, "lad", codes, Path("a.csv"))
    city = pd.Series(["E09000001"])
    assert rows_of_force(table.loc[[3]], "lad", city, Path("a.csv")).index.tolist() == [3]


@pytest.mark.unit
def test_lsoas_are_shared_among_wards(tmp_path: Path, areas: pd.DataFrame) -> None:
    path = tmp_path / "weights.csv"
    header = "lsoa21cd,ward22cd,weight\n"
    shares = "L1,E05000901,0.25\nL1,E05000902,0.75\nL2,E05000902,0.4\nL2,E05009288,0.6\n"
    path.write_text(header + shares)
    weights = read_lsoa_weights(path, areas)
    values = pd.DataFrame({"persons": [100.0, 10.0]}, index=["L1", "L2"])
    by_ward = lsoas_to_wards(values, weights, areas, Path("values.csv"))
    assert by_ward["persons"].to_dict() == {"E05000901": 25.0, "E05000902": 79.0}
    with pytest.raises(InputError, match=r"values.csv.*'L2'"):
        lsoas_to_wards(values.loc[["L1"]], weights, areas, Path("values.csv"))
    for rows, says in (
        ("L1,E05000901,0.9\n", "do not sum to one.*'L1: 0.900'"),
        ("L1,E05000901,0.5\nL1,E05000901,0.5\n", "row 3"),
        ("L1,E05000777,1\n", "row 2.*'E05000777'"),
        ("L1,E05000901,-1\nL1,E05000902,2\n", "row 2, column weight"),
    ):
        path.write_text(header + rows)
        with pytest.raises(InputError, match=says):
            read_lsoa_weights(path, areas)


@pytest.mark.integration
def test_london(london: Path) -> None:
    force = Force("Metropolitan Police", "E23000001", simulated=False)
    areas = read_areas(london / "lookups/ward22_borough_bcu.csv", force)
    assert areas[["ward_code", "borough_code", "bcu_code"]].nunique().tolist() == [679, 32, 12]
    assert areas["ward_name"].nunique() == 669
    wards = read_ward_boundaries(london / "boundaries/ward_2024_bsc_london.geojson", areas)
    assert wards["code"].tolist() == areas["ward_code"].tolist()
    assert wards_without_boundary(wards, areas) == []
    boroughs = read_borough_boundaries(london / "boundaries/borough_2024_bsc_london.geojson")
    assert set(boroughs["code"]) == {*areas["borough_code"], "E09000001"}
    # Each ward lies in its borough: a point of the one is in the other, for all but a few rough polygons.
    inside = wards.set_geometry(wards.representative_point()).sjoin(boroughs, predicate="within")
    expected = areas.set_index("ward_code")["borough_code"]
    assert (inside["code_right"] == inside["code_left"].map(expected)).mean() > 0.99
