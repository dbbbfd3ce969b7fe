"""Folders of files that one step leaves for the next, sealed with their checksums.

Walks in: a folder that has just been written. Walks out: the same with `checksums.json`; and an `InputError` where a
file is no longer as it was. A flipped bit in a table may else be read as another number.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sources.files.errors import InputError

SEAL = "checksums.json"
State = tuple[int, ...]


def sha256(file: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def seal(folder: Path) -> None:
    """Write the checksum of every file of the folder; folders within it are not looked at."""
    sums = {file.name: sha256(file) for file in sorted(folder.iterdir()) if file.is_file() and file.name != SEAL}
    (folder / SEAL).write_text(json.dumps(sums, indent=1), encoding="utf-8")


def state_of(file: Path) -> State:
    """Return what changes when a file is replaced or written to, without reading it; empty where it is gone."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def state_of_sealed(folder: Path) -> tuple[State, ...]:
    """Return the states of the seal and of each sealed file; empty where there is no seal to go by."""
    try:
        names = [SEAL, *json.loads((folder / SEAL).read_bytes())]
        return tuple(state_of(folder / Path(name).name) for name in names)
    except (OSError, ValueError, TypeError, RecursionError):
        return ()


def refuse_damaged(folder: Path, remedy: str) -> None:
    """Refuse a folder whose files are not those that were sealed.

    Raises
    ------
    InputError
        If the seal or one of its files is missing, or a file has changed.
    """
    try:
        sums = json.loads((folder / SEAL).read_bytes())
        changed = [name for name, checksum in sums.items() if sha256(folder / Path(name).name) != checksum]
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise InputError(f"The folder is not whole: {error}", file=folder, remedy=remedy) from error
    if changed:
        raise InputError("The file is damaged: its checksum has changed", file=folder / changed[0], remedy=remedy)
