"""A released place of a small simulated force, put back as it was for each fault, and what must hold after one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.journal import read
from publication.release import latest, list_releases, verify
from sources.simulated import simulate
from tests.pipelines.commands import Command, Strike
from tests.pipelines.conftest import SMALL
from tests.pipelines.made_once import made_once
from tests.pipelines.servers import Server

QUICK = SMALL | {"WARDCAST_HORIZON": "3", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2"}
Note = Callable[[str, str, str], None]


@dataclass(frozen=True)
class Place:
    """A folder with data and a released forecast, in which commands are run."""

    folder: Path
    server: str

    @property
    def releases(self) -> Path:
        """The folder of releases."""
        return self.folder / "releases"

    def start(self, *words: str, strike: Strike | None = None, **variables: str) -> Command:
        """Start a command, the main job if none is named."""
        environment = QUICK | {"PREFECT_API_URL": self.server} | variables
        return Command(self.folder, words or ("run", "--data", "data"), environment, strike)

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

    def make(folder: Path) -> None:
        # No fault here has to do with ages, which are most of the work of so small a force.
        shutil.rmtree(simulate(folder / "data", wards=12, months=48, seed=3) / "incidents")
        first = Place(folder, prefect_server.api).run()
        assert first.end() == 0, first.said

    folder = made_once("place", make, tmp_path_factory)
    return folder, Path(shutil.copytree(folder, folder.with_name("pristine"), symlinks=True))


@pytest.fixture
def place(pristine: tuple[Path, Path], prefect_server: Server) -> Place:
    """The place as it was after one whole run, at the same path, for MLflow's records name it."""
    folder, copy = pristine
    shutil.rmtree(folder)
    shutil.copytree(copy, folder, symlinks=True)
    return Place(folder, prefect_server.api)


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Keep a row of the table of faults: the fault, what happened, what was lost."""
    return lambda fault, happened, lost: record_property("fault", (fault, happened, lost))
