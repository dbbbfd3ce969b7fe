"""One run of the whole main job on a small simulated force, through the command line, shared by the tests of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from publication.release.release import list_releases
from sources.simulated import simulate
from tests.running.commands import Command
from tests.running.made_once import made_once
from tests.running.place import Place, simulate_without_ages
from tests.running.servers import Server

OUT, ERR = "out.txt", "err.txt"  # what the first run said, in its folder
WARDCAST = Path(sys.executable).with_name("wardcast")
SMALL = {"WARDCAST_HORIZON": "15", "WARDCAST_DRAWS": "40", "WARDCAST_WORKERS": "2"}


@dataclass(frozen=True)
class Workplace:
    """A folder in which commands are run as a user would."""

    folder: Path
    data: Path
    server: str = ""  # the Prefect server of those commands that need none of their own

    @property
    def pristine(self) -> Path:
        """A copy of the folder as the first run left it; later runs change the folder, or are stopped in it."""
        return self.folder.with_name("pristine")

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
        """Run a command in this folder to its end, forked from a process that has imported everything."""
        reporting = {"PREFECT_API_URL": self.server} if self.server else {}
        command = Command(self.folder, tuple(map(str, words)), SMALL | reporting | variables)
        return subprocess.CompletedProcess(words, command.end(), command.out, command.err)


def _prefect_server(home: Path) -> Server:
    return Server(
        lambda port: ["prefect", "server", "start", "--no-services", "--host", "127.0.0.1", "--port", str(port)],
        "/api/health",
        home,
    )


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of Prefect as its first server leaves it, which takes long to lay out its database."""

    def make(folder: Path) -> None:
        server = _prefect_server(folder)
        server.start()
        server.kill()

    return made_once("prefect-home", make, tmp_path_factory)


@pytest.fixture(scope="session")
def prefect_server(prefect_home: Path) -> Iterator[Server]:
    """A Prefect server that all commands report to."""
    server = _prefect_server(copytree(prefect_home, prefect_home.with_name("shared")))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def first_run(prefect_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A folder with the data of a simulated force of 12 wards and 60 months, and the release of a whole run in it."""

    def make(folder: Path) -> None:
        # As a user would: in a process of its own, with a Prefect server of its own.
        data = simulate(folder / "data", wards=12, months=60, seed=3)
        run = Workplace(folder, data).start("run", "--data", data, PREFECT_HOME=str(prefect_home))
        out, err = run.communicate()
        assert run.returncode == 0, err
        (folder / OUT).write_text(out, encoding="utf-8")
        (folder / ERR).write_text(err, encoding="utf-8")

    folder = made_once("first-run", make, tmp_path_factory)
    copytree(folder, folder.with_name("pristine"), symlinks=True)
    return Workplace(folder, folder / "data")


@pytest.fixture(scope="module")
def workplace(first_run: Workplace, prefect_server: Server) -> Workplace:
    """The folder as the first run left it, whatever the tests of other files did in it."""
    rmtree(first_run.folder)
    # At the same path, for MLflow's records name it.
    copytree(first_run.pristine, first_run.folder, symlinks=True)
    return replace(first_run, server=prefect_server.api)


@pytest.fixture(scope="module")
def released(workplace: Workplace) -> Path:
    """The release of the first run in the workplace."""
    (release,) = list_releases(workplace.pristine / "releases")
    return workplace.folder / "releases" / release.name


@pytest.fixture(scope="session")
def pristine(prefect_server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder to work in, and a copy of it as it was after one whole run."""

    def make(folder: Path) -> None:
        simulate_without_ages(folder / "data")
        first = Place(folder, prefect_server.api).run()
        assert first.end() == 0, first.said

    folder = made_once("place", make, tmp_path_factory)
    return folder, copytree(folder, folder.with_name("pristine"), symlinks=True)


@pytest.fixture
def place(pristine: tuple[Path, Path], prefect_server: Server) -> Place:
    """The place as it was after one whole run, at the same path, for MLflow's records name it."""
    folder, copy = pristine
    rmtree(folder)
    copytree(copy, folder, symlinks=True)
    return Place(folder, prefect_server.api)
