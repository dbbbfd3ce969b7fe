"""The tables of a data folder for commands that only look: from the cache, where a run has read these very files.

Walk in: settings. Walk out: tables and panel. Files are known again by path, size and time of writing, as `make` does,
and by the code that read them, so that nothing of the folder need be read to tell.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from features.panel import Panel, build_panel
from pipelines.code_version import code_of, lock_hash
from pipelines.kept.read_once import panel_of, tables_of
from pipelines.settings import Settings
from sources.files.checksums import SEAL, state_of
from sources.read_force import read_force
from sources.tables.force_tables import ForceTables

NOTE = "read_from.txt"  # beside the tables


def mark_of(settings: Settings) -> str:
    """Return a digest of the data folder as it lies on disk, and of what else its tables depend on."""
    digest = hashlib.sha256(lock_hash().encode())
    for path, content in code_of("sources", "features"):
        digest.update(path.encode() + content)
    digest.update(repr((settings.stops_as_evidence, str(settings.data.resolve()))).encode())
    for file in sorted(settings.data.rglob("*")):
        digest.update(repr((str(file.relative_to(settings.data)), *state_of(file))).encode())
    return digest.hexdigest()


def note(mark: str, folder: Path) -> None:
    """Keep beside tables the mark that the data folder had before it was read."""
    (folder / NOTE).write_text(mark, encoding="utf-8")


def tables_and_panel(settings: Settings) -> tuple[ForceTables, Panel]:
    """Return the tables of the data folder and their panel: read from the cache if they are there, else from the files.

    Raises
    ------
    InputError
        For data that cannot be read, or a cache that is damaged.
    """
    mark = mark_of(settings)
    for folder in settings.cache.glob("tables-*"):
        if (folder / NOTE).is_file() and (folder / NOTE).read_bytes() == mark.encode():
            tables = tables_of(folder)
            of_panel = folder.with_name(folder.name.replace("tables-", "panel-"))
            return tables, panel_of(of_panel) if (of_panel / SEAL).is_file() else build_panel(tables)
    tables = read_force(settings.data, stops=settings.stops_as_evidence)
    return tables, build_panel(tables)
