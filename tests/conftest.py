"""Fixtures shared by all rooms: the real bundle, where it is there, and small simulated forces of known truth."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import settings

from features.panel import Panel, build_panel
from models.forecast.for_each import ForEach, Part, Result, Shared, in_turn
from sources.read_force import read_force
from sources.simulated import simulate
from sources.tables.force_tables import ForceTables, load, save
from tests.running.made_once import made_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = [
    "tests.running.places",
    "tests.publication.fictional_force",
    "tests.publication.atlas.fictional_atlas",
]

PROJECT = Path(__file__).resolve().parents[1]
BUNDLE = PROJECT.parent / "shared" / "data"

# On a busy machine an example may take any time.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """The environment is after each test what it was before: commands set variables for the tools that they start."""
    with patch.dict(os.environ):
        yield


@pytest.fixture(scope="module")
def folder_of_postgres() -> Iterator[Path]:
    """A folder for a PostgreSQL server of our own."""
    # Not in pytest's own folder, which every other pytest closes to the user that PostgreSQL runs as.
    with TemporaryDirectory(prefix="wardcast-postgres-") as name:
        yield Path(name) / "data"


@pytest.fixture(scope="session")
def london() -> Path:
    """The folder of the real London bundle; the test is skipped where it is absent."""
    if not BUNDLE.is_dir():
        pytest.skip("the London data bundle is not beside the project")
    return BUNDLE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, where it is installed; one for all tests of a process, for Playwright allows no second."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def backwards() -> ForEach:
    """Work done last part first."""

    def for_each(
        work: Callable[[Shared, Part], Result], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[tuple[Part, Result]]:
        return in_turn(work, shared, list(reversed(parts)))

    return for_each


@pytest.fixture(scope="session")
def simulated_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small simulated force: 24 wards, 84 months; its tables lie beside it."""

    def make(folder: Path) -> None:
        save(read_force(simulate(folder / "data", wards=24, months=84, seed=7)), folder / "tables")

    return made_once("simulated-force", make, tmp_path_factory) / "data"


@pytest.fixture(scope="session")
def simulated_tables(simulated_force: Path) -> ForceTables:
    """The canonical tables of the small simulated force, read by the first process that asks."""
    return load(simulated_force.with_name("tables"))


@pytest.fixture(scope="session")
def simulated_panel(simulated_tables: ForceTables) -> Panel:
    """The dense panel of the small simulated force."""
    return build_panel(simulated_tables)


@pytest.fixture(scope="session")
def london_tables(london: Path) -> ForceTables:
    """The canonical tables of the real London bundle."""
    return read_force(london)


@pytest.fixture(scope="session")
def london_panel(london_tables: ForceTables) -> Panel:
    """The dense panel of the real London bundle."""
    return build_panel(london_tables)


KINDS = {"unit", "integration", "e2e"}
DEEP = {"london", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test without exactly one kind of mark, and mark as deep what is not for every change."""
    unclear = []
    for item in items:
        # The mark nearest to the test counts: a file's holds for those of its tests that have none.
        kinds = [mark.name for mark in item.iter_markers() if mark.name in KINDS]
        own = {mark.name for mark in item.own_markers if mark.name in KINDS}
        if len(own or set(kinds)) != 1:
            unclear.append(item.nodeid)
        fixtures = set(getattr(item, "fixturenames", ()))
        if PROJECT / "tests" / "deep" in item.path.parents or fixtures & DEEP:
            item.add_marker("deep")
    if unclear:
        listed = "\n".join(unclear)
        raise pytest.UsageError(f"Give each test exactly one mark of {sorted(KINDS)}:\n{listed}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that the tests of faults and of damaged input leave, from whichever process ran them."""
    kept = [one for report in terminalreporter.getreports("passed") for one in report.user_properties]
    if rows := [value for name, value in kept if name == "fault"]:
        terminalreporter.section("faults survived")
        for row in [("fault", "what happened", "lost"), *rows]:
            terminalreporter.write_line(" | ".join(row))
    for counts in [value for name, value in kept if name == "mutations"]:
        terminalreporter.section("damaged input")
        terminalreporter.write_line(str(counts))
