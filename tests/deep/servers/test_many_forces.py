"""Many forces from one folder: each on its own, and one that fails is said without stopping the others."""

from __future__ import annotations

import socket
import time
import tomllib
from pathlib import Path

import pandas as pd
import psutil
import pytest
from typer.testing import CliRunner

from pipelines.commands.cli import app
from pipelines.running.many_forces import forces_in, run_forces
from pipelines.settings import load_settings
from sources.files.errors import InputError
from tests.running.places import Workplace


def unused_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two forces of 14 and 12 wards."""
    out = tmp_path_factory.mktemp("country") / "forces"
    words = ["--forces", "2", "--wards", "26", "--months", "48", "--seed", "3", "--workers", "1"]
    made = CliRunner().invoke(app, ["simulate", "--out", str(out), *words])
    assert made.exit_code == 0, made.stderr
    return out


@pytest.mark.integration
def test_forces_are_found_largest_first_and_by_name(country: Path) -> None:
    names = forces_in(country)
    wards = [len(pd.read_csv(country / name / "lookups/ward22_borough_bcu.csv")) for name in names]
    assert wards == [14, 12]
    assert forces_in(country, [names[1]]) == [names[1]]
    assert forces_in(country / names[0]) == []
    with pytest.raises(InputError, match=names[0]):
        forces_in(country, ["nowhere"])
    with pytest.raises(InputError, match="this is the folder of one force"):
        forces_in(country / names[0], ["nowhere"])


@pytest.mark.integration
def test_no_two_forces_share_a_name_or_a_ward(country: Path) -> None:
    entries = [tomllib.loads((country / name / "force.toml").read_text()) for name in forces_in(country)]
    assert len({entry["name"] for entry in entries}) == len({entry["code"] for entry in entries}) == 2
    assert all("simulated" in entry["name"] for entry in entries)
    wards = pd.concat([pd.read_csv(country / name / "lookups/ward22_borough_bcu.csv") for name in forces_in(country)])
    assert wards["ward22cd"].is_unique
    assert wards.groupby("lad22cd")["bcu"].nunique().eq(1).all()


@pytest.mark.integration
def test_a_country_replaces_a_country_and_nothing_else(country: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("of somebody")
    words = ["--forces", "2", "--wards", "24", "--months", "48"]
    refused = CliRunner().invoke(app, ["simulate", "--out", str(tmp_path), *words])
    assert refused.exit_code == 1
    assert "notes.txt, which no simulation wrote" in refused.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.e2e
def test_one_that_fails_is_said_and_the_other_is_released(country: Path, tmp_path: Path) -> None:
    damaged, whole = forces_in(country)
    lookup = country / damaged / "lookups/ward22_borough_bcu.csv"
    lookup.rename(lookup.with_suffix(".elsewhere"))
    try:
        done = Workplace(tmp_path, country).wardcast(
            *("run", "--data", country, "--model", "seasonal-naive", "--horizon", 3),
            WARDCAST_PREFECT_PORT=str(unused_port()),
        )
    finally:
        lookup.with_suffix(".elsewhere").rename(lookup)
    assert done.returncode == 1
    assert f"{damaged} failed: Error: " in done.stderr
    assert "lookups/ward22_borough_bcu" in done.stderr
    assert "1 of 2 forces failed" in done.stderr
    assert (tmp_path / "releases" / whole / "latest" / "index.html").is_file()
    assert not (tmp_path / "releases" / damaged / "latest").exists()
    assert (tmp_path / "mlruns" / whole / "mlflow.db").is_file()


@pytest.mark.e2e
@pytest.mark.timeout(1200)
def test_who_is_stopped_leaves_no_process_behind(country: Path, tmp_path: Path) -> None:
    run = Workplace(tmp_path, country).start(
        "run", "--data", country, WARDCAST_PREFECT_PORT=str(unused_port()), WARDCAST_WORKERS="2"
    )
    logs = [tmp_path / "cache" / force / "run.log" for force in forces_in(country)]
    end = time.monotonic() + 480
    while not all(log.exists() and "Reading" in log.read_text() for log in logs):
        assert time.monotonic() < end
        assert run.poll() is None
        time.sleep(0.1)
    begun = psutil.Process(run.pid).children(recursive=True)
    assert len(begun) >= 3  # two forces and a server
    run.terminate()
    _, said = run.communicate(timeout=300)
    assert run.returncode == 130, said
    assert "Stopped." in said
    _, left = psutil.wait_procs(begun, timeout=120)
    assert left == []


@pytest.mark.unit
@pytest.mark.parametrize("setting", ["tracking_uri", "database_address"])
def test_servers_in_which_forces_would_overwrite_each_other_are_refused(setting: str) -> None:
    with pytest.raises(InputError, match="overwrite each other"):
        next(run_forces(load_settings(**{setting: "postgresql://there/wardcast"}), {}, ["one", "another"]))
