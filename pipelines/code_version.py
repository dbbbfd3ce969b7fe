"""Which code is running: the package's version and, in a checkout, its commit."""

from __future__ import annotations

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
