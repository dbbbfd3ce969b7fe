"""The files of a data folder as they are read, and the manifest that says which they were, byte for byte.

Walks in: a data folder and the catalogue. Walks out: the files of each dataset, a table of those that were
read (contract MANIFEST), and the vintage that identifies the data as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from sources.catalogue.catalogue import find, find_one, known_from
from sources.catalogue.entries import Catalogue, Dataset, ForceEntry
from sources.files.checksums import State, sha256, state_of
from sources.files.content import read_content
from sources.files.errors import InputError
from sources.files.reading import count_rows
from sources.tables.contracts import MANIFEST, checked

VINTAGE_LENGTH = 12  # hexadecimal digits


class FilesChangedError(InputError):
    """A file was replaced or written to while the data folder was being read."""


@dataclass(frozen=True)
class DataFolder:
    """The files of a data folder by dataset; it remembers which were asked for, in order."""

    path: Path
    catalogue: Catalogue
    force: ForceEntry
    files_read: dict[Path, Dataset] = field(default_factory=dict)
    _as_found: dict[Path, State] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Return whether any file holds the dataset."""
        return bool(find(self.catalogue[name], self.path))

    def all(self, name: str) -> list[Path]:
        """Return the dataset's files, oldest first; none if there are none."""
        dataset = self.catalogue[name]
        files = find(dataset, self.path)
        for file in files:
            self._note(file, dataset)
        return files

    def one(self, name: str) -> Path:
        """Return the dataset's only file; `InputError` if there is none or more than one."""
        dataset = self.catalogue[name]
        file = find_one(dataset, self.path)
        self._note(file, dataset)
        return file

    def dated(self, name: str) -> tuple[Path, date]:
        """Return the dataset's only file and the day on which its content became public."""
        return self.one(name), known_from(self.catalogue[name], self.force)

    def refuse_changed(self) -> None:
        """Raise `FilesChangedError` if a file is not what it was when asked for: its checksum would be another's."""
        for file, as_found in self._as_found.items():
            if state_of(file) != as_found:
                raise FilesChangedError(
                    "The file was replaced or written to while it was being read",
                    file=file,
                    remedy="Let the copying end, then run again.",
                )

    def _note(self, file: Path, dataset: Dataset) -> None:
        self.files_read[file] = dataset
        self._as_found.setdefault(file, state_of(file))


def manifest(
    folder: DataFolder,
    spans: Mapping[str, tuple[pd.Timestamp, pd.Timestamp]],
    rows: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Return the files that were asked for (contract MANIFEST), in order.

    `spans` gives the first and the last month by file name, of those files that have months, `rows` the rows of those
    that only their reader can count. Others' are the records of a CSV or Parquet file and the features of a GeoJSON
    file; `read_at` is in UTC. `FilesChangedError` if one has changed since it was asked for.
    """
    counted = rows or {}
    nothing = (pd.NaT, pd.NaT)
    entries = [
        {
            "dataset": dataset.id,
            "file": file.relative_to(folder.path).as_posix(),
            "sha256": sha256(file),
            "bytes": file.stat().st_size,
            "rows": counted[file.name] if file.name in counted else _count_rows(file),
            "first_month": spans.get(file.name, nothing)[0],
            "last_month": spans.get(file.name, nothing)[1],
            "reader": dataset.reader,
            "read_at": pd.Timestamp(datetime.now(UTC).replace(tzinfo=None)),
        }
        for file, dataset in folder.files_read.items()
    ]
    folder.refuse_changed()
    return checked(MANIFEST, pd.DataFrame(entries, columns=list(MANIFEST.columns)), folder.path)


def vintage(table: pd.DataFrame) -> str:
    """Return a short name of the data: the same files give the same one, whatever their names and order."""
    digest = hashlib.sha256("\n".join(sorted(table["sha256"])).encode("ascii"))
    return digest.hexdigest()[:VINTAGE_LENGTH]


def _count_rows(file: Path) -> int:
    if file.suffix == ".parquet":
        return pq.read_metadata(file).num_rows
    if file.suffix == ".toml":
        return 0  # what it says is no row of data
    if ".geojson" in file.suffixes:
        return len(json.loads(read_content(file))["features"])
    return count_rows(file)
