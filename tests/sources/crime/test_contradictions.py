"""Files of the simulated force cut short, each way: whichever of two series is short, the two are refused or told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sources.crime.contradictions import AreaRows, refuse_contradictions, refuse_lost_areas
from sources.doubts import doubts
from sources.files.errors import InputError
from sources.read_force import read_force
from sources.simulated import simulate
from tests.sources.made_files import Rows, change

SHORT = r"that their boroughs do not|offences where boroughs hold|no offence of|Two editions differ by"
AREAS = pd.DataFrame({"ward_code": ["W1", "W2"], "borough_code": ["B1", "B2"]})
MONTHS = pd.date_range("2024-01-01", periods=3, freq="MS")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated force of twelve wards and five years."""
    return simulate(tmp_path_factory.mktemp("small") / "force", wards=12, months=60, seed=3)


@pytest.fixture
def data(small: Path, tmp_path: Path) -> Path:
    """A data folder to spoil, without the extract, which would tell on its own."""
    folder = shutil.copytree(small, tmp_path / "data", ignore=shutil.ignore_patterns("truth", "incidents"))
    for file in folder.glob("mps_recorded_crime/*snapshot*"):
        file.unlink()
    return folder


def first_share(rows: Rows, share: float) -> Rows:
    return rows[: int(len(rows) * share)]


@pytest.mark.integration
@pytest.mark.parametrize("share", [0.3, 0.7, 0.9])
@pytest.mark.parametrize("pattern", ["borough_historical*", "borough_recent*", "ward22_historical*"])
def test_a_file_that_ends_early_is_refused(data: Path, pattern: str, share: float) -> None:
    change(data, f"mps_recorded_crime/{pattern}", lambda rows: first_share(rows, share))
    with pytest.raises(InputError, match=SHORT):
        read_force(data)


@pytest.mark.integration
def test_offences_of_no_known_borough_that_are_lost_are_told(data: Path) -> None:
    change(
        data,
        "mps_recorded_crime/borough_historical*",
        lambda rows: [row for row in rows if "unknown" not in [cell.casefold() for cell in row]],
    )
    said = doubts(read_force(data))
    jump = r"Offences with no known ward jump in (4[7-9]|50) months: 2020-04 to 2024-02 \(0 of"
    assert any(re.match(jump, each) for each in said), said


def offences(wards: dict[str, int]) -> pd.DataFrame:
    rows = [(ward, "THEFT", month, count) for ward, count in wards.items() for month in MONTHS]
    return pd.DataFrame(rows, columns=["ward_code", "crime_type", "month", "count"])


def boroughs(counts: dict[str, int]) -> pd.DataFrame:
    return offences(counts).rename(columns={"ward_code": "borough_code"})


@pytest.mark.unit
@pytest.mark.parametrize(
    ("in_wards", "in_boroughs", "says"),
    [
        ({"W1": 1000, "W2": 1000}, {"B1": 1000, "B2": 1000, "F": 50}, None),
        ({"W1": 1000, "W2": 1000}, {"B1": 1015, "B2": 985}, None),
        ({"W1": 1000, "W2": 1000}, {"B1": 1100, "B2": 900}, "month 2024-0.: 2,000 in wards"),
        ({"W1": 1000, "W2": 20}, {"B1": 1000, "B2": 5}, "borough B2"),
        ({"W1": 1000, "W2": 40}, {"B1": 1000, "B2": 100}, "120 offences where boroughs hold 300, borough B2"),
    ],
)
def test_wards_and_boroughs_contradict_each_other_both_ways(
    in_wards: dict[str, int], in_boroughs: dict[str, int], says: str | None
) -> None:
    given = offences(in_wards), boroughs(in_boroughs), AREAS, "F", "files"
    if says is None:
        refuse_contradictions(*given)
    else:
        with pytest.raises(InputError, match=says):
            refuse_contradictions(*given)


@pytest.mark.unit
def test_an_area_that_one_edition_lost_is_named() -> None:
    whole, cut = pd.Series({"W1": 90.0, "W2": 40.0, "W3": 2.0}), pd.Series({"W1": 88.0})
    refuse_lost_areas([AreaRows("a", whole), AreaRows("b", whole.drop("W3"))], {})
    with pytest.raises(
        InputError, match=r"no offence of 1 areas that another edition has, 40 a month of Foxton"
    ) as caught:
        refuse_lost_areas([AreaRows("a", whole), AreaRows("b", cut)], {"W2": "Foxton"})
    assert caught.value.file == "b"
