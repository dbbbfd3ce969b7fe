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


def sha256(file: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def seal(folder: Path) -> None:
    """Write the checksum of every file of the folder; folders within it are not looked at."""
    sums = {file.name: sha256(file) for file in sorted(folder.iterdir()) if file.is_file() and file.name != SEAL}
    (folder / SEAL).write_text(json.dumps(sums, indent=1), encoding="utf-8")


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
