"""The Prefect server that flows report to: the configured one, one of the schedule's, or one of a command's own.

Walks in: Prefect's settings. Walks out: an address that flows of this process and of those it starts report to. Ours
listen on this machine's loopback interface alone, and end with the process that needed them, even if it is killed.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import httpx
from prefect.context import refresh_global_settings_context
from prefect.settings import PREFECT_API_URL

from pipelines.secrets import of_server
from pipelines.settings import LOOPBACK, Settings
from pipelines.surroundings import OWN_SERVERS, set_aside_other_servers
from sources.files.errors import InputError

PATIENCE = 300.0  # seconds for a server to start: a busy machine takes minutes
PR_SET_PDEATHSIG = 1  # prctl(2)


def prefect_server(settings: Settings) -> str:
    """Return in words where the schedule's Prefect server is: the configured one, or ours."""
    configured = of_server(PREFECT_API_URL.value() or "")[0]
    return configured or f"http://{LOOPBACK}:{settings.prefect_port}, to this machine alone"


@contextmanager
def running_server(port: int) -> Iterator[str]:
    """Give the address of the configured Prefect server, or start one with its pages on this port of loopback.

    Raises
    ------
    InputError
        When another program answers on the port, or the server does not start.
    """
    if configured := PREFECT_API_URL.value():
        yield configured
        return
    _refuse_taken(port)
    set_aside_other_servers()
    address = f"http://{LOOPBACK}:{port}/api"
    # Its own pages must ask the port it listens on.
    process = subprocess.Popen(
        [sys.executable, "-m", __spec__.name, str(os.getpid()), "start", "--host", LOOPBACK, "--port", str(port)],
        env=os.environ | {"PREFECT_SERVER_UI_API_URL": address},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(address, process)
        _report_to(address)
        yield address
    finally:
        _report_to(None)
        _stop(process)


def start_own_server() -> Callable[[], None]:
    """Start a Prefect server for this command, where none is configured; return what waits until it answers.

    Prefect would start one too, but only at the first flow, and would load the server's code into the command first.
    This one starts while the command still imports its libraries, and is stopped when Python ends, after Prefect has
    sent the last of its logs. What is returned raises InputError when the server does not start.
    """
    if PREFECT_API_URL.value():
        return lambda: None
    set_aside_other_servers()
    with socket.create_server((LOOPBACK, 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, str(os.getpid()), "serve", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the command, which has yet to report how its runs ended
        )
        address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/api"
    atexit.register(_stop, process)
    _report_to(address)
    return partial(_wait_for, address, process)


def _report_to(address: str | None) -> None:
    """Let flows of this process, and of those that it starts, report to this server."""
    if address is None:
        os.environ.pop("PREFECT_API_URL", None)
    else:
        OWN_SERVERS.add(address)
        os.environ["PREFECT_API_URL"] = address
    refresh_global_settings_context()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()


def _refuse_taken(port: int) -> None:
    """Refuse a port that answers: it would be another's server, perhaps of another account."""
    with socket.socket() as asked:
        if asked.connect_ex((LOOPBACK, port)) == 0:
            raise InputError(
                "Another program uses the port of our Prefect server",
                value=f"{LOOPBACK}:{port}",
                remedy="Set another with prefect_port, or name the server to share in PREFECT_API_URL.",
            )


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.HTTPError):
            # The address is this machine's own: neither proxies nor certificates have a part in it.
            if httpx.get(f"{address}/health", timeout=5, trust_env=False).is_success:
                return
        time.sleep(0.2)
    ended = process.poll() is not None
    raise InputError(
        f"The Prefect server of this command {'ended at once' if ended else f'did not answer in {PATIENCE:.0f} s'}",
        value=address,
        remedy="Read what it said above. Its home is the folder that PREFECT_HOME names, or .prefect in the user's; or "
        "name a server that runs in PREFECT_API_URL.",
    )


def _end_with(parent: int) -> None:
    """Let the system end this process when its parent ends, however that comes about; where it can: on Linux."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before it was asked
        sys.exit()


def _serve(listening: int) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(create_app(ephemeral=True, final=True), fd=listening, log_level="error")


if __name__ == "__main__":
    _end_with(parent=int(sys.argv[1]))
    if sys.argv[2] == "serve":
        _serve(int(sys.argv[3]))
    else:
        # What was asked of the system stays when the process becomes another program.
        os.execv(sys.executable, [sys.executable, "-m", "prefect", "server", *sys.argv[2:]])
