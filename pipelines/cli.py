"""The command line: one command for each thing that people do with Wardcast.

Walks in: words typed by a person or a scheduler. Walks out: an exit code, 0 when all is well, and words for a person.
Heavy libraries are imported inside the commands, so that `wardcast --help` answers at once.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.settings import Settings

app = typer.Typer(
    name="wardcast",
    help="Forecast police demand for every ward of a force, by crime type, with honest uncertainty.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataFolder = Annotated[Path | None, typer.Option("--data", help="Folder of the force's input files.")]
ModelName = Annotated[str | None, typer.Option("--model", help="Name of the model that forecasts.")]
DrawsNumber = Annotated[int | None, typer.Option("--draws-number", help="Draws of possible futures.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of the draws.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Threads that work side by side.")]


@app.command()
def run(
    data: DataFolder = None,
    releases: Annotated[Path | None, typer.Option(help="Folder that holds the releases.")] = None,
    horizon: Annotated[int | None, typer.Option(help="Months to forecast.")] = None,
    model: ModelName = None,
    draws: DrawsNumber = None,
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Do the whole main job: read, build features, train, forecast, publish a release."""
    with _explained():
        settings = _settings(
            data=data,
            releases=releases,
            horizon=horizon,
            model=model,
            draws=draws,
            seed=seed,
            workers=workers,
        )
        _refuse_early(settings)
        from pipelines.refresh import refresh

        with _shown():
            release = refresh(settings)
        typer.echo(f"Release: {release}")
        typer.echo(f"Open {release / 'index.html'} in a browser.")


