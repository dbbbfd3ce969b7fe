"""Sums up the trees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.area_counts import sum_groups
from features.panel import Panel
from models.forecast.hierarchy import AreaTree

pytestmark = pytest.mark.unit


@given(st.lists(st.integers(0, 4), min_size=5, max_size=40), st.integers(0, 2**32 - 1))
def test_groups_in_any_order_sum_as_a_loop_would(groups: list[int], seed: int) -> None:
    group = np.array([*range(5), *groups])
    values = np.random.default_rng(seed).integers(0, 100, (len(group), 3))
    expected = np.array([values[group == one].sum(axis=0) for one in range(5)])
    assert np.array_equal(sum_groups(values, group), expected)


def test_every_level_of_area_has_the_same_total(simulated_panel: Panel) -> None:
    tree = AreaTree.of(simulated_panel.areas)
    counts = simulated_panel.offences.transpose("ward", ...).to_numpy()
    everywhere = tree.sum_up(counts)
    assert len(everywhere) == len(tree.table)
    for level in ("ward", "borough", "bcu", "force"):
        rows = (tree.table["area_level"] == level).to_numpy()
        assert everywhere[rows].sum() == counts.sum()
    borough = tree.table.query("area_level == 'borough'").iloc[2]
    mine = (simulated_panel.areas["borough_code"] == borough["area_code"]).to_numpy()
    assert np.array_equal(everywhere[borough.name], counts[mine].sum(axis=0))
