"""Ingest: publishers' files in, canonical tables out.

Walks in: a data folder. Walks out: a folder of tables named after the data's vintage, so that the same files are
never written twice.
"""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from pipelines.running.prefect_step import step
from pipelines.running.progress import stage
from sources.catalogue.data_folder import vintage
from sources.force import ForceTables, read_force, save


@step("read the force's files")
def read_tables(data: Path) -> ForceTables:
    """Read, check and canonicalise everything in the data folder."""
    with stage("Reading the force's files"):
        return read_force(data)


@flow(name="ingest", validate_parameters=False)
def ingest(data: Path, cache: Path) -> Path:
    """Return the folder of canonical tables made from a data folder.

    Raises
    ------
    InputError
        When a file cannot be used; nothing is written then.
    """
    tables = read_tables(data)
    folder = cache / f"tables-{vintage(tables.manifest)}"
    save(tables, folder)
    return folder
