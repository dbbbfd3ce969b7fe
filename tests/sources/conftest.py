"""Fixtures shared by the tests of `sources`."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.force import ForceTables, read_force


@pytest.fixture(scope="session")
def london_tables(london: Path) -> ForceTables:
    """The canonical tables of the real London bundle."""
    return read_force(london)
