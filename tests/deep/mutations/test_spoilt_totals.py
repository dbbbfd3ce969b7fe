"""Any part of a force's files cut, blanked, doubled, renamed or reformatted, 160 ways: no total changes in silence."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sources.read_force import read_force
from tests.deep.mutations.spoilt_totals import RIGHT, WRONG, outcome, spoil, totals, write_layouts

pytestmark = pytest.mark.integration

# A smaller seed is no simpler fault, so none is looked for. All 125 seeds of a layout take half an hour.
EACH = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The undamaged folders by layout."""
    return write_layouts(tmp_path_factory.mktemp("layouts"))


@pytest.fixture(scope="module")
def truths(layouts: dict[str, Path]) -> dict[str, pd.Series]:
    """Offences by month, by layout."""
    return {name: totals(read_force(folder)) for name, folder in layouts.items()}


@pytest.fixture(scope="module")
def ended() -> Counter:
    """How often each layout ended how."""
    return Counter()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("layout", ["both", "wide", "extract", "street"])
@EACH
@given(seed=st.integers(100, 224))
def test_no_total_changes_in_silence(
    layouts: dict[str, Path], truths: dict[str, pd.Series], ended: Counter, tmp_path: Path, layout: str, seed: int
) -> None:
    data = shutil.copytree(layouts[layout], tmp_path / f"{layout}{seed}")
    how = spoil(data, seed)
    kind, said = outcome(data, truths[layout])
    shutil.rmtree(data)
    assert kind != WRONG, f"{how}: {said}"
    ended[layout, kind] += 1


def test_some_of_what_is_spoilt_changes_nothing(ended: Counter, record_property: Callable[[str, object], None]) -> None:
    """After the test above, in the same process: else all might be refused, and none be put to the proof."""
    record_property("mutations", f"totals: {dict(ended)}")
    for layout in {layout for layout, _ in ended}:
        assert ended[layout, RIGHT] >= 5


@pytest.mark.parametrize("layout", ["both", "wide", "street"])
def test_undamaged_totals_are_the_truth(layouts: dict[str, Path], truths: dict[str, pd.Series], layout: str) -> None:
    """The extract begins later than the other files, and has the same offences."""
    true = pd.read_parquet(layouts["both"].parent / "force/truth/offences.parquet")
    by_month = true.groupby("month")[["located", "borough_only", "nowhere"]].sum().sum(axis="columns")
    assert (truths[layout] / by_month - 1).abs().max() < 0.02
