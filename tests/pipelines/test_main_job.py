"""The main job, end to end through the command line, on a small simulated force."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipelines.running.refresh_lock import LOCK
from publication.release.release import latest, verify
from publication.tables.dictionary import undescribed
from tests.running.place import QUICK, Place
from tests.running.places import ERR, OUT, Workplace

pytestmark = pytest.mark.e2e


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with hardly any room."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small file system")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("this machine mounts no file systems")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


def test_a_run_ends_in_a_whole_release(workplace: Workplace, released: Path) -> None:
    assert latest(workplace.folder / "releases") == released
    assert verify(released) == []
    assert undescribed(released) == []
    manifest = json.loads((released / "manifest.json").read_text())
    assert manifest["simulated"] is True
    assert manifest["horizon_months"] == 15
    assert "SIMULATED" in (released / "index.html").read_text()


def test_the_last_word_of_a_run_is_its_result(workplace: Workplace, released: Path) -> None:
    out, err = ((workplace.pristine / name).read_text(encoding="utf-8").splitlines() for name in (OUT, ERR))
    assert released.name in out[-1]
    assert err[-1].startswith("Writing the release")  # DuckDB used to add lines about leaks


def test_the_forecast_adds_up_in_every_file(released: Path) -> None:
    table = pd.read_parquet(released / "forecast.parquet").query("scenario == 'central' and measure == 'located'")
    cell = ["crime_level", "crime_type", "period", "month"]
    by_level = table.groupby(["area_level", *cell], observed=True)["mean"].sum()
    for level in ("ward", "borough", "bcu"):
        # Wards have no totals that would give protected types away.
        force = by_level["force"].reindex(by_level[level].index)
        pd.testing.assert_series_equal(by_level[level], force, rtol=1e-6, atol=1e-3)
    force = next((released / "csv").glob("force*.csv"))
    located = pd.read_csv(force).query("scenario == 'central' and measure == 'located' and area_level == 'force'")
    shown = located.query("crime_type == 'all' and period == 'year'")
    assert shown["mean"].item() == pytest.approx(by_level["force", "all", "all", "year"].item(), abs=1e-3)


def test_the_forecast_is_plausible_beside_the_history(released: Path) -> None:
    table = pd.read_parquet(released / "forecast.parquet")
    history = pd.read_parquet(released / "history.parquet")
    recent = history[history["month"] > history["month"].max() - pd.DateOffset(months=12)]
    located = recent.loc[recent["area_level"] == "ward", "count"].sum()
    year = table.query(
        "measure == 'located' and area_level == 'force' and crime_type == 'all' and period == 'year'"
    ).iloc[0]
    assert year["mean"] == pytest.approx(located, rel=0.2)
    assert year["q025"] < year["mean"] < year["q975"]


def test_the_run_is_tracked_with_its_scores_and_manifest(workplace: Workplace, released: Path) -> None:
    run_id = json.loads((released / "manifest.json").read_text())["run_id"]
    with sqlite3.connect(workplace.folder / "mlruns" / "mlflow.db") as store:
        metrics = dict(store.execute("select key, value from latest_metrics where run_uuid = ?", (run_id,)))
        parameters = dict(store.execute("select key, value from params where run_uuid = ?", (run_id,)))
        versions = store.execute("select count(*) from model_versions where run_id = ?", (run_id,)).fetchone()
    assert metrics["wape_ward_minor"] < metrics["naive_wape_ward_minor"]
    assert parameters["model"] == "boosted"
    assert versions == (1,)
    artifacts = workplace.folder / "mlruns" / "artifacts" / run_id / "artifacts"
    assert (artifacts / "tables" / "data_manifest.csv").is_file()
    assert list((artifacts / "plots").glob("*.png"))


def test_backtest_and_score_agree_and_last_month_can_be_an_origin(workplace: Workplace) -> None:
    out, draws = workplace.folder / "bt.parquet", workplace.folder / "draws.parquet"
    origins = ("--origin", "2024-01", "--origin", "2025-03")
    done = workplace.wardcast(
        "backtest", "--data", workplace.data, *origins, "--horizon", 12, "--out", out, "--draws-file", draws
    )
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(out)
    assert set(table["origin"]) == {pd.Timestamp("2024-01-01"), pd.Timestamp("2025-03-01")}
    again = workplace.wardcast("score", out, "--data", workplace.data, "--draws-file", draws)
    assert again.returncode == 0, again.stderr
    assert again.stdout == done.stdout
    assert "naive wape" in done.stdout
    ahead = workplace.folder / "ahead.parquet"
    done = workplace.wardcast("backtest", "--data", workplace.data, "--origin", "2025-03", "--out", ahead)
    assert done.returncode == 0
    assert "nothing to score" in done.stdout


def test_ctrl_c_in_a_process_with_its_own_server_leaves_the_last_release_served(
    place: Place, prefect_home: Path
) -> None:
    before = place.published()
    process = Workplace(place.folder, place.folder / "data").start(
        "run", "--data", "data", **QUICK | {"PREFECT_HOME": str(prefect_home)}
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Building the panel"):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    place.assert_as_it_was(before)


@pytest.mark.parametrize("stage", ["Fitting", "Drawing possible futures"])
def test_ctrl_c_at_any_stage_leaves_the_last_release_served(place: Place, stage: str) -> None:
    before = place.published()
    command = place.start()
    command.wait_until_it_says(stage)
    command.send(signal.SIGINT)
    assert command.end() == 130, command.said
    assert "Traceback" not in command.err
    place.assert_as_it_was(before)


def test_a_full_disk_is_explained_and_leaves_nothing(workplace: Workplace, full_disk: Path) -> None:
    cached = workplace.wardcast("run", "--data", workplace.data, WARDCAST_CACHE=str(full_disk))
    backtested = workplace.wardcast(
        "backtest", "--data", workplace.data, "--origin", "2025-03", "--out", full_disk / "x.parquet"
    )
    for done in (cached, backtested):
        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert "What to do" in done.stderr
        assert "Traceback" not in done.stderr
    assert [file.name for file in full_disk.iterdir()] in ([], [LOCK])


def test_a_device_is_no_file_to_write_to(workplace: Workplace) -> None:
    done = workplace.wardcast("backtest", "--data", workplace.data, "--origin", "2025-03", "--out", "/dev/null")
    assert done.returncode == 1
    assert "no file to write to" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--data", "nowhere"), "no such data folder"),
        (("run", "--data", "data", "--model", "oracle"), "no such model"),
        (("run", "--data", "data", "--horizon", "61"), "less than or equal to 60"),
        (("backtest", "--data", "data", "--origin", "March", "--out", "x.parquet"), "An origin is a month"),
        (("backtest", "--data", "data", "--origin", "2031-01", "--out", "x.parquet"), "not a month of the history"),
        (("backtest", "--data", "data", "--origin", "2024-03", "--out", "no/x.parquet"), "folder to write to"),
        (("backtest", "--data", "data", "--origin", "2022-01", "--out", "x.parquet"), "too few to learn"),
        (("score", "absent.parquet", "--data", "data"), "not there"),
        (("simulate", "--out", "small", "--wards", "3"), "12"),
    ],
)
def test_mistakes_are_explained(workplace: Workplace, words: tuple[str, ...], said: str) -> None:
    done = workplace.wardcast(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "What to do" in done.stderr
    assert "Traceback" not in done.stderr
