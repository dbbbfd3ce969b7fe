"""The commands of settings: what is in force, and who said so.

Walks in: the settings file, the environment and flags. Walks out: each setting's value, its meaning and its origin; and
the same of each recipe's parameters.
"""

from __future__ import annotations

from typing import Annotated

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


@app.command()
def recipes(
    name: Annotated[str | None, typer.Argument(help="Name of a recipe; all of them if none is named.")] = None,
) -> None:
    """Show the recipes and their parameters: the value in force, the default, what is allowed and what it means."""
    with failures_explained():
        in_force = settings_of()
        from models.recipes.catalogue import MODELS
        from models.recipes.parameters import limits_of
        from pipelines.commands.tables_shown import show_parameters
        from pipelines.steps.recipe import recipe_of

        rows = []
        for each in MODELS if name is None else [name]:
            recipe = recipe_of(in_force, each)
            defaults = MODELS[each].get_params()
            rows += [
                (f"{each}.{one}", f"{getattr(recipe, one):g}", f"{defaults[one]:g}", str(limits), limits.meaning)
                for one, limits in limits_of(recipe).items()
            ] or [(each, "", "", "", "has no parameters")]
        show_parameters(rows)
