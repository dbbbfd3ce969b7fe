"""Commands that judge and explain forecasts: backtest, score, compare, explain.

Walks in: forecasts, or data and origins. Walks out: tables and pictures for a person.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import (
    DataFolder,
    DrawsNumber,
    EngineName,
    ModelName,
    Parameters,
    Scheduler,
    Seed,
    Workers,
    failures_explained,
    recipes_of,
    settings_of,
    shown,
)

app = typer.Typer()
PARQUET = ".parquet"


@app.command()
def backtest(
    origin: Annotated[list[str], typer.Option(help="Last month seen, as 2023-03; may be given again.")],
    out: Annotated[Path, typer.Option(help="Parquet file for the forecast table.")],
    data: DataFolder = None,
    horizon: Annotated[int, typer.Option(min=1, max=60, help="Months to forecast.")] = 12,
    draws_file: Annotated[Path | None, typer.Option(help="Parquet file for the draws by ward and minor type.")] = None,
    model: ModelName = None,
    parameters: Parameters = None,
    draws: DrawsNumber = None,
    seed: Seed = None,
    engine: EngineName = None,
    scheduler: Scheduler = None,
    workers: Workers = None,
    stream: Annotated[
        str, typer.Option(help="Stream to forecast in place of crime, as `wardcast check` names it.")
    ] = "",
    ages: Annotated[
        bool, typer.Option("--ages", help="Forecast shares of ages of victims and suspects, by whole years ahead.")
    ] = False,
) -> None:
    """Forecast at past origins from what was known then, and score where the months have come.

    A stream's table holds one row for each cell that came, of the model and of two baselines. With --ages the table
    holds shares of ages, which are scored beside last year's and three years' shares unchanged.
    """
    with failures_explained():
        settings = settings_of(
            data=data,
            model=model,
            recipes=recipes_of(parameters),
            draws=draws,
            seed=seed,
            engine=engine,
            scheduler=scheduler,
            workers=workers,
        )
        from pipelines.commands.tables_shown import show_age_scores, show_scores, show_stream_scores
        from pipelines.workbench.backtest import score_table, write_backtest

        if ages:
            from pipelines.workbench.ages import write_past_shares

            with shown():
                scores = write_past_shares(settings, origin, horizon, out)
            show_age_scores(scores)
            return
        if stream:
            from pipelines.workbench.streams import write_stream_backtest

            with shown():
                scores = write_stream_backtest(settings, stream, origin, horizon, out, model)
            show_stream_scores(scores)
            return
        with shown():
            table, tables = write_backtest(settings, origin, horizon, out, draws_file)
            scores = score_table(table, tables, draws_file)
        show_scores(scores)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="Parquet file of a forecast table, ours or a peer's.")],
    data: DataFolder = None,
    draws_file: Annotated[Path | None, typer.Option(help="Parquet file of its draws by ward and minor type.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file for all scores.")] = None,
    ages: Annotated[
        bool, typer.Option("--ages", help="The file is of shares of ages, as `backtest --ages` writes them.")
    ] = False,
) -> None:
    """Score a forecast table against what was recorded, beside seasonal naive and the Poisson floor.

    With --ages it is a table of shares of ages, scored beside last year's and three years' shares unchanged.
    """
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.commands.tables_shown import show_age_scores, show_scores
        from pipelines.workbench.ages import scored_shares
        from pipelines.workbench.backtest import read_forecast, score_table
        from sources.read_force import read_force

        with shown():
            if ages:
                scores = scored_shares(settings, file)
            else:
                table = read_forecast(file)
                scores = score_table(table, read_force(settings.data, stops=settings.stops_as_evidence), draws_file)
        if out is not None:
            scores.to_csv(out, index=False)
        (show_age_scores if ages else show_scores)(scores)


@app.command()
def compare(
    one: Annotated[str, typer.Argument(help="Run in MLflow, by id, version or alias, or file of a forecast table.")],
    reference: Annotated[str, typer.Argument(help="Run or file to hold it against.")],
    data: DataFolder = None,
) -> None:
    """Say at which levels one run or forecast beats another, and where the difference may be chance."""
    with failures_explained():
        settings = settings_of(data=data)
        from pipelines.commands.tables_shown import show_comparison
        from pipelines.workbench.compare import compared_files, compared_runs

        files = Path(one), Path(reference)
        if all(file.suffix == PARQUET or file.exists() for file in files):
            with shown():
                comparison = compared_files(settings, *files)
            show_comparison(comparison, (files[0].name, files[1].name))
        else:
            runs = compared_runs(settings, one, reference)
            show_comparison(runs.comparison, (one, reference), runs.unlike)


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
    with failures_explained():
        settings = settings_of(data=data, model=model)
        from pipelines.workbench.explain import draw, explained, show

        with shown():
            explanation = explained(settings, area, crime, year, against)
        show(explanation)
        if out is not None:
            draw(explanation, out)
            typer.echo(f"Picture: {out}")
