"""A released place of a small simulated force, put back as it was for each fault, and what must hold after one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest

from pipelines.journal import read
from publication.release import latest, list_releases, verify
from sources.simulated import simulate
from tests.pipelines.conftest import SMALL
from tests.pipelines.faults.commands import PATIENCE, Command, Strike

QUICK = SMALL | {
    "WARDCAST_HORIZON": "3",
    "WARDCAST_RETRY_DELAY": "1",
    "PREFECT_TASKS_DEFAULT_RETRY_DELAY_SECONDS": "1",  # should an earlier fixture of the process have set the usual one
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "OMP_NUM_THREADS": "1",
}
Note = Callable[[str, str, str], None]


class Server:
    """A server on this machine that can be killed and started again on its port."""

    def __init__(self, words: Callable[[int], list[str]], health: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address, self._health = f"http://127.0.0.1:{self.port}", health
        self._words, self._folder = words, folder
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, without waiting for it to answer."""
        own = {"PREFECT_HOME": str(self._folder), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        with (self._folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self._words(self.port)],
                cwd=self._folder,
                env=os.environ | own,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.begin()
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if httpx.get(self.address + self._health, timeout=5).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError((self._folder / "log.txt").read_text())

    def kill(self) -> None:
        """Kill it with all its workers."""
        if self._process is not None:
            os.killpg(self._process.pid, 9)
            self._process.wait()
            self._process = None


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Prefect server that all commands report to."""
    server = Server(
        lambda port: ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        "/api/health",
        tmp_path_factory.mktemp("prefect"),
    )
    server.start()
    yield server
    server.kill()


@dataclass(frozen=True)
class Place:
    """A folder with data and a released forecast, in which commands are run."""

    folder: Path

    @property
    def releases(self) -> Path:
        """The folder of releases."""
        return self.folder / "releases"

    def start(self, *words: str, strike: Strike | None = None, **variables: str) -> Command:
        """Start a command, the main job if none is named."""
        return Command(self.folder, words or ("run", "--data", "data"), variables, strike)

    def run(self, *words: str, strike: Strike | None = None, **variables: str) -> Command:
        """Run a command to its end."""
        command = self.start(*words, strike=strike, **variables)
        command.end()
        return command

    def published(self) -> dict[str, str]:
        """Return a checksum of all that each release holds."""
        return {release.name: _checksum(release) for release in list_releases(self.releases)}

    def assert_as_it_was(self, before: dict[str, str]) -> None:
        """The releases are those of before, and the last of them is served."""
        assert self.published() == before
        served = latest(self.releases)
        assert served is not None
        assert served.name == list(before)[-1]

    def assert_one_more(self, before: dict[str, str], *words: str, **variables: str) -> None:
        """The next run succeeds with nobody's help and adds one whole release, which is served; the others stay."""
        after = self.run(*words, **variables)
        assert after.end() == 0, after.said
        self.assert_one_was_added(before)

    def assert_one_was_added(self, before: dict[str, str]) -> None:
        """One whole release has come to those of before, is served and told in the journal; nothing lies about."""
        now = self.published()
        assert {name: now.get(name) for name in before} == before
        served = latest(self.releases)
        assert served is not None
        assert set(now) - set(before) == {served.name}
        assert verify(served) == []
        told = Counter(line["release"] for line in read(self.folder / "mlruns") if line["action"] == "published")
        assert told == dict.fromkeys(now, 1)
        assert [path.name for path in self.releases.glob(".*") if path.name != ".lock"] == []
        cache = self.folder / "cache"
        assert [path.name for path in cache.glob(".*") if path.name != ".refresh.lock"] == []


def _checksum(folder: Path) -> str:
    digest = sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def pristine(prefect_server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder to work in, and a copy of it as it was after one whole run."""
    folder = tmp_path_factory.mktemp("place") / "work"
    folder.mkdir()
    simulate(folder / "data", wards=12, months=48, seed=3)
    quick = QUICK | {"PREFECT_API_URL": f"{prefect_server.address}/api"}
    # What the process starts with from which all commands are forked; other tests of this process must not see it.
    with patch.dict(os.environ, quick):
        first = Place(folder).run()
    assert first.end() == 0, first.said
    return folder, Path(shutil.copytree(folder, folder.with_name("pristine"), symlinks=True))


@pytest.fixture
def place(pristine: tuple[Path, Path]) -> Place:
    """The place as it was after one whole run, at the same path, for MLflow's records name it."""
    folder, copy = pristine
    shutil.rmtree(folder)
    shutil.copytree(copy, folder, symlinks=True)
    return Place(folder)


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Keep a row of the table of faults: the fault, what happened, what was lost."""
    return lambda fault, happened, lost: record_property("fault", (fault, happened, lost))
