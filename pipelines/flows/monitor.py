"""Monitor: every archived release held against what has been recorded since, and the newest data looked at.

Walks in: the folders of tables and panel, the releases and their runs. Walks out: alerts in words, and scores
beside what was promised, as files, a Prefect artifact, events and lines of the log.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.events import emit_event

from pipelines.kept.read_once import panel_of, tables_of
from pipelines.running.run_names import name_run
from pipelines.settings import Settings
from pipelines.steps.watching import Watch, look

EVENT = "wardcast.alert"


@flow(name="monitor", validate_parameters=False)
def monitor(tables_folder: Path, panel_folder: Path, settings: Settings) -> Watch:
    """Score every archived release whose months have been recorded, raise alarms, and look at the newest months."""
    name_run(tables_folder)
    tables = tables_of(tables_folder)
    watch = look(tables, panel_of(panel_folder), tables_folder, settings)
    found = pd.read_parquet(watch.alerts)
    tell(found[found["month"] >= tables.offences["month"].max()])
    return watch


def tell(alerts: pd.DataFrame) -> None:
    """Log the alerts, send an event each, on which automations can act, and keep them as an artifact."""
    for alert in alerts.astype(str).to_dict("records"):
        said = f"{alert['kind']}, {alert['area_name']} ({alert['area_code']}). {alert['said']}. {alert['to_do']}."
        get_run_logger().warning("%s", said)
        area = f"wardcast.{alert['area_level']}.{alert['area_code']}"
        resource = {"prefect.resource.id": area, "prefect.resource.name": alert["area_name"]}
        emit_event(EVENT, resource=resource, payload={str(name): value for name, value in alert.items()})
    shown = alerts.astype(str).to_dict("list")
    create_table_artifact(
        {str(name): values for name, values in shown.items()},
        key="alerts",
        description="What is odd about the newest month",
    )
