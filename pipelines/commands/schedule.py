"""The command that lets everything run by itself.

Walks in: settings. Walks out: the schedule, served until it is stopped.
"""

from __future__ import annotations

import typer

from pipelines.commands.options import failures_explained, refuse_early, settings_of

app = typer.Typer()


@app.command()
def schedule() -> None:
    """Serve the schedule until Ctrl-C: daily check, monthly refresh, quarterly retraining."""
    with failures_explained():
        settings = settings_of()
        refuse_early(settings)
        from pipelines.flows.deployments import planned, serve_schedule
        from pipelines.running.prefect_server import prefect_server

        for flow, cron in planned(settings):
            typer.echo(f"{flow.name} ({cron}): {flow.description}")
        typer.echo(f"Prefect at {prefect_server(settings)}. Stop the schedule with Ctrl-C.")
        serve_schedule(settings)
