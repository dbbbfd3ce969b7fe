"""The tables and the panel of a run, read and held against their checksums once for all the flows that work on them.

Walks in: a folder. Walks out: what is in it, as `force_tables.load` and `panel_files.load_panel` give it.
The flows share what they get, so none may change it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from features.panel import Panel
from pipelines.kept.panel_files import load_panel
from sources.files.checksums import State, state_of_sealed
from sources.tables.force_tables import ForceTables, load


def tables_of(folder: Path) -> ForceTables:
    """Return the tables of a folder; read again only if one of its files has been written to since.

    Raises
    ------
    InputError
        If the folder or one of its tables is missing or damaged.
    """
    return _tables(folder.absolute(), state_of_sealed(folder))


def panel_of(folder: Path) -> Panel:
    """Return the panel of a folder; read again only if one of its files has been written to since.

    Raises
    ------
    InputError
        If the folder is missing or damaged.
    """
    return _panel(folder.absolute(), state_of_sealed(folder))


# Those of one run: a process that works for years, as a schedule's, shall not hold those of every month.
@lru_cache(maxsize=1)
def _tables(folder: Path, state: tuple[State, ...]) -> ForceTables:
    return load(folder)


@lru_cache(maxsize=1)
def _panel(folder: Path, state: tuple[State, ...]) -> Panel:
    return load_panel(folder)
