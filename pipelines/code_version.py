"""Which code is running: the package's version, in a checkout its commit, and the locked versions of its libraries."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path


def code_version() -> str:
    """Return the version, with the commit and a mark for uncommitted changes where git can tell."""
    described = _git("describe", "--always", "--dirty", "--exclude=*")
    return f"{version('wardcast')}+{described}" if described else version("wardcast")


def commit() -> str:
    """Return the commit of a checkout, whole; empty where git cannot tell."""
    return _git("rev-parse", "HEAD")


def code_of(*rooms: str) -> Iterator[tuple[str, bytes]]:
    """Yield the code and lists of rooms, by path from the project and content: what is kept holds for these alone."""
    project = Path(__file__).resolve().parents[1]
    for room in rooms:
        for kind in ("*.py", "*.csv", "*.toml"):
            for file in sorted((project / room).rglob(kind)):
                yield file.relative_to(project).as_posix(), file.read_bytes()


def lock_hash() -> str:
    """Return the sha256 of the lock file in a checkout; empty where there is none."""
    lock = Path(__file__).resolve().parents[1] / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""


def _git(*words: str) -> str:
    # Git finds any repository around a folder: that of a wheel's environment is not where its code was made.
    checkout = Path(__file__).resolve().parents[1]
    if not (checkout / ".git").exists():
        return ""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        found = subprocess.run(
            ["git", "-C", checkout, *words], capture_output=True, text=True, check=True, timeout=10, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
