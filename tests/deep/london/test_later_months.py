"""Folders of releases later than those of the bundle: real files, the newest months copied as months to come."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources.catalogue.catalogue import load_catalogue
from sources.catalogue.data_folder import DataFolder
from sources.crime.offence_history import OffenceHistory
from sources.files.errors import InputError
from sources.recorded_crime import read_recorded_crime
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration

LAST = "202503"
TO_COME = ["202504", "202505", "202506", "202507", "202508", "202509"]
RECENT, WITH_STUB = "ward22_recent_202402_202503", "ward22_recent_with_stub_202402_202503"
BOROUGH_RECENT = "borough_recent_202403_202503"
HISTORICAL, BOROUGH_HISTORICAL = "ward22_historical_201004_202402", "borough_historical_201004_202402"


@pytest.fixture(scope="module")
def shorter(london: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The crime files of the bundle that give counts, the historical ones from 2022-03 only."""
    folder = tmp_path_factory.mktemp("shorter") / "mps_recorded_crime"
    folder.mkdir()
    for name in (RECENT, WITH_STUB, BOROUGH_RECENT, HISTORICAL, BOROUGH_HISTORICAL):
        table = pd.read_csv(london / "mps_recorded_crime" / f"{name}.csv.gz")
        months = [column for column in table.columns if column.isdigit()]
        table.drop(columns=months[:-24]).to_csv(folder / f"{name}.csv", index=False)
    return folder.parent


@pytest.fixture
def data(shorter: Path, tmp_path: Path) -> Path:
    """A copy of them to change."""
    return shutil.copytree(shorter, tmp_path / "data")


@pytest.fixture
def read(london_tables: ForceTables) -> Callable[[Path], OffenceHistory]:
    catalogue = load_catalogue()
    return lambda data: read_recorded_crime(DataFolder(data, catalogue, catalogue.force), london_tables.areas)


