"""A folder with the data of a small simulated force without ages, and a released forecast, for tests that run commands.

Ages are most of the work of so small a force.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.running.journal import read
from publication.release.release import latest, list_releases, verify
from sources.simulated import simulate
from tests.running.commands import Command, Strike

QUICK = {
    "WARDCAST_HORIZON": "3",
    "WARDCAST_DRAWS": "40",
    "WARDCAST_WORKERS": "1",  # for so small a force, more would only get into each other's way
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}


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

    def assert_killed(self, before: dict[str, str], strike: Strike) -> None:
        """A run dies by the strike, and the releases are those of before."""
        struck = self.run(strike=strike)
        assert struck.end() == -signal.SIGKILL, struck.said
        self.assert_as_it_was(before)

    def assert_one_more(self, before: dict[str, str], *words: str, **variables: str) -> None:
        """The next run succeeds with nobody's help and adds one whole release, which is served; the others stay."""
        after = self.run(*words, **variables)
        assert after.end() == 0, after.said
        self.assert_one_was_added(before)

    def assert_one_was_added(self, before: dict[str, str]) -> None:
        """One whole release has come to those of before, is served and told in the journal; no work lies half done."""
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
        with closing(sqlite3.connect(self.folder / "mlruns" / "mlflow.db")) as store:
            assert store.execute("select count(*) from runs where status = 'RUNNING'").fetchone() == (0,)


def _checksum(folder: Path) -> str:
    digest = sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def simulate_without_ages(data: Path, *, months: int = 48, last_month: str = "2025-03") -> Path:
    """Simulate a force of 12 wards that has nothing that tells of ages or of who lives where, and says so."""
    simulate(data, wards=12, months=months, seed=3, last_month=last_month)
    for folder in ("incidents", "population"):
        shutil.rmtree(data / folder)
    for file in (data / "derived").iterdir():
        if not file.name.startswith("ward22_population_mid"):
            file.unlink()
    entry, without = data / "force.toml", ["ward_population_by_age", "borough_estimates_by_age", "borough_projection"]
    entry.write_text(f"without = {without}\n{entry.read_text()}")
    return data
