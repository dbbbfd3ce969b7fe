"""A force with crime types and codes of its own: its extract and its wide files are read by them, everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from features.panel import build_panel
from sources.crime.own_types import read_own_types
from sources.files.errors import InputError
from sources.places.geography import read_areas
from sources.read_force import read_force
from sources.simulated import simulate
from sources.tables.force_tables import Force
from tests.sources.made_files import Rows, change, read_rows, write_rows

HEAD = "crime_type,major_type,neighbourhood_crime,finest_open_level"
FORCE = Force("Own Police", "OWN", simulated=False)


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "crime_types.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


@pytest.mark.unit
def test_types_are_read_with_all_that_is_said_of_them(tmp_path: Path) -> None:
    own = read_own_types(
        written(
            tmp_path,
            "Petty theft,Theft,yes,ward,Larceny;  petty  LARCENY,12.5,yes",
            "Assault,Violence,no,borough,,310,no",
            head=f"{HEAD},published,severity,ages",
        )
    )
    assert own.crime_types.to_numpy().tolist() == [
        ["PETTY THEFT", "THEFT", True, "ward"],
        ["ASSAULT", "VIOLENCE", False, "borough"],
    ]
    assert own.severity.set_index("crime_type")["weight"].to_dict() == {"PETTY THEFT": 12.5, "ASSAULT": 310.0}
    assert own.without_ages == {"ASSAULT"}
    names = own.vocabulary.set_index("published_minor")["crime_type"].to_dict()
    assert names == {
        "PETTY THEFT": "PETTY THEFT",
        "LARCENY": "PETTY THEFT",
        "PETTY LARCENY": "PETTY THEFT",
        "ASSAULT": "ASSAULT",
    }
    assert read_own_types(written(tmp_path, "A,B,no,force")).severity.empty


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rows", "head", "says"),
    [
        (["A,B,perhaps,ward"], HEAD, r"neither yes nor no.*row 2.*neighbourhood_crime"),
        (["A,B,no,street"], HEAD, "finest_open_level"),
        (["A,B,no,ward", "a ,C,no,ward"], HEAD, "repeat"),
        ([",B,no,ward"], HEAD, "name is empty"),
        (["A,B,no,ward,-3"], f"{HEAD},severity", "number of at least zero"),
        (["A,B,no,ward,0"], f"{HEAD},severity", "contract"),
        (["A,B,no,ward,x", "C,B,no,ward,X"], f"{HEAD},published", "two crime types.*row 3"),
        (["A,B,no,ward,3"], f"{HEAD},harm", "would not be read.*harm"),
        (["A,B,no"], "crime_type,major_type,neighbourhood_crime", "finest_open_level"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, rows: list[str], head: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_own_types(written(tmp_path, *rows, head=head))


@pytest.fixture(scope="module")
def of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated force with codes W-1, B-1, F-1, and its types renamed, in every file."""
    data = simulate(tmp_path_factory.mktemp("own") / "force", wards=12, months=48, seed=2)
    shutil.rmtree(data / "truth")
    areas = read_rows(data / "lookups/ward22_borough_bcu.csv")
    codes = {row[0]: f"W-{at}" for at, row in enumerate(areas)}
    codes |= {code: f"B-{at}" for at, code in enumerate(dict.fromkeys(row[2] for row in areas[1:]))}
    codes = {code: own for code, own in codes.items() if code[1:].isdigit()}

    def recoded(rows: Rows) -> Rows:
        return [[codes.get(cell, cell) for cell in row] for row in rows]

    for file in data.rglob("*.csv*"):
        write_rows(file, recoded(read_rows(file)))
    ages = next(data.glob("derived/*.parquet"))
    pd.read_parquet(ages).replace({"ward22cd": codes}).to_parquet(ages)
    for file in data.glob("boundaries/*.geojson"):
        text = file.read_text()
        for code, own in codes.items():
            text = text.replace(code, own)
        file.write_text(text)
    entry = data / "force.toml"
    entry.write_text(entry.read_text().replace("E23990001", "F-1"))
    return data


@pytest.mark.integration
def test_codes_are_whatever_the_force_uses(of_its_own: Path) -> None:
    tables = read_force(of_its_own)
    assert tables.areas["ward_code"].str.startswith("W-").all()
    assert set(tables.unlocated_offences["area_code"]) <= {"F-1", "B-0", "B-1", "B-2", "B-3", "B-4"}
    panel = build_panel(tables)
    assert set(panel.offences["ward"].to_numpy()) == set(tables.areas["ward_code"])
    assert len(tables.ward_boundaries) == 12


@pytest.mark.integration
def test_an_extract_is_counted_by_the_forces_own_types(of_its_own: Path, tmp_path: Path) -> None:
    data = shutil.copytree(of_its_own, tmp_path / "data", ignore=shutil.ignore_patterns("mps_recorded_crime"))
    before = read_force(data)
    own = {name: f"Offence {at}" for at, name in enumerate(sorted(before.crime_types["crime_type"]))}

    def renamed(rows: Rows) -> Rows:
        return [[own.get(cell.upper(), cell) for cell in row] for row in rows if "FRAUD" not in " ".join(row).upper()]

    harmonised = before.crime_types.set_index("crime_type")["major_type"]
    change(data, "incidents/*", lambda rows: renamed(known(rows, set(own))))
    rows = [f"{new},{harmonised[old].title()} group,no,ward,{at + 1},yes" for at, (old, new) in enumerate(own.items())]
    rows[0] = rows[0].removesuffix("yes") + "no"
    written(data, *rows, "Never recorded,Nothing,no,ward,5,yes", head=f"{HEAD},severity,ages")
    tables = read_force(data)
    found = set(tables.crime_types["crime_type"])
    assert found <= {name.upper() for name in own.values()}, "what was never recorded is no type of the force's"
    assert len(found) > 20
    assert tables.offences["count"].sum() <= before.offences["count"].sum()
    assert tables.severity.set_index("crime_type")["weight"]["OFFENCE 3"] == 4
    assert "OFFENCE 0" not in set(tables.age_evidence["crime_type"])
    assert "OFFENCE 1" in set(tables.age_evidence["crime_type"])


def known(rows: Rows, names: set[str]) -> Rows:
    """Return the rows whose type is written as it is harmonised; the extract also has the publisher's names."""
    place = rows[0].index("offence_type")
    return [rows[0], *(row for row in rows[1:] if row[place].upper() in names)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("ward", "borough", "passes"),
    [
        *(("W 1", "B_1", True), ("12", "3", True), ("=1+1", "B", False), ("../x", "B", False)),
        *(("X", "X", False), ("OWN", "B", False)),
    ],
)
def test_codes_are_checked_for_sense(tmp_path: Path, ward: str, borough: str, passes: bool) -> None:
    path = tmp_path / "ward22_borough_bcu.csv"
    path.write_text(f"ward22cd,ward_name,lad22cd,borough,bcu\n{ward},One,{borough},Town,\n")
    if passes:
        assert read_areas(path, FORCE)["ward_code"].tolist() == [ward]
    else:
        with pytest.raises(InputError, match=r"contract|two kinds"):
            read_areas(path, FORCE)
