"""MLflow and Prefect away at the start, gone midway, restarted midway."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deep.faults.conftest import Note
from tests.running.commands import Strike
from tests.running.place import Place
from tests.running.servers import Server

pytestmark = pytest.mark.e2e


@pytest.fixture
def mlflow_server(tmp_path: Path) -> Iterator[Server]:
    """An MLflow server of our own, not yet started."""
    store = [
        "--backend-store-uri",
        f"sqlite:///{tmp_path}/mlflow.db",
        "--artifacts-destination",
        str(tmp_path / "kept"),
    ]
    server = Server(
        lambda port: ["mlflow", "server", "--port", str(port), "--workers", "1", *store], "/health", tmp_path
    )
    yield server
    server.kill()


def test_mlflow_away_gone_and_restarted(place: Place, mlflow_server: Server, note: Note) -> None:
    before = place.published()
    there = {"WARDCAST_TRACKING_URI": mlflow_server.address.replace("//", "//user:not-told@")}

    away = place.run(**there)
    assert away.end() == 1
    assert "The tracking store (MLflow) does not answer" in away.said
    place.assert_as_it_was(before)
    note("MLflow away at the start", "refused in words, exit 1, before any work", "nothing")

    mlflow_server.start()
    gone = place.start(strike=Strike("mlflow:log_figure", "stop"), **there)
    gone.wait_until_it_stands()
    mlflow_server.kill()
    gone.send(signal.SIGCONT)
    assert gone.end() == 1
    assert "The tracking store (MLflow) does not answer" in gone.said
    assert "not-told" not in away.said + gone.said
    assert "Traceback" not in away.said + gone.said
    place.assert_as_it_was(before)
    note("MLflow gone midway", "waited, then failed in words, exit 1; the next run published", "that run's log")

    mlflow_server.start()
    restarted = place.start(strike=Strike("mlflow:log_figure", "stop"), MLFLOW_HTTP_REQUEST_MAX_RETRIES="7", **there)
    restarted.wait_until_it_stands()
    mlflow_server.kill()
    mlflow_server.begin()
    restarted.send(signal.SIGCONT)
    assert restarted.end() == 0, restarted.said
    place.assert_one_was_added(before)
    note("MLflow restarted midway", "the run waited for it and published", "nothing")


def test_prefect_away_and_restarted(place: Place, prefect_server: Server, note: Note) -> None:
    before = place.published()
    prefect_server.kill()
    away = place.run()
    assert away.end() == 1
    assert "The Prefect server does not answer" in away.said
    assert "Traceback" not in away.said
    place.assert_as_it_was(before)
    note("Prefect away at the start", "refused in words, exit 1, before any work", "nothing")

    prefect_server.start()
    restarted = place.start(strike=Strike("pipelines.steps.candidate:fit_at", "stop"))
    restarted.wait_until_it_stands()
    prefect_server.kill()
    prefect_server.begin()
    restarted.send(signal.SIGCONT)
    assert restarted.end() == 0, restarted.said
    place.assert_one_was_added(before)
    note("Prefect restarted midway", "the run waited for it and published", "nothing")
