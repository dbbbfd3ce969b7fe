"""Bad input through the command line: each fault is told with its file, place, value and remedy; nothing changes."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipelines.commands.cli import app
from tests.running.places import Workplace

pytestmark = pytest.mark.e2e

CRIME = "mps_recorded_crime/"
HISTORICAL, WITH_STUB = f"{CRIME}ward22_historical_", f"{CRIME}ward22_recent_with_stub_"
SNAPSHOT, BOROUGHS = f"{CRIME}ward22_snapshot_", f"{CRIME}borough_recent_"
EXTRACT = "incidents/record_level_extract"
LOOKUP, POPULATION = "lookups/ward22_borough_bcu", "derived/ward22_population_mid"
PROJECTION = "population/gla_2016based_housing_led_borough"

Spoil = Callable[[Path], None]


@pytest.fixture
def data(workplace: Workplace, tmp_path: Path) -> Path:
    """A data folder to spoil."""
    return shutil.copytree(workplace.data, tmp_path / "data")


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], str]]:
    """Run `wardcast check` on a folder that it must refuse, and return what it says."""

    def refused(folder: Path) -> str:
        done = CliRunner().invoke(app, ["check", "--data", str(folder)])
        assert done.exit_code == 1, done.output
        assert "Traceback" not in done.output
        assert done.stderr.count("What to do: ") == 1
        return done.stderr

    monkeypatch.chdir(tmp_path)
    with patch.dict(os.environ):  # the command sets variables for the tools it starts
        yield refused


def file_of(data: Path, start: str) -> Path:
    (file,) = data.glob(f"{start}*")
    return file


def as_text(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def rewritten(start: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Spoil:
    """Return what changes the table of one file; its row n is row n + 2 of the file."""

    def spoil(data: Path) -> None:
        file = file_of(data, start)
        change(as_text(file)).to_csv(file, index=False)

    return spoil


def cell(start: str, row: int, column: str, value: str) -> Spoil:
    """Return what puts a value into one cell; row is the row of the file."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row - 2, column] = value
        return table

    return rewritten(start, change)


def replaced(start: str, change: Callable[[bytes], bytes]) -> Spoil:
    """Return what changes the bytes of one file."""

    def spoil(data: Path) -> None:
        file = file_of(data, start)
        file.write_bytes(change(file.read_bytes()))

    return spoil


def removed(start: str) -> Spoil:
    return lambda data: file_of(data, start).unlink()


def row_repeated(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table.iloc[:40], table.iloc[[7]], table.iloc[40:]])