@app.command()
def train(
    data: DataFolder = None,
    model: ModelName = None,
    judged_origins: Annotated[int | None, typer.Option(help="Past years to judge it on.")] = None,
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Judge a model on past years, fit and register it, and promote it if it earns it; publish nothing."""
    with _explained():
        settings = _settings(data=data, model=model, judged_origins=judged_origins, seed=seed, workers=workers)
        _refuse_early(settings)
        from pipelines.build_features import build_features
        from pipelines.ingest import ingest
        from pipelines.train import train as train_flow

        with _shown():
            tables = ingest(settings.data, settings.cache)
            trained = train_flow(tables, build_features(tables), settings)
        typer.echo(f"Registered as version {trained.challenger}")
        typer.echo(f"{'Promoted' if trained.decision.promote else 'Not promoted'}: {trained.decision.reason}")
        if trained.version != trained.challenger:
            typer.echo(f"Version {trained.version} forecasts")


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write the files to.")],
    wards: Annotated[int, typer.Option(help="Number of wards, 12 to 7500.")] = 120,
    months: Annotated[int, typer.Option(help="Months of history, 48 or more.")] = 120,
    seed: Annotated[int, typer.Option(help="Seed: the same seed gives the same force.")] = 1,
) -> None:
    """Write the files of a fictional force, in the publishers' formats, from a known truth."""
    with _explained():
        from sources.contracts import InputError
        from sources.simulated import simulate as write_force

        with _shown():
            from pipelines.progress import stage

            try:
                with stage("Simulating a force"):
                    folder = write_force(out, wards=wards, months=months, seed=seed)
            except (ValueError, FileExistsError) as error:
                raise InputError(
                    str(error), remedy="Name an empty or new folder, and sizes that `wardcast simulate --help` allows."
                ) from error
        typer.echo(f"SIMULATED force: {folder}")


@app.command()
def check(data: DataFolder = None) -> None:
    """Read a data folder and say what was found in it: files, totals, coverage, overlaps, rows set aside."""
    with _explained():
        settings = _settings(data=data)
        from pipelines.tables_shown import show_findings
        from sources.force import read_force

        with _shown():
            from pipelines.progress import stage

            with stage("Reading the force's files"):
                tables = read_force(settings.data)
        show_findings(tables, settings.data)


@app.command()
def fetch(
    out: Annotated[Path, typer.Option(help="Data folder to download into.")],
    dataset: Annotated[
        list[str] | None, typer.Option(help="Dataset to fetch; all that have an address if none.")
    ] = None,
) -> None:
    """Download the publishers' files that the catalogue has addresses for."""
    with _explained():
        from pipelines.fetch import fetch_datasets

        for file in fetch_datasets(out, dataset or []):
            typer.echo(str(file))


@app.command()
def backtest(
    origin: Annotated[list[str], typer.Option(help="Last month seen, as 2023-03; may be given again.")],
    out: Annotated[Path, typer.Option(help="Parquet file for the forecast table.")],
    data: DataFolder = None,
    horizon: Annotated[int, typer.Option(min=1, max=60, help="Months to forecast.")] = 12,
    draws: Annotated[Path | None, typer.Option(help="Parquet file for the draws by ward and minor type.")] = None,
    model: ModelName = None,
    draws_number: DrawsNumber = None,
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Forecast at past origins from what was known then, and score where the months have come."""
    with _explained():
        settings = _settings(data=data, model=model, draws=draws_number, seed=seed, workers=workers)
        from pipelines.backtest import score_table, write_backtest

        with _shown():
            table, tables = write_backtest(settings, origin, horizon, out, draws)
            scores = score_table(table, tables, draws)
        _show_scores(scores)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="Parquet file of a forecast table, ours or a peer's.")],
    data: DataFolder = None,
    draws: Annotated[Path | None, typer.Option(help="Parquet file of its draws by ward and minor type.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file for all scores.")] = None,
) -> None:
    """Score a forecast table against what was recorded, beside seasonal naive and the Poisson floor."""
    with _explained():
        settings = _settings(data=data)
        from pipelines.backtest import read_forecast, score_table
        from sources.force import read_force

        with _shown():
            table = read_forecast(file)
            scores = score_table(table, read_force(settings.data), draws)
        if out is not None:
            scores.to_csv(out, index=False)
        _show_scores(scores)


@app.command()
def compare(
    file: Annotated[Path, typer.Argument(help="Parquet file of a forecast table.")],
    reference: Annotated[Path, typer.Argument(help="Parquet file of the forecast table to hold it against.")],
    data: DataFolder = None,
) -> None:
    """Say at which levels one forecast beats another, and where the difference may be chance."""
    with _explained():
        settings = _settings(data=data)
        from models.comparison import compare as compare_scores
        from pipelines.backtest import read_forecast, score_table
        from pipelines.tables_shown import show_comparison
        from sources.force import read_force

        with _shown():
            forecasts = read_forecast(file), read_forecast(reference)
            tables = read_force(settings.data)
            scores = [score_table(forecast, tables) for forecast in forecasts]
        show_comparison(compare_scores(*scores), (file.name, reference.name))


@app.command()
def explain(
    area: Annotated[str, typer.Option(help="Code of a ward, borough, BCU or the force.")],
    crime: Annotated[str, typer.Option(help="Minor or major crime type, or all.")] = "all",
    data: DataFolder = None,
    year: Annotated[int, typer.Option(min=1, max=5, help="Forecast year to explain, 1 the first.")] = 1,
    against: Annotated[int, typer.Option(min=0, max=4, help="Earlier year, 0 the last recorded one.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Picture to write, .svg or .png.")] = None,
    model: ModelName = None,
) -> None:
    """Take the change between two years apart into level, season, residents and trend."""
    with _explained():
        settings = _settings(data=data, model=model)
        from pipelines.explain import draw, explained, show

        with _shown():
            explanation = explained(settings, area, crime, year, against)
        show(explanation)
        if out is not None:
            draw(explanation, out)
            typer.echo(f"Picture: {out}")


def _settings(**flags: object) -> Settings:
    from pipelines.settings import load_settings, prepare_environment

    settings = load_settings(**flags)
    prepare_environment(settings)
    return settings


def _refuse_early(settings: Settings) -> None:
    """Refuse what can be seen to be wrong before the slow start of Prefect and MLflow."""
    from models.catalogue import model_named
    from sources.catalogue import check_complete, load_catalogue

    model_named(settings.model)
    check_complete(load_catalogue(), settings.data)


def _show_scores(scores: pd.DataFrame) -> None:
    from pipelines.tables_shown import show_scores

    show_scores(scores)


@contextmanager
def _shown() -> Iterator[None]:
    """Show progress on standard error, so that standard output holds results only."""
    from rich.console import Console

    from pipelines.progress import display, stop_at_interrupt

    stop_at_interrupt()
    with display(Console(stderr=True)):
        yield


@contextmanager
def _explained() -> Iterator[None]:
    """Turn failures that a person can mend into their words and an exit code."""
    from publication.manifest import ReleaseError
    from sources.contracts import InputError

    try:
        yield
    except (InputError, ReleaseError) as error:
        typer.secho(f"Error: {error}", fg="red", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        typer.secho("Stopped. Nothing half-written was kept; the last release is still served.", err=True)
        raise typer.Exit(130) from None
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG}:
            raise
        typer.secho(
            f"Error: {error.strerror}: {error.filename or 'while writing'}\n"
            "What to do: free some space, or name folders that can be written (see `wardcast run --help`). "
            "The last release is still served.",
            fg="red",
            err=True,
        )
        raise typer.Exit(1) from error


if __name__ == "__main__":
    sys.exit(app())
