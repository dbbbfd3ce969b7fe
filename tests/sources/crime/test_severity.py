"""The severity of crime types: means of offences' weights by what was recorded."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.crime.crime_types import read_crime_types
from sources.crime.severity import OFFENCE_CODES_FILE, read_severity
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

WEIGHTS = [("56A", 800.0), ("56B", 100.0), ("46", 12.0), ("1", 8000.0), ("4.1", 8000.0), ("4.1", 8000.0)]
VOLUMES = [
    ("Kent", "Criminal damage and arson", "56A", 1),
    ("Kent", "Criminal damage and arson", "56B", 2),
    ("Kent", "Criminal damage and arson", "56B", 1),
    ("Kent", "Theft offences", "46", 0),
    ("Essex", "Theft offences", "46", 5),
    ("Essex", "Criminal damage and arson", "56A", 1000),
    ("Action Fraud", "Fraud offences", "AF", 9),
]


def severity(
    folder: Path, weights: list[tuple] = WEIGHTS, volumes: list[tuple] = VOLUMES, force: str = "Kent"
) -> dict[str, float]:
    names = ["Force Name", "Offence Group", "Offence Code", "Number of Offences"]
    pd.DataFrame(weights, columns=["code_original", "weight"]).to_csv(folder / "weights.csv", index=False)
    pd.DataFrame(volumes, columns=names).to_csv(folder / "volumes.csv", index=False)
    table = read_severity(folder / "weights.csv", folder / "volumes.csv", force)
    return dict(zip(table["crime_type"], table["weight"], strict=True))


def test_offences_count_as_often_as_the_force_recorded_them(tmp_path: Path) -> None:
    found = severity(tmp_path)
    assert found["ARSON"] == pytest.approx((800 + 3 * 100) / 4)
    assert found["SHOPLIFTING"] == 12, "which Kent did not record: the volumes of all forces"


def test_every_code_belongs_to_one_of_the_crime_types() -> None:
    codes = pd.read_csv(OFFENCE_CODES_FILE, dtype=str)
    assert codes["offence_code"].is_unique
    assert set(codes["crime_type"]) == set(read_crime_types()["crime_type"])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"weights": [*WEIGHTS, ("46", 13.0)]}, "repeat"),
        ({"weights": WEIGHTS[:2]}, "no weight"),
        ({"weights": [*WEIGHTS, ("45", -1)]}, "at least zero"),
        ({"volumes": [*VOLUMES, ("Kent", "Theft offences", "999Z", 1)]}, "belongs to no crime type"),
        ({"force": "Surrey"}, "no such force"),
    ],
)
def test_what_cannot_be_weighed_is_refused(tmp_path: Path, change: dict, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        severity(tmp_path, **change)


def test_london_weighs_every_type_in_a_plausible_order(london: Path) -> None:
    table = read_severity(
        next((london / "harm_weights").glob("ons_*")),
        next((london / "home_office").glob("prc_*")),
        "Metropolitan Police",
    )
    weight = table.set_index("crime_type")["weight"]
    assert set(weight.index) == set(read_crime_types()["crime_type"])
    ordered = [
        "SHOPLIFTING",
        "THEFT FROM THE PERSON",
        "VIOLENCE WITH INJURY",
        "RESIDENTIAL BURGLARY",
        "RAPE",
        "HOMICIDE",
    ]
    assert weight[ordered].is_monotonic_increasing
    assert weight["ROBBERY OF PERSONAL PROPERTY"] == pytest.approx(799.63, abs=0.01)
