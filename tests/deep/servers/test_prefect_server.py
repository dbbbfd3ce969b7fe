"""A Prefect server of ours ends with the command that needed it, and one of somebody else is not taken for ours."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from pipelines.running.prefect_server import running_server, start_own_server
from sources.files.errors import InputError

pytestmark = pytest.mark.integration
RUN = """
import os, sys
from pipelines.running.prefect_server import start_own_server
start_own_server()()
print(os.environ["PREFECT_API_URL"], flush=True)
sys.stdin.read()
"""
SCHEDULE = """
import socket, sys
from pipelines.running.prefect_server import running_server
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
with running_server(port) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("code", "how"),
    [(RUN, "killed"), (RUN, "done"), (SCHEDULE, "killed")],
    ids=["run killed", "run done", "schedule killed"],
)
def test_our_server_ends_with_its_command(
    code: str, how: str, prefect_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(prefect_home))
    command = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert command.stdin is not None
    assert command.stdout is not None
    health = f"{command.stdout.readline().strip()}/health"
    assert httpx.get(health, timeout=60).json() is True
    if how == "killed":
        command.kill()
    command.stdin.close()
    command.wait(60)
    deadline = time.monotonic() + 60
    while answers(health):
        assert time.monotonic() < deadline, "the server outlives its command"
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=60).is_success
    except httpx.HTTPError:
        return False


def test_a_server_that_dies_as_it_starts_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr("pipelines.running.prefect_server.sys.executable", "/bin/false")
    monkeypatch.setattr("pipelines.running.prefect_server._report_to", lambda address: None)  # for other tests' sake
    with pytest.raises(InputError, match="The Prefect server of this command ended at once"):
        start_own_server()()


def test_a_configured_server_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.running.prefect_server.subprocess.Popen", pytest.fail)
    monkeypatch.setattr("pipelines.running.prefect_server.PREFECT_API_URL.value", lambda: "http://127.0.0.1:1/api")
    start_own_server()()
    with running_server(1) as address:
        assert address == "http://127.0.0.1:1/api"


def test_a_server_of_somebody_else_is_not_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"Another program uses the port(.|\n)*{port}"), running_server(port):
            pass
