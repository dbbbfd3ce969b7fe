"""The schedule: when what runs by itself runs, served by this process.

Walks in: cron times from the settings. Walks out: deployments in Prefect, run one at a time, until it is stopped.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname
from types import FrameType
from typing import cast

from prefect import Flow, serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment

from pipelines.flows.scheduled import daily_check, monthly_refresh, quarterly_retraining
from pipelines.running.prefect_server import running_server
from pipelines.settings import Settings
from pipelines.steps.candidate import workplace
from sources.files.errors import InputError

ONE_AT_A_TIME = 1


def planned(settings: Settings) -> list[tuple[Flow[..., str], str]]:
    """Return what runs by itself, each with its times (cron).

    Raises
    ------
    InputError
        When times are not as cron writes them.
    """
    times = {
        "daily_check_at": daily_check,
        "monthly_refresh_at": monthly_refresh,
        "quarterly_retraining_at": quarterly_retraining,
    }
    for name in times:
        try:
            CronSchedule(cron=getattr(settings, name))
        except ValueError as error:
            raise InputError(
                "A setting is not a time as cron writes it",
                column=name,
                value=getattr(settings, name),
                remedy='Give minute, hour, day, month and day of the week, as "0 6 * * *" for every day at 06:00.',
            ) from error
    return [(flow, getattr(settings, name)) for name, flow in times.items()]


def serve_schedule(settings: Settings) -> None:
    """Serve the schedule until stopped, with a Prefect server of our own if none is configured.

    A check runs at once, so that what was missed while nothing was served is caught up, once. Runs take no parameters,
    so none can hold a secret.
    """
    signal.signal(signal.SIGTERM, _stop)
    with running_server(settings.prefect_port):
        daily_check(return_state=True)  # a failure is kept in its run, and must not keep the schedule from serving
        # A retraining that was missed is no check's work: Prefect runs it late.
        forget_missed([name_of(flow, settings) for flow, _ in planned(settings) if flow is not quarterly_retraining])
        # No limit of Prefect's by deployment: the slot of a killed run would stay taken. Refreshes hold a lock.
        here = f"Of {gethostname()}, folder {Path.cwd()}"
        served = [
            cast(RunnerDeployment, flow.to_deployment(name_of(flow, settings), cron=cron, description=here))
            for flow, cron in planned(settings)
        ]
        serve(*served, limit=ONE_AT_A_TIME, print_starting_message=False)


def name_of(flow: Flow[..., str], settings: Settings) -> str:
    """Return the name of a flow's deployment: that of its place, since forces may share a Prefect server."""
    return f"{flow.name} {workplace(settings)}"


def forget_missed(deployments: Sequence[str]) -> int:
    """Take back the runs that were due while nothing served them, and return how many: a check has caught them up."""
    due = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"before_": datetime.now(UTC)}}
    runs = FlowRunFilter.model_validate(due)
    ours = DeploymentFilter.model_validate({"name": {"any_": list(deployments)}})
    forgotten = 0
    with get_client(sync_client=True) as client:
        while missed := client.read_flow_runs(flow_run_filter=runs, deployment_filter=ours):
            for run in missed:
                client.delete_flow_run(run.id)
            forgotten += len(missed)
    return forgotten


def _stop(signal_number: int, frame: FrameType | None) -> None:
    """End as after Ctrl-C, so that a server of our own is stopped too."""
    raise SystemExit(0)