def month_twice(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_axis(["202402" if column == "202401" else column for column in table.columns], axis="columns")


def three_per_cent_more(table: pd.DataFrame) -> pd.DataFrame:
    counts = table["202412"].astype(int)
    table.loc[counts.idxmax(), "202412"] = str(counts.max() + round(0.03 * counts.sum()))
    return table


def without_early_years(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=[str(year) for year in range(2011, 2026)])


def a_month_less(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["recorded_date"].str.startswith("2024-06")]


CASES: dict[str, tuple[Spoil, list[str]]] = {
    # name: what is done to the folder, and what must be said of it
    "missing file": (
        removed(LOOKUP),
        ["lacks required files", "lookups/ward22_borough_bcu.csv", "docs/data.md", "https://geoportal.statistics.gov.uk/"],
    ),
    "missing part of a series": (
        removed(BOROUGHS),
        ["ward files hold 13 months that the borough files do not", "from 2024-03 to 2025-03", "Supply the borough"],
    ),
    "not a CSV": (
        replaced(LOOKUP, lambda _: b"<!doctype html>\n<title>Sign in</title>\n"),
        ["lacks a column", "ward22_borough_bcu.csv", "column ward22cd", "docs/data.md"],
    ),
    "a workbook under the name of a CSV": (
        replaced(HISTORICAL, lambda _: b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xfe\x9d"),
        ["not UTF-8 text", "ward22_historical_", "Save it as CSV"],
    ),
    "not GeoJSON": (
        replaced("boundaries/ward_2024", lambda content: content[:-40]),
        ["not GeoJSON, or is cut short", "ward_2024_bsc_", "Obtain the file again"],
    ),
    "truncated gzip": (
        replaced(HISTORICAL, lambda content: content[: len(content) // 2]),
        ["cut short or damaged", "ward22_historical_", "Obtain the file again"],
    ),
    "wrong encoding": (
        replaced(POPULATION, lambda content: gzip.decompress(content).replace(b"E05", b"\xc9\x30\x35", 1)),
        ["not UTF-8 text", "ward22_population_mid", r"row 2, value b'\xc905", "Save it as CSV in UTF-8"],
    ),
    "missing identifier column": (
        rewritten(WITH_STUB, lambda table: table.drop(columns="minortext")),
        ["identifier column is missing", "ward22_recent_with_stub_", "column minortext", "the file has: majortext"],
    ),
    "names of columns that differ in case only": (
        rewritten(WITH_STUB, lambda table: table.assign(WardCode=table["wardcode"])),
        ["same name", "capitals", "ward22_recent_with_stub_", "row 1, column WardCode", "Keep one"],
    ),
    "month column missing in the middle": (
        rewritten(HISTORICAL, lambda table: table.drop(columns=["202301", "202305"])),
        ["2 of the month columns", "ward22_historical_", "column 202301, 202305", "Obtain the file again"],
    ),
    "month column twice": (
        rewritten(HISTORICAL, month_twice),
        ["same name", "ward22_historical_", "column 202402", "Keep one"],
    ),
    "month column twice, one renamed": (
        rewritten(HISTORICAL, lambda table: table.assign(**{"202401.1": "0"})),
        ["is not a month", "ward22_historical_", "column 202401.1", "Give each month once"],
    ),
    "negative count": (
        cell(HISTORICAL, 17, "202310", "-3"),
        ["number of at least zero", "ward22_historical_", "row 17, column 202310, value '-3'", "Correct the cell"],
    ),
    "fractional count": (
        cell(WITH_STUB, 23, "202410", "2.5"),
        ["whole number", "ward22_recent_with_stub_", "row 23, column 202410, value '2.5'", "Correct the cell"],
    ),
    "text for a count": (
        cell(BOROUGHS, 5, "202410", "few"),
        ["whole number", "borough_recent_", "row 5, column 202410, value 'few'", "Correct the cell"],
    ),
    "a count beyond belief": (
        cell(HISTORICAL, 17, "202310", "99999999999999999999"),
        ["more than 1,000,000,000", "row 17, column 202310, value '99999999999999999999'", "Correct the cell"],
    ),
    "unknown ward": (
        cell(WITH_STUB, 31, "wardcode", "E05000026"),
        ["Not in the ward lookup", "ward22_recent_with_stub_", "row 31, column wardcode, value 'E05000026'", "vintage"],
    ),
    "unknown ward where only totals are compared": (
        cell(SNAPSHOT, 12, "WardCode", "E05000026"),
        ["Not in the ward lookup", "ward22_snapshot_", "row 12, column wardcode, value 'E05000026'", "vintage"],
    ),
    "unknown borough": (
        cell(BOROUGHS, 6, "boroughname", "Atlantis"),
        ["Not in the ward lookup", "borough_recent_", "row 6, column boroughname, value 'ATLANTIS'", "force.toml"],
    ),
    "unknown crime type": (
        cell(HISTORICAL, 44, "minortext", "Dragon theft"),
        ["unknown crime type", "ward22_historical_", "row 44", "value 'DRAGON THEFT'", "crime_vocabulary.csv"],
    ),
    "the same ward and type twice": (
        rewritten(HISTORICAL, row_repeated),
        ["repeat what an earlier row gives", "ward22_historical_", "row 42", "value 'E05", "Keep one row"],
    ),
    "residents of a ward that does not exist": (
        cell(POPULATION, 5, "ward22cd", "E05999999"),
        ["Not in the ward lookup", "ward22_population_mid", "row 5, column ward22cd, value 'E05999999'", "vintage"],
    ),
    "a projection that starts after the history": (
        rewritten(PROJECTION, without_early_years),
        ["starts on 30 June 2026, after the history ends in 2025-03", "gla_2016based", "column 2026", "Supply a"],
    ),
    "editions that differ": (
        rewritten(WITH_STUB, three_per_cent_more),
        ["differ by +", "in 2024-12, where 2% is allowed", "ward22_recent_with_stub_", "column 202412", "Ask the"],
    ),
    "empty file": (
        replaced(PROJECTION, lambda _: b""),
        ["The file is empty", "gla_2016based", "Obtain the file again"],
    ),
    "header only": (
        rewritten(BOROUGHS, lambda table: table.iloc[:0]),
        ["a header but no rows", "borough_recent_", "Obtain the file again"],
    ),
    "unknown type in the extract": (
        cell(EXTRACT, 90, "offence_type", "DRAGON THEFT"),
        ["unknown offence type", "record_level_extract", "row 90, column offence_type)", "Use a"],
    ),
    "a month missing in the extract": (
        rewritten(EXTRACT, a_month_less),
        ["No offence was recorded in 2024-06", "record_level_extract", "column recorded_date", "Add the records"],
    ),
    "a column missing in the extract": (
        rewritten(EXTRACT, lambda table: table.drop(columns="victim_age")),
        ["lacks a column", "record_level_extract", "column victim_age", "give its column this name"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_explained(data: Path, check: Callable[[Path], str], case: str) -> None:
    spoil, said = CASES[case]
    spoil(data)
    explanation = check(data)
    missing = [words for words in said if words not in explanation]
    assert not missing, f"{missing} not in: {explanation}"


def test_a_missing_folder_is_explained(tmp_path: Path, check: Callable[[Path], str]) -> None:
    explanation = check(tmp_path / "nowhere")
    assert "There is no such data folder" in explanation
    assert "nowhere" in explanation
    assert "wardcast simulate" in explanation


def test_the_folder_is_fine_before_it_is_spoilt(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with patch.dict(os.environ):
        done = CliRunner().invoke(app, ["check", "--data", str(data)])
    assert done.exit_code == 0, done.output


def contents(folder: Path) -> dict[str, str]:
    """Return every file and link below a folder with what it holds."""
    return {
        entry.relative_to(folder).as_posix(): str(entry.readlink())
        if entry.is_symlink()
        else sha256(entry.read_bytes()).hexdigest()
        for entry in folder.rglob("*")
        if entry.is_symlink() or entry.is_file()
    }


def test_a_run_on_bad_input_leaves_the_last_release(workplace: Workplace, released: Path, data: Path) -> None:
    before = contents(released.parent)
    assert before["latest"] == released.name
    spoil, said = CASES["unknown ward"]
    spoil(data)
    done = workplace.wardcast("run", "--data", data)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert all(words in done.stderr for words in said), done.stderr
    assert contents(released.parent) == before


def test_a_process_that_refuses_its_input_exits_with_one(workplace: Workplace, data: Path) -> None:
    spoil, said = CASES["truncated gzip"]
    spoil(data)
    done = workplace.wardcast("check", "--data", data)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert all(words in done.stderr for words in said), done.stderr
