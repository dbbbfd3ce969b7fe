"""The command of settings: what is in force, and who said so.

Walks in: the settings file, the environment and flags. Walks out: each setting's value, its meaning and its origin.
"""

from __future__ import annotations

import typer

from pipelines.commands.options import DataFolder, failures_explained, settings_of

app = typer.Typer()


@app.command()
def settings(data: DataFolder = None) -> None:
    """Show every setting: its value, where that came from, and what it means. Passwords are not shown."""
    with failures_explained():
        in_force = settings_of(data=data)
        from pipelines.commands.tables_shown import show_settings
        from pipelines.settings import Settings, origin_of_settings

        origins = origin_of_settings({"data": data})
        show_settings(
            [
                (name, str(getattr(in_force, name)), origins[name], str(field.description))
                for name, field in Settings.model_fields.items()
            ]
        )
