"""One run of the whole main job on a small simulated force, through the command line, shared by the tests of it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from sources.simulated import simulate

WARDCAST = Path(sys.executable).with_name("wardcast")
SMALL = {"WARDCAST_HORIZON": "15", "WARDCAST_DRAWS": "40", "WARDCAST_WORKERS": "2"}


@dataclass(frozen=True)
class Workplace:
    """A folder in which commands are run as a user would."""

    folder: Path
    data: Path

    @property
    def first_cache(self) -> Path:
        """A copy of the cache as the first run left it; later runs in this folder, some of them stopped, replace it."""
        return self.folder / "first_cache"

    def start(self, *words: object, **variables: str) -> subprocess.Popen[str]:
        """Start a command in this folder."""
        return subprocess.Popen(
            [os.fspath(WARDCAST), *map(str, words)],
            cwd=self.folder,
            env=os.environ | SMALL | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wardcast(self, *words: object, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this folder to its end."""
        process = self.start(*words, **variables)
        out, err = process.communicate(timeout=1800)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A folder with the data of a simulated force of 12 wards and 60 months."""
    folder = tmp_path_factory.mktemp("workplace")
    return Workplace(folder, simulate(folder / "data", wards=12, months=60, seed=3))


@pytest.fixture(scope="session")
def released(workplace: Workplace) -> Path:
    """The release of one whole run in the workplace."""
    done = workplace.wardcast("run", "--data", workplace.data)
    assert done.returncode == 0, done.stderr
    copytree(workplace.folder / "cache", workplace.first_cache)
    return Path(done.stdout.splitlines()[0].removeprefix("Release: "))
