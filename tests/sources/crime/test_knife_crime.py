"""Knife crime as series of its own, with the traps of the publisher's file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.crime.knife_crime import SERIES, read_knife_crime
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

AREAS = pd.DataFrame({"borough_code": ["E09000001", "E09000002"], "force_code": "E23000001"})
NAMES = ["month_year", "area_type", "area_name", "area_code", "crime_subtype", "measure", "count"]
ROWS = [
    ("2024-01-01", "Borough", "Eastham", "E09000001  ", "Knife Crime", "Offences", 5),
    ("2024-01-01", "Borough", "Eastham", "E09000001  ", "Knife Crime with Injury", "Offences", 2),
    ("2024-01-01", "Borough", "Eastham", "E09000001  ", "Knife Crime", "Positive Outcomes", 4),
    ("2024-01-01", "Safer Neighbourhood Teams", "Quay", "E05000001", "Knife Crime", "Offences", 5),
    ("2024-02-01", "Borough", "Westham", "E09000002", "Knife Crime", "Offences", 3),
    ("2024-02-01", "Borough", "N/K (Legacy Only)", None, "Knife Crime", "Offences", 1),
    ("2024-02-01", "Borough", "Non MET police force", None, "Knife Crime", "Offences", 1),
]


def knife_crime(folder: Path, rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=NAMES)
    table["month_year"] = pd.to_datetime(table["month_year"])
    table.to_parquet(folder / "knife.parquet")
    return read_knife_crime(folder / "knife.parquet", AREAS)


def test_borough_rows_count_once_and_the_unknown_stand_under_the_force(tmp_path: Path) -> None:
    table = knife_crime(tmp_path, ROWS)
    counts = table.set_index(["area_code", "series", "month"])["count"]
    january, february = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")
    assert counts["E09000001", "knife crime", january] == 5
    assert counts["E09000001", "knife crime with injury", january] == 2
    assert counts["E09000002", "knife crime", january] == 0, "no row is none"
    assert counts["E23000001", "knife crime", february] == 2
    assert counts.sum() == 12
    assert len(counts) == 3 * len(SERIES) * 2


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("2024-02-01", "Borough", "Eastham", "E09000001", "Gun Crime", "Offences", 1), "subtype that is not known"),
        (("2024-02-01", "Borough", "Eastham", "E09000001", "Knife Crime", "Offences", 1.5), "whole number"),
        (("2024-04-01", "Borough", "Eastham", "E09000001", "Knife Crime", "Offences", 1), "month between"),
        (("2990-04-01", "Borough", "Eastham", "E09000001", "Knife Crime", "Offences", 1), "month cannot be told"),
        (ROWS[0], "repeat"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, row: tuple, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        knife_crime(tmp_path, [*ROWS, row])


def test_a_file_without_offences_by_borough_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows of offences by borough"):
        knife_crime(tmp_path, ROWS[2:4])


def test_london_agrees_with_its_teams(london: Path) -> None:
    file = next((london / "mps_dashboards").glob("knife_crime_*"))
    areas = pd.read_csv(london / "lookups/ward22_borough_bcu.csv")
    code = next(name for name in areas if areas[name].astype(str).str.match(r"^E09\d{6}$").all())
    boroughs = areas[[code]].rename(columns={code: "borough_code"}).assign(force_code="E23000001")
    totals = read_knife_crime(file, boroughs).groupby("series")["count"].sum()
    raw = pd.read_parquet(file)
    teams = raw[(raw["area_type"] != "Borough") & (raw["measure"] == "Offences")]
    by_team = teams.groupby("crime_subtype", observed=True)["count"].sum()
    assert {SERIES[str(name)]: int(count) for name, count in by_team.items()} == totals.to_dict()
