"""Which code is running: the package's version, in a checkout its commit, and the locked versions of its libraries."""

from __future__ import annotations

import hashlib
import subprocess
from importlib.metadata import version
from pathlib import Path


def code_version() -> str:
    """Return the version, with the commit and a mark for uncommitted changes where git can tell."""
    here = Path(__file__).parent
    try:
        found = subprocess.run(
            ["git", "-C", here, "describe", "--always", "--dirty", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return version("wardcast")
    return f"{version('wardcast')}+{found.stdout.strip()}"


def lock_hash() -> str:
    """Return the sha256 of the lock file in a checkout; empty where there is none."""
    lock = Path(__file__).resolve().parents[1] / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""
