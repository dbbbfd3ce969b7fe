"""Draws around shares stay where they can be: no group is drawn far out, and means lie inside their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.people.recorded.bands import bands_within, drawn_around, merged

pytestmark = pytest.mark.unit

STARTS = np.array([0, 10, 18, 25, 35, 45, 55, 65])


def test_bands_within_groups_have_enough_each_and_keep_the_groups() -> None:
    people = np.full(91, 6.0)
    bands = bands_within(people, STARTS, 20.0)
    assert set(STARTS) <= set(bands.tolist())
    assert (np.add.reduceat(people, bands) >= 20).all()
    assert bands_within(people / 1000, STARTS, 20.0).tolist() == STARTS.tolist()


@given(st.lists(st.floats(0, 50), min_size=91, max_size=91), st.floats(0.01, 100))
def test_groups_put_together_hold_enough_or_are_one(people: list[float], least: float) -> None:
    bands = merged(np.array(people), STARTS, least)
    assert bands[0] == 0
    assert set(bands.tolist()) <= set(STARTS.tolist())
    assert len(bands) == 1 or (np.add.reduceat(people, bands) >= least).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 1e5), st.floats(0.02, 5))
def test_means_lie_inside_the_intervals_of_draws(seed: int, worth: float, unevenness: float) -> None:
    generator = np.random.default_rng(seed)
    share = generator.dirichlet(np.full(91, unevenness))
    drawn = drawn_around(np.tile(share, (800, 1)), worth, STARTS, generator)
    assert np.allclose(drawn.sum(axis=1), 1)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
    mean = drawn.mean(axis=0)
    assert ((low <= mean + 1e-12) & (mean <= high + 1e-12)).all()
