"""Publish: a forecast and the tables it grew from in, a release out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from pipelines.code_version import code_version
from pipelines.progress import stage
from pipelines.settings import Settings
from pipelines.train import Trained
from publication.dictionary import write_dictionary
from publication.page import write_page
from publication.release import ReleaseFacts, write_release
from publication.tables import write_quality, write_tables
from sources.force import ForceTables, load
from sources.manifest import vintage


def write_contents(
    folder: Path, table: pd.DataFrame, tables: ForceTables, accuracy: pd.DataFrame, facts: ReleaseFacts
) -> None:
    """Write every file of a release into its folder; the page last, since it lists the others."""
    given = (table, tables.offences, tables.unlocated_offences, tables.areas, tables.crime_types)
    write_tables(folder, *given, simulated=tables.force.simulated)
    write_quality(folder, accuracy, tables.overlaps, tables.quarantine)
    write_dictionary(folder)
    write_page(folder, *given, facts, accuracy)


@task(name="write the release", cache_policy=NO_CACHE)
def write(
    table: pd.DataFrame, tables: ForceTables, accuracy: pd.DataFrame, facts: ReleaseFacts, releases: Path
) -> Path:
    """Write the release aside, move it into place whole and serve it as the latest."""
    with stage("Writing the release"):
        contents = partial(write_contents, table=table, tables=tables, accuracy=accuracy, facts=facts)
        return write_release(releases, contents, facts)


@flow(name="publish", validate_parameters=False)
def publish(tables_folder: Path, forecast_file: Path, trained: Trained, settings: Settings) -> Path:
    """Return the release of a forecast; publishing the same run again changes nothing."""
    tables = load(tables_folder)
    table, accuracy = pd.read_parquet(forecast_file), pd.read_parquet(trained.accuracy)
    facts = ReleaseFacts(
        run_id=trained.run_id,
        force=tables.force,
        origin=pd.Timestamp(table["origin"].iloc[0]),
        horizon=table.loc[table["period"] == "month", "month"].nunique(),
        scenarios=tuple(table["scenario"].unique()),
        data_vintage=f"{vintage(tables.manifest)}, to {tables.offences['month'].max():%B %Y}",
        inputs=tables.manifest,
        code_version=code_version(),
        created_at=datetime.now(UTC),
    )
    return write(table, tables, accuracy, facts, settings.releases)
