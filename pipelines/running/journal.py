"""The journal: who ran, promoted, overrode, published and rolled back what, and when; lines are only ever added.

Walks in: an action and its facts. Walks out: a line of `journal.jsonl` in the tracking folder. Each line carries the
checksum of the line before it, so that a change of an earlier line shows.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from sources.files.errors import InputError

JOURNAL = "journal.jsonl"


def record(folder: Path, action: str, **facts: str) -> None:
    """Add a line to the folder's journal; it is on the disk when this returns."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / JOURNAL).open("a+b") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        journal.seek(0)
        written = journal.read()
        lines = written.splitlines()
        line = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "who": _user(),
            "where": socket.gethostname(),
            "action": action,
            **facts,
            "line_before": _checksum(lines[-1]) if lines else "",
        }
        # A line cut short by a killed process is closed, so that the next one stands by itself.
        start = b"" if not written or written.endswith(b"\n") else b"\n"
        journal.write(start + json.dumps(line, ensure_ascii=False).encode() + b"\n")
        journal.flush()
        os.fsync(journal.fileno())


def read(folder: Path) -> list[dict[str, str]]:
    """Return the journal's lines, oldest first.

    Raises
    ------
    InputError
        When a line was changed or removed since it was written.
    """
    file = folder / JOURNAL
    written = file.read_bytes() if file.is_file() else b""
    entries: list[dict[str, str]] = []
    before, entry = b"", None
    for number, line in enumerate(written.splitlines(), start=1):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None  # cut short by a killed process; its checksum still stands in the next line
        if entry is not None:
            if not isinstance(entry, dict) or entry.get("line_before") != (_checksum(before) if before else ""):
                raise _changed(file, number - 1)
            entries.append(entry)
        before = line
    if entry is None and written.endswith(b"\n"):  # a line cut short has no end, until another is written after it
        raise _changed(file, len(written.splitlines()))
    return entries


def _changed(file: Path, row: int) -> InputError:
    return InputError(
        "The journal was changed after it was written",
        file=file,
        row=row,
        remedy="Compare it with a backup, and find out who can write to this folder.",
    )


def has(folder: Path, **facts: str) -> bool:
    """Whether a line with these facts is there; changed lines are for `read` to find."""
    file = folder / JOURNAL
    for line in file.read_bytes().splitlines() if file.is_file() else []:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and facts.items() <= entry.items():
            return True
    return False


def _checksum(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())  # an account without a name, as in containers
