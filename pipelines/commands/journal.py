"""The command of the journal.

Walks in: the tracking folder. Walks out: who did what, and whether the journal is as it was written.
"""

from __future__ import annotations

import typer

from pipelines.commands.options import failures_explained, settings_of

app = typer.Typer()


@app.command()
def journal() -> None:
    """Show who ran, promoted, overrode and published what; exit 1 if the journal was tampered with."""
    with failures_explained():
        from pipelines.running.journal import read

        for entry in read(settings_of().mlruns):
            facts = {name: value for name, value in entry.items() if name not in {"at", "who", "where", "line_before"}}
            action = facts.pop("action")
            said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
            typer.echo(f"{entry['at']}  {entry['who']}@{entry['where']}  {action}  {said}")
