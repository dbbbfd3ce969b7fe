"""Ingest: publishers' files in, canonical tables out.

Walks in: a data folder. Walks out: a folder of tables named after the data's vintage, so that the same files are
never written twice.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.kept.tables_at_hand import mark_of, note
from pipelines.running.prefect_step import part, run_logger, step
from pipelines.running.progress import stage, tell
from pipelines.running.run_names import name_run
from pipelines.settings import Settings
from sources.catalogue.data_folder import vintage
from sources.doubts import doubts
from sources.read_force import read_force
from sources.tables.force_tables import ForceTables, save


@step("read the force's files")
def read_tables(data: Path, *, stops: bool) -> ForceTables:
    """Read, check and canonicalise everything in the data folder; `stops` as `read_force`."""
    with stage("Reading the force's files"):
        return read_force(data, stops=stops)


@part("ingest")
def ingest(settings: Settings) -> Path:
    """Return the folder of canonical tables made from the data folder of the settings; what is doubtful in it is told.

    Raises
    ------
    InputError
        When a file cannot be used; nothing is written then.
    """
    mark = mark_of(settings)  # before, so that a file that changes meanwhile is known as changed
    tables = read_tables(settings.data, stops=settings.stops_as_evidence)
    for doubt in doubts(tables, settings.data):
        run_logger().warning("%s", doubt)
        tell(f"To look at: {doubt}")
    folder = settings.cache / f"tables-{vintage(tables.manifest)}"
    save(tables, folder)
    note(mark, folder)
    name_run(folder)
    return folder
