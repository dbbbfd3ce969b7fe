"""Fetch as a command: the publishers' files that the catalogue has addresses for, downloaded with progress.

Walks in: a data folder and names of datasets. Walks out: the files in it, each whole.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from sources.catalogue.catalogue import CATALOGUE_FILE, load_catalogue
from sources.catalogue.download import fetch


def fetch_datasets(destination: Path, names: list[str], catalogue_file: Path = CATALOGUE_FILE) -> list[Path]:
    """Download the datasets named, or all that have an address, and return their files.

    Raises
    ------
    InputError
        For a name that the catalogue does not know, and as `sources.catalogue.download.fetch` says.
    """
    catalogue = load_catalogue(catalogue_file)
    wanted = [catalogue[name] for name in names] or [each for each in catalogue.dataset if each.address]
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(dataset: str, received: int, total: int | None) -> None:
            if dataset not in tasks:
                tasks[dataset] = bars.add_task(dataset)
            bars.update(tasks[dataset], completed=received, total=total)

        return fetch(wanted, destination, show)
