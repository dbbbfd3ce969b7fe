"""Ratios carried along cohorts: people age where they live, students do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from features.population.cohorts import STAY, between, carried, smoothed

pytestmark = pytest.mark.unit
AGES = np.arange(91)
RATIOS = arrays(float, (2, 91), elements=st.floats(-2, 2))


def bump(middle: int) -> np.ndarray:
    return np.exp(-(((AGES - middle) / 3.0) ** 2))[None, :]


@given(RATIOS, st.integers(-8, 8))
def test_no_year_changes_nothing_and_a_flat_ratio_stays_flat(ratio: np.ndarray, years: int) -> None:
    np.testing.assert_allclose(carried(ratio, 0), ratio, atol=1e-12)
    flat = np.full_like(ratio, 0.3)
    np.testing.assert_allclose(carried(flat, years), flat, atol=1e-12)
    assert np.isfinite(carried(ratio, years)).all()


def test_what_stays_stays_and_what_moves_moves() -> None:
    stays, moves = np.ones(91), np.zeros(91)
    np.testing.assert_allclose(carried(bump(20), 5, stays), bump(20), atol=1e-3)
    np.testing.assert_allclose(carried(bump(40), 5, moves), bump(45), atol=1e-3)
    np.testing.assert_allclose(carried(bump(40), -5, moves), bump(35), atol=1e-3)


def test_students_stay_and_the_middle_aged_grow_older() -> None:
    assert abs(int(carried(bump(20), 8).argmax()) - 20) <= 1
    assert int(carried(bump(55), 8).argmax()) >= 62
    assert ((STAY >= 0) & (STAY <= 1)).all()


def test_between_meets_its_anchors_and_is_between() -> None:
    anchors = {2017: bump(30), 2020: 2 * bump(33)}
    for year, anchor in anchors.items():
        np.testing.assert_allclose(between(anchors, year), anchor, atol=1e-12)
    np.testing.assert_allclose(
        between(anchors, 2018), carried(anchors[2017], 1) * 2 / 3 + carried(anchors[2020], -2) / 3
    )
    np.testing.assert_allclose(between(anchors, 2025), carried(anchors[2020], 5))
    np.testing.assert_allclose(between(anchors, 2011), carried(anchors[2017], -6))


def test_smoothing_takes_the_step_at_25_and_keeps_that_at_18() -> None:
    for age, kept in ((25, False), (18, True)):
        step = np.where(age <= AGES, 1.0, 0.0)[None, :]
        assert (np.abs(np.diff(smoothed(step))).max() > 0.5) == kept
