"""Names of flow runs: what runs, for which force, up to which month, so that a list of runs can be read.

Walks in: the folder of canonical tables that a run works on. Walks out: the run's new name in Prefect.
"""

from __future__ import annotations

from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext

from sources.tables.force_tables import force_and_month


def name_run(tables_folder: Path) -> None:
    """Name the open flow run after its flow, the force and the last month recorded, in place of chance words.

    Does nothing where no flow is open, as when a script calls a flow's function.
    """
    context = FlowRunContext.get()
    if context is None or context.flow is None or context.flow_run is None:
        return
    force, month = force_and_month(tables_folder)
    with get_client(sync_client=True) as client:
        client.update_flow_run(context.flow_run.id, name=f"{context.flow.name}: {force.name}, {month:%Y-%m}")
