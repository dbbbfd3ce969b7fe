"""Engines: whoever does the parts, the numbers are the same; a worker that dies costs time and nothing else."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pandas as pd
import psutil
import pytest
from distributed import Client
from typer.testing import CliRunner

from features.panel import Panel
from models.draws.summary import forecast_table
from models.fit import fit_at
from models.forecast.for_each import ForEach, in_turn
from models.recipes.baselines import RecentMean
from models.uncertainty.variances import estimate_noise
from pipelines.commands.cli import app
from pipelines.running import engines
from pipelines.running.engines import LOOPBACK, DaskWorkers, engine_of
from pipelines.settings import Settings
from sources.files.errors import InputError
from tests.running.places import Workplace

DASK = Path(sys.executable).with_name("dask")
SOON = 240.0  # seconds within which what is waited for comes, on a busy machine too


def until(there: Callable[[], bool]) -> None:
    """Wait until something is there."""
    end = time.monotonic() + SOON
    while not there():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def running(*words: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of Dask's commands until the block ends."""
    process = subprocess.Popen([DASK, *words], env=os.environ | variables, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def no_client_left() -> Iterator[None]:
    """Clients that could not connect are thrown away here: while the next is made, Dask would wait for itself."""
    yield
    gc.collect()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a Dask scheduler of its own process, on the loopback interface."""
    file = tmp_path / "scheduler.json"
    with running("scheduler", "--host", LOOPBACK, "--port", "0", "--no-dashboard", "--scheduler-file", str(file)):
        until(lambda: file.is_file() and file.read_text().endswith("}"))  # not while it is being written
        yield json.loads(file.read_text())["address"]


def worker(scheduler: str, name: str, **variables: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Run a worker of one thread."""
    words = ("--name", name, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", LOOPBACK)
    return running("worker", scheduler, *words, **variables)


@pytest.mark.e2e
def test_a_run_on_dask_loses_a_worker_and_forecasts_the_same(
    workplace: Workplace, released: Path, scheduler: str, tmp_path: Path
) -> None:
    elsewhere = Workplace(tmp_path, workplace.data)
    with (
        worker(scheduler, "stays"),
        worker(scheduler, "dies") as dying,
        Client(scheduler, set_as_default=False) as client,
    ):
        client.wait_for_workers(2, timeout=SOON)
        names = client.run(lambda dask_worker: dask_worker.name)
        address = next(address for address, name in names.items() if name == "dies")

        def draws() -> bool:
            """Whether the worker that is to die is at work on draws."""
            return any(str(key).startswith("summarise_major") for key in client.processing()[address])

        run = elsewhere.start("run", "--data", workplace.data, "--scheduler", scheduler)
        until(lambda: draws() or run.poll() is not None)
        assert run.poll() is None
        dying.send_signal(signal.SIGKILL)
        _, said = run.communicate(timeout=300)
    assert run.returncode == 0, said
    there = elsewhere.folder / "releases" / "latest"
    for name in ("forecast.parquet", "forecast_by_age.parquet", "scenario_differences.parquet"):
        assert (released / name).read_bytes() == (there / name).read_bytes(), name


@pytest.mark.integration
def test_threads_and_a_cluster_on_this_machine_yield_the_same_numbers(simulated_panel: Panel) -> None:
    known = simulated_panel.as_known_at(simulated_panel.months[54])

    def forecast_by(for_each: ForEach) -> pd.DataFrame:
        model = RecentMean()
        fitted = fit_at(model, known, known.last_month, partial(estimate_noise, for_each=for_each))
        return forecast_table(fitted.forecast(13), known.areas, draws=40, for_each=for_each)

    alone = forecast_by(in_turn)
    with engine_of(Settings(engine="local", workers=3)) as threads:
        pd.testing.assert_frame_equal(forecast_by(threads), alone, check_exact=True)
    with engine_of(Settings(engine="dask", workers=2)) as cluster:
        assert isinstance(cluster, DaskWorkers)
        this = psutil.Process()
        listening = [
            socket.laddr
            for process in (this, *this.children(recursive=True))
            for socket in process.net_connections()
            if socket.status == psutil.CONN_LISTEN
        ]
        assert {address.ip for address in listening} == {LOOPBACK}
        services = cluster.client.scheduler_info()["services"]
        assert httpx.get(f"http://{LOOPBACK}:{services['dashboard']}/info/main/workers.html").status_code == 404
        pd.testing.assert_frame_equal(forecast_by(cluster), alone, check_exact=True)


@pytest.mark.integration
def test_what_died_with_the_only_worker_is_handed_out_again(tmp_path: Path) -> None:
    marker = tmp_path / "died once"

    def die_once(shared: Path, part: int) -> int:
        if part == 2 and not shared.exists():
            shared.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return part * part

    with engine_of(Settings(engine="dask", workers=1)) as for_each:
        assert sorted(for_each(die_once, marker, range(5))) == [(part, part * part) for part in range(5)]
    assert marker.exists()


@pytest.mark.integration
def test_a_part_that_fails_says_so(tmp_path: Path) -> None:
    def divide(shared: int, part: int) -> float:
        return shared / part

    for engine in ("local", "dask"):
        with engine_of(Settings(engine=engine, workers=1)) as for_each, pytest.raises(ZeroDivisionError):
            list(for_each(divide, 1, [1, 0]))


@pytest.mark.integration
def test_nobody_without_its_certificate_joins_a_cluster_on_this_machine() -> None:
    with engine_of(Settings(engine="dask", workers=1)) as for_each:
        assert isinstance(for_each, DaskWorkers)
        address = for_each.client.scheduler.address
        for stranger in (address, address.replace("tls://", "tcp://")):
            with pytest.raises((OSError, TypeError)):
                Client(stranger, timeout=2, set_as_default=False)
            gc.collect()  # as in `no_client_left`
        assert dict(for_each(_double, 2, [1, 2])) == {1: 2, 2: 4}


def _double(shared: int, part: int) -> int:
    return shared * part


@pytest.mark.integration
def test_workers_of_other_code_are_refused(scheduler: str) -> None:
    # Without git on its path, a worker cannot tell which commit it runs.
    with (
        worker(scheduler, "other", PATH=""),
        pytest.raises(InputError, match="does not run this version"),
        engine_of(Settings(engine="dask", scheduler=scheduler)),
    ):
        pass


@pytest.mark.integration
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere.invalid:8786", "gopher://127.0.0.1:8786"])
def test_a_scheduler_that_is_not_there_is_said_at_once(
    simulated_force: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 1)
    said = CliRunner().invoke(app, ["run", "--data", os.fspath(simulated_force), "--scheduler", address])
    assert said.exit_code == 1
    assert "The Dask scheduler cannot be reached" in said.stderr
    assert address in said.stderr


@pytest.mark.integration
def test_a_scheduler_without_workers_is_said(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 1)
    with pytest.raises(InputError, match="has no workers"), engine_of(Settings(engine="dask", scheduler=scheduler)):
        pass
