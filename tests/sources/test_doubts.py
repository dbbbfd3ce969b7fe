"""What is doubtful in a folder is told: a short newest month, files not read, sources that differ, rows set aside."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sources.doubts import doubts
from sources.files.errors import InputError
from sources.read_force import read_force
from sources.simulated import simulate
from tests.sources.made_files import Rows, change

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated force of twelve wards and five years."""
    return simulate(tmp_path_factory.mktemp("small") / "force", wards=12, months=60, seed=3)


@pytest.fixture
def data(small: Path, tmp_path: Path) -> Path:
    """A data folder to spoil."""
    return shutil.copytree(small, tmp_path / "data", ignore=shutil.ignore_patterns("truth"))


def newest_times(rows: Rows, factor: float) -> Rows:
    return [rows[0], *([*row[:-1], str(int(int(row[-1]) * factor))] for row in rows[1:])]


def test_a_simulated_force_has_few_doubts(data: Path) -> None:
    said = doubts(read_force(data), data)
    assert len(said) <= 1, said
    assert all(each.startswith("Offences with no known ward jump") for each in said)


def test_a_short_newest_month_is_told_and_can_be_left_out(data: Path) -> None:
    shutil.rmtree(data / "incidents")
    for file in data.glob("mps_recorded_crime/*snapshot*"):
        file.unlink()
    change(data, "mps_recorded_crime/*recent*", lambda rows: newest_times(rows, 0.85))
    tables = read_force(data)
    said = doubts(tables, data)
    assert said[0].startswith("The newest month, 2025-03, may not be whole: it holds")
    assert 'last_month = "2025-02"' in said[0]
    entry = data / "force.toml"
    entry.write_text('last_month = "2025-02"\n' + entry.read_text())
    shorter = read_force(data)
    assert f"{shorter.offences['month'].max():%Y-%m}" == "2025-02"
    assert not any("newest month" in each for each in doubts(shorter, data))
    left_out = shorter.quarantine[shorter.quarantine["reason"] == "after the last month that force.toml names"]
    assert set(left_out["row"]) == {"column 202503"}
    before = tables.offences[tables.offences["month"] < "2025-03"]["count"].sum()
    assert shorter.offences["count"].sum() == before


def test_a_newest_month_that_is_not_whole_is_refused_unless_it_is_said_to_be(data: Path) -> None:
    shutil.rmtree(data / "incidents")
    for file in data.glob("mps_recorded_crime/*snapshot*"):
        file.unlink()
    change(data, "mps_recorded_crime/*recent*", lambda rows: newest_times(rows, 0.4))
    with pytest.raises(InputError, match=r"2025-03 holds .* the month does not seem to be whole"):
        read_force(data)
    entry = data / "force.toml"
    entry.write_text('whole_months = ["2025-03"]\n' + entry.read_text())
    assert doubts(read_force(data))[0].startswith("The newest month, 2025-03, may not be whole")


@pytest.mark.parametrize(
    "name",
    [
        "mps_recorded_crime/ward22_recent_202503_202504.xlsx",
        "mps_recorded_crime/Ward22_recent_202503_202504.CSV",
        "mps_recorded_crime/MPS Ward Level Crime (most recent 24 months).csv",
        "incidents/extract.csv",
        "street_crime/2025-04/2025-04-quellmouth-street.csv",
        "street_crime/2025-04.zip",
        "recorded_crime.csv",
    ],
)
def test_a_crime_file_that_is_not_read_is_a_finding(data: Path, name: str) -> None:
    file = data / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("a,b\n1,2\n")
    said = doubts(read_force(data), data)
    assert any(each.startswith(f"{name} is not read") for each in said), said


def test_an_extract_that_differs_from_the_counts_beside_it_is_told(data: Path) -> None:
    change(data, "incidents/*", lambda rows: [row for at, row in enumerate(rows) if at % 20 or at == 0])
    said = doubts(read_force(data), data)
    assert any(each.startswith("incidents and borough_crime differ in 2") for each in said), said


def test_rows_set_aside_near_the_limit_are_told(data: Path) -> None:
    shutil.rmtree(data / "mps_recorded_crime")

    def spoilt(rows: Rows) -> Rows:
        date = rows[0].index("recorded_date")
        return [
            rows[0],
            *(row if at % 130 else [*row[:date], "31/03/2025", *row[date + 1 :]] for at, row in enumerate(rows[1:])),
        ]

    change(data, "incidents/*", spoilt)
    said = doubts(read_force(data), data)
    assert any("set aside (0.8%): an impossible date" in each for each in said), said
