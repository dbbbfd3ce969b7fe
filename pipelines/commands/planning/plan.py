"""Commands of planning: start a plan, work one out, and look after its judgements.

Walks in: the name of a plan. Walks out: a folder to fill, or the sealed folder of its result.
"""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import DataFolder, Seed, failures_explained, settings_of, shown

app = typer.Typer()

Release = Annotated[str | None, typer.Option("--release", help="Release to plan on; the latest if none is named.")]


@app.command()
def new_plan(
    name: Annotated[str, typer.Argument(help="Name of the plan.")],
    who: Annotated[str, typer.Option(help="Whose plan it is, by role.")] = "",
    release: Release = None,
    data: DataFolder = None,
) -> None:
    """Write a commented plan folder with the defaults in it, to be corrected line by line."""
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.flows.plan_basis import basis_of_release, release_named
        from planning.folder.new import write_new_plan

        with shown():
            chosen = release_named(settings, release)
            ground = basis_of_release(chosen, settings).ground
        folder = write_new_plan(settings.plans / name, name, who or getpass.getuser(), ground)
        typer.echo(f"Plan folder: {folder}")
        typer.echo(f"Correct its files, then run `wardcast plan {name}`.")


@app.command()
def plan(
    name: Annotated[str | None, typer.Argument(help="Name or folder of a plan; the default plan if none.")] = None,
    release: Release = None,
    against: Annotated[str | None, typer.Option(help="Another plan to hold it against, by name or folder.")] = None,
    data: DataFolder = None,
    seed: Seed = None,
) -> None:
    """Work a plan out on a release: hours, officers needed, and the gap, in a sealed folder with a page."""
    with failures_explained():
        settings = settings_of(data=data, seed=seed)
        from pipelines.commands.planning.plans_shown import show_plan, show_plan_differences
        from pipelines.running.prefect_server import start_own_server

        wait_for_server = start_own_server()
        from pipelines.flows.plan import plan as plan_flow
        from publication.plan.differences import differences
        from publication.plan.files import read_tables

        wait_for_server()
        with shown():
            result = plan_flow(name, release, settings)
            other = None if against is None else plan_flow(None if against == "default" else against, release, settings)
        tables = read_tables(result)
        show_plan(tables)
        if other is not None:
            show_plan_differences(differences(tables, read_tables(other)), str(against))
        typer.echo(f"Plan: {result}")
        typer.echo(f"Open {Path(result) / 'index.html'} in a browser.")


@app.command()
def judgements(
    name: Annotated[str, typer.Argument(help="Name or folder of a plan.")],
    confirm: Annotated[str | None, typer.Option(help="Id of a judgement that still holds today.")] = None,
    review_on: Annotated[
        str | None, typer.Option(help="With --confirm: day of its next review, as 2026-03-31.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Only those to review: suspended, or their day has come.")] = False,
    score: Annotated[bool, typer.Option("--score", help="Score them on what was recorded since.")] = False,
    release: Release = None,
    data: DataFolder = None,
) -> None:
    """List the judgements of a plan with their status, confirm one, or score them against their releases."""
    with failures_explained():
        settings = settings_of(data=data)
        import pandas as pd

        from pipelines.commands.tables_shown import show_table
        from pipelines.running.journal import record
        from pipelines.workbench import judgements as work
        from planning.demand.judgement_scores import by_kind, by_role

        if confirm is not None:
            file = work.confirm(settings, name, confirm, pd.Timestamp.now().normalize(), review_on)
            record(settings.mlruns, "confirmed a judgement", plan=name, judgement=confirm)
            typer.echo(f"Confirmed: {confirm}, in {file}")
            return
        if score:
            from sources.read_force import read_force

            with shown():
                scores = work.scores_of(settings, name, read_force(settings.data))
            if scores.empty:
                typer.echo("No month of any judgement has been recorded yet.")
                return
            show_table("Judgements scored: weighted interval score without and with them", scores.drop(columns="role"))
            show_table("By kind", by_kind(scores))
            show_table("By role, of those with twenty or more", by_role(scores))
            return
        with shown():
            table = work.listed(settings, name, release)
        if due:
            table = table[(table["status"] == "suspended") | (table["review_on"] <= pd.Timestamp.now())]
        show_table("Judgements", table)
        if table.empty:
            typer.echo("None.")
