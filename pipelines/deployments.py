"""The schedule: when what runs by itself runs, served by this process.

Walks in: cron times from the settings. Walks out: deployments in Prefect, run one at a time, until it is stopped.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import httpx
from prefect import Flow, serve
from prefect.deployments.runner import RunnerDeployment
from prefect.settings import PREFECT_API_URL, temporary_settings

from pipelines.scheduled import daily_check, monthly_refresh, quarterly_retraining
from pipelines.secrets import of_server
from pipelines.settings import Settings
from sources.contracts import InputError

LOOPBACK = "127.0.0.1"
PATIENCE = 120.0  # seconds for a server to start
ONE_AT_A_TIME = 1


def planned(settings: Settings) -> list[tuple[Flow[..., str], str]]:
    """Return what runs by itself, each with its times (cron)."""
    return [
        (daily_check, settings.daily_check_at),
        (monthly_refresh, settings.monthly_refresh_at),
        (quarterly_retraining, settings.quarterly_retraining_at),
    ]


def serve_schedule(settings: Settings) -> None:
    """Serve the schedule until stopped, with a Prefect server of our own if none is configured.

    A check runs at once, so that what was missed while nothing was served is caught up, once. Runs take no parameters,
    so none can hold a secret.
    """
    with running_server(settings.prefect_port) as address, temporary_settings({PREFECT_API_URL: address}):
        daily_check(return_state=True)  # a failure is kept in its run, and must not keep the schedule from serving
        served = [
            cast(RunnerDeployment, flow.to_deployment(flow.name, cron=cron, concurrency_limit=ONE_AT_A_TIME))
            for flow, cron in planned(settings)
        ]
        serve(*served, limit=ONE_AT_A_TIME, print_starting_message=False)


def prefect_server(settings: Settings) -> str:
    """Return in words where the Prefect server is: the configured one, or ours."""
    configured = of_server(PREFECT_API_URL.value() or "")[0]
    return configured or f"http://{LOOPBACK}:{settings.prefect_port}, to this machine alone"


@contextmanager
def running_server(port: int) -> Iterator[str]:
    """Give the address of the configured Prefect server, or start one on this machine's loopback interface."""
    if configured := PREFECT_API_URL.value():
        yield configured
        return
    address = f"http://{LOOPBACK}:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)]
    # Its own pages must ask the port it listens on.
    process = subprocess.Popen(
        command, env=os.environ | {"PREFECT_SERVER_UI_API_URL": address}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(address, process)
        os.environ["PREFECT_API_URL"] = address  # for the processes that the runs are
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=5).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise InputError(
        "The Prefect server did not start",
        value=address,
        remedy="See whether another program uses the port; set another with prefect_port, or PREFECT_API_URL.",
    )