def renewed(data: Path, name: str, later: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Replace a crime file by a later release of another name."""
    old = data / "mps_recorded_crime" / f"{name}.csv"
    change(pd.read_csv(old)).to_csv(old.with_name(f"{later}.csv"), index=False)
    if later != name:
        old.unlink()


def six_months_more(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with six made-up months, each the last month with a few offences more."""
    more = {month: table[LAST] + (table.index % 400 == place) for place, month in enumerate(TO_COME)}
    return table.assign(**more)


def total(history: OffenceHistory, month: str) -> int:
    return int(history.offences.loc[history.offences["month"] == pd.Timestamp(f"{month}01"), "count"].sum())


def assert_reaches_september(history: OffenceHistory) -> None:
    months = pd.date_range("2022-03-01", "2025-09-01", freq="MS")
    for table in (history.offences, history.borough_offences, history.unlocated_offences):
        assert sorted(table["month"].unique()) == list(months)
    copied = total(history, LAST)
    assert all(copied < total(history, month) < 1.01 * copied for month in TO_COME)
    located = history.offences.groupby("month")["count"].sum()
    coverage = located / (located + history.unlocated_offences.groupby("month")["count"].sum())
    assert coverage["2025-04":].to_numpy() == pytest.approx(coverage["2025-03-01"], abs=0.002)
    assert not history.quarantine["reason"].str.contains("only the").any()


@pytest.mark.parametrize("present", [(RECENT, WITH_STUB), (RECENT,), (WITH_STUB,)])
def test_six_months_more_are_read(data: Path, read: Callable[[Path], OffenceHistory], present: tuple[str, ...]) -> None:
    for name in (RECENT, WITH_STUB, BOROUGH_RECENT):
        if name in (*present, BOROUGH_RECENT):
            renewed(data, name, name.replace("202503", "202509"), six_months_more)
        else:
            (data / f"mps_recorded_crime/{name}.csv").unlink()
    assert_reaches_september(read(data))


def test_a_later_release_counts_before_one_that_was_left_in_the_folder(
    data: Path, read: Callable[[Path], OffenceHistory]
) -> None:
    """The new release has no stub file of its own and revises March 2025, as later releases do."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        later = six_months_more(table).drop(columns=["202402", "202403"])
        return later.assign(**{LAST: later[LAST] - (later.index % 300 == 0) * (later[LAST] > 0)})

    renewed(data, RECENT, "ward22_recent_202404_202509", change)
    renewed(data, BOROUGH_RECENT, "borough_recent_202403_202509", six_months_more)
    history = read(data)
    used = history.spans.set_index("file")["months_used"]
    assert used.filter(like="with_stub").tolist() == [1]  # March 2024, which the new release no longer holds
    assert used["ward22_recent_202404_202509.csv"] == 18
    revised = pd.read_csv(data / "mps_recorded_crime/ward22_recent_202404_202509.csv")
    fraud = revised["MinorText"].str.upper().isin(["FRAUD AND FORGERY", "NFIB"])
    assert total(history, LAST) == revised.loc[~fraud, LAST].sum()


def test_a_history_that_was_brought_forward_and_a_stub_of_its_last_month(
    data: Path, read: Callable[[Path], OffenceHistory]
) -> None:
    """Historical files to September 2024; recent ones from a stub of September to September 2025."""
    crime = data / "mps_recorded_crime"
    months = [f"2024{month:02}" for month in range(3, 10)]
    recent = {name: pd.read_csv(crime / f"{name}.csv") for name in (RECENT, BOROUGH_RECENT)}
    for name, now in ((HISTORICAL, RECENT), (BOROUGH_HISTORICAL, BOROUGH_RECENT)):

        def forward(table: pd.DataFrame, now: str = now) -> pd.DataFrame:
            added = recent[now].rename(columns=str.lower)
            keys = [column for column in table.columns if not column.isdigit()]
            return table.merge(added[[*keys, *months]], on=keys, how="outer").fillna(0)

        renewed(data, name, name.replace("202402", "202409"), forward)

    def rolled(table: pd.DataFrame) -> pd.DataFrame:
        table = six_months_more(table).drop(columns=["202402", *months[:-1]], errors="ignore")
        return table.assign(**{"202409": (np.arange(len(table)) % 400 == 0).astype(int)})

    (crime / f"{WITH_STUB}.csv").unlink()
    renewed(data, RECENT, "ward22_recent_202409_202509", rolled)
    renewed(data, BOROUGH_RECENT, "borough_recent_202409_202509", rolled)
    history = read(data)
    assert_reaches_september(history)
    assert history.quarantine["reason"].str.contains("a stub").sum() == 2


def test_a_recent_file_that_is_not_there_ends_the_history_sooner(
    data: Path, read: Callable[[Path], OffenceHistory]
) -> None:
    for name in (RECENT, WITH_STUB, BOROUGH_RECENT):
        (data / f"mps_recorded_crime/{name}.csv").unlink()
    assert read(data).offences["month"].max() == pd.Timestamp("2024-02")


def test_ward_files_that_run_on_without_borough_files_are_refused(
    data: Path, read: Callable[[Path], OffenceHistory]
) -> None:
    (data / f"mps_recorded_crime/{BOROUGH_RECENT}.csv").unlink()
    with pytest.raises(InputError, match=r"ward files hold 13 months that the borough files do not, from 2024-03"):
        read(data)


def test_wards_that_the_lookup_has_not_are_named(data: Path, read: Callable[[Path], OffenceHistory]) -> None:
    """The new release has wards of a later year, the lookup is as it was."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        table = six_months_more(table)
        codes = table["WardCode"].unique()[:2]
        return table.replace({"WardCode": {codes[0]: "E05019998", codes[1]: "E05019999"}})

    renewed(data, RECENT, "ward22_recent_202402_202509", change)
    with pytest.raises(InputError, match=r"Not in the ward lookup: E05019998, E05019999") as caught:
        read(data)
    assert Path(str(caught.value.file)).name == "ward22_recent_202402_202509.csv"
    assert (caught.value.row, caught.value.column) == (2, "wardcode")
    assert "ward22_borough_bcu.csv" in caught.value.remedy
