"""What commands share: their common options, settings, progress, and failures put into words.

Walks in: flags and exceptions. Walks out: checked settings, and words for a person with an exit code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.settings import Settings

DataFolder = Annotated[Path | None, typer.Option("--data", help="Folder of the force's input files.")]
ModelName = Annotated[
    str | None, typer.Option("--model", help="Name of the model that forecasts, or package.module:Class of your own.")
]
DrawsNumber = Annotated[int | None, typer.Option("--draws", "--draws-number", help="Draws of possible futures.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of the draws.")]
EngineName = Annotated[str | None, typer.Option("--engine", help="Who does the heavy parts: local or dask.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", help="Dask scheduler, as tcp://HOST:8786; none: a cluster on this machine.")
]
Workers = Annotated[int | None, typer.Option("--workers", help="Threads, or Dask workers here, side by side.")]


Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="Parameter of a recipe, as boosted.trees=200; may be given again. See wardcast recipes."
    ),
]


def recipes_of(parameters: Sequence[str] | None) -> dict[str, dict[str, object]] | None:
    """Return parameters by recipe from words such as boosted.trees=200, None without any; InputError for others."""
    from sources.files.errors import InputError

    recipes: dict[str, dict[str, object]] = {}
    for words in parameters or ():
        place, equals, value = words.partition("=")
        recipe, dot, name = place.strip().rpartition(".")
        try:
            number = json.loads(value)
        except ValueError:
            number = None
        if not (equals and dot and recipe and name) or number is None:
            raise InputError(
                "That sets no parameter of a recipe",
                column="--set",
                value=words,
                remedy="Write it as boosted.trees=200.",
            )
        recipes.setdefault(recipe, {})[name] = number
    return recipes or None


def settings_of(**flags: object) -> Settings:
    """Return the settings, flags beating the environment beating the settings file; None is a flag not given."""
    from pipelines.settings import load_settings, prepare_environment

    if flags.get("scheduler") and flags.get("engine") is None:
        flags["engine"] = "dask"  # who names a scheduler means to use it
    settings = load_settings(**flags)
    prepare_environment(settings)
    return settings


def refuse_early(settings: Settings) -> None:
    """Refuse what can be seen to be wrong before the slow start of Prefect and MLflow."""
    from pipelines.steps.recipe import check_recipes
    from pipelines.surroundings import refuse_what_cannot_work
    from publication.disclosure.rules import read_rules
    from sources.catalogue.catalogue import check_complete, load_catalogue

    check_recipes(settings)
    folders = {name: getattr(settings, name) for name in ("releases", "cache", "mlruns")}
    own_store = not settings.tracking_uri.get_secret_value()
    refuse_what_cannot_work(folders, {"mlruns": settings.mlruns} if own_store else {})
    if settings.disclosure_rules is not None:
        read_rules(settings.disclosure_rules)
    check_complete(load_catalogue(), settings.data)
    if settings.engine == "dask" and settings.scheduler:
        from pipelines.running.engines import engine_of

        with engine_of(settings):
            pass


@contextmanager
def shown() -> Iterator[None]:
    """Show progress on standard error, so that standard output holds results only."""
    from rich.console import Console

    from pipelines.running.progress import display, stop_at_interrupt

    stop_at_interrupt()
    # Notebooks ask for colours though they are no terminal; a bar that moves would fill them with its every step.
    with display(Console(stderr=True, force_terminal=sys.stderr.isatty())):
        yield


@contextmanager
def failures_explained() -> Iterator[None]:
    """Turn failures into words for the person who meets them, and an exit code."""
    try:
        yield
    except typer.Exit:
        raise
    except KeyboardInterrupt:
        typer.secho("Stopped. Nothing half-written was kept; the last release is still served.", err=True)
        raise typer.Exit(130) from None
    except Exception as error:
        from pipelines.running.failures import explained

        typer.secho(f"Error: {explained(error)}", fg="red", err=True)
        raise typer.Exit(1) from error
