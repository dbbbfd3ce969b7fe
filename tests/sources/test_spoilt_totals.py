"""A few of the ways in which files are spoilt, on two layouts; the deep tests go through 500 (tests/deep/mutations)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sources.read_force import read_force
from tests.deep.mutations.spoilt_totals import RIGHT, WRONG, outcome, spoil, totals, write_layouts

pytestmark = pytest.mark.integration

# Seeds whose ways are unlike: what they do is said in a failure.
SEEDS = (14, 206)


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The undamaged folders by layout."""
    return write_layouts(tmp_path_factory.mktemp("layouts"))


@pytest.mark.parametrize("layout", ["wide", "street"])
def test_no_total_changes_in_silence(layouts: dict[str, Path], layout: str, tmp_path: Path) -> None:
    truth = totals(read_force(layouts[layout]))
    assert outcome(layouts[layout], truth)[0] == RIGHT
    for seed in SEEDS:
        data = shutil.copytree(layouts[layout], tmp_path / str(seed))
        how = spoil(data, seed)
        kind, said = outcome(data, truth)
        assert kind != WRONG, f"{how}: {said}"
