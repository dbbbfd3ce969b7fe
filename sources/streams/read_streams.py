"""All streams of a data folder: those of publishers' own files, and those that the force declares itself.

Walks in: a data folder. Walk out: tables of the contracts STREAMS and STREAM_VALUES.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.catalogue.data_folder import DataFolder
from sources.files.errors import InputError
from sources.streams.entries import LIST_FILE, StreamEntry, read_entries
from sources.streams.long_table import read_long_table
from sources.streams.mps import read_dashboard, read_vawg, read_ward_officers
from sources.streams.other_publishers import read_chicago_days, read_police_uk_wards
from sources.streams.school_holidays import SCHOOL_HOLIDAYS
from sources.streams.tables import Stream, settled
from sources.tables.contracts import checked, no_rows
from sources.tables.stream_contracts import STREAM_VALUES, STREAMS

KNOWN_STREAMS = Path(__file__).with_name(LIST_FILE)
OWN_FILES, OWN_LIST = "own_streams", "own_stream_list"  # datasets of the catalogue

Reader = Callable[[Path, StreamEntry, pd.DataFrame], pd.DataFrame]
READERS: dict[str, Reader] = {
    "long": read_long_table,
    "mps_dashboard": read_dashboard,
    "mps_vawg": read_vawg,
    "mps_ward_officers": read_ward_officers,
    "police_uk_wards": read_police_uk_wards,
    "chicago_days": read_chicago_days,
}
NO_AREAS = pd.DataFrame(columns=["ward_code", "borough_code", "borough_name", "force_code"])


@dataclass(frozen=True)
class Streams:
    """Streams, contract STREAMS, and their values, contract STREAM_VALUES."""

    streams: pd.DataFrame
    stream_values: pd.DataFrame


def read_streams(folder: DataFolder, areas: pd.DataFrame, crime_types: Sequence[str]) -> Streams:
    """Return every stream that the data folder holds; empty tables where it holds none.

    Raises
    ------
    InputError
        If `streams.toml` or a file is not as it should be, an own stream has the name of a known one, overlaps a crime
        type that the force does not have, or names a file that is not there.
    """
    known = [entry for entry in read_entries(KNOWN_STREAMS) if entry.dataset and folder.has(entry.dataset)]
    read = [(entry, folder.one(str(entry.dataset))) for entry in known]
    if folder.has(OWN_LIST):
        read += _own(folder, {entry.name for entry in read_entries(KNOWN_STREAMS)}, crime_types)
    return as_tables([(*read_stream(file, entry, areas), file) for entry, file in read])


def read_stream(file: Path, about: StreamEntry, areas: pd.DataFrame = NO_AREAS) -> tuple[Stream, float]:
    """Return one stream from its file, and how much of it was set aside; errors as its layout's reader."""
    return settled(READERS[about.layout](file, about, areas), about, file)


def load_stream(streams_toml: Path, name: str, areas: pd.DataFrame = NO_AREAS) -> Stream:
    """Return one stream that a `streams.toml` names, from the file beside it: no force is needed for its own areas.

    `areas`: contract AREAS, for a stream by ward or borough. Raises InputError for an unknown name or bad input.
    """
    entries = {entry.name: entry for entry in read_entries(streams_toml)}
    if name not in entries:
        raise InputError(
            "There is no such stream",
            file=streams_toml,
            column="name",
            value=name,
            remedy=f"Name one of: {', '.join(entries)}.",
        )
    return read_stream(streams_toml.parent / str(entries[name].file), entries[name], areas)[0]


def as_tables(read: Sequence[tuple[Stream, float, Path]]) -> Streams:
    """Return streams, what was set aside of each and their files as tables that can be kept."""
    if not read:
        return Streams(no_rows(STREAMS), no_rows(STREAM_VALUES))
    rows = [
        {
            "stream": stream.about.name,
            "about": stream.about.model_dump_json(exclude_defaults=True),
            "file": file.name,
            "first": stream.table["start"].min(),
            "last": stream.table["start"].max(),
            "total": stream.total,
            "set_aside": aside,
        }
        for stream, aside, file in read
    ]
    values = pd.concat([stream.table.assign(stream=stream.about.name) for stream, _, _ in read], ignore_index=True)
    return Streams(checked(STREAMS, pd.DataFrame(rows), LIST_FILE), checked(STREAM_VALUES, values, LIST_FILE))


def _own(folder: DataFolder, taken: set[str], crime_types: Sequence[str]) -> list[tuple[StreamEntry, Path]]:
    """Return the force's own streams and their files, which must lie beside the list."""
    listed = folder.one(OWN_LIST)
    files = {file.name: file for file in folder.all(OWN_FILES)}
    entries, found = read_entries(listed), []
    if unnamed := sorted(set(files) - {entry.file for entry in entries} - {SCHOOL_HOLIDAYS}):
        raise _refused(
            "No stream names this file", listed, "file", unnamed[0], "Name it, or move it out of the folder."
        )
    for entry in entries:
        if entry.name in taken:
            raise _refused("Wardcast knows a stream of this name itself", listed, "name", entry.name, "Choose another.")
        if entry.file not in files:
            raise _refused(
                f"The file of the stream {entry.name} is not there",
                listed,
                "file",
                entry.file,
                f"Put it beside {LIST_FILE}, as .csv, .csv.gz or .parquet.",
            )
        if strange := [name for name in entry.overlaps if name not in crime_types]:
            remedy = f"The force has: {'; '.join(crime_types)}."
            raise _refused("The stream overlaps a crime type that is not there", listed, "overlaps", strange[0], remedy)
        found.append((entry, files[str(entry.file)]))
    return found


def _refused(problem: str, file: Path, column: str, value: str | None, remedy: str) -> InputError:
    return InputError(problem, file=file, column=column, value=value, remedy=remedy)
