"""Raking: totals are met, nobody is negative, and no step appears where bands meet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.population.raking import smoothly_to_bands, sums_by_group, to_bands_and_columns, to_margins

pytestmark = pytest.mark.unit
GROUP = np.array([0, 0, 1, 1, 1])


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_margins_are_met_and_nobody_is_negative(seed: int) -> None:
    generator = np.random.default_rng(seed)
    guess, truth = generator.gamma(2, 10, (2, 5, 91))
    truth[1] = 0.0  # a ward without residents
    columns = sums_by_group(truth, GROUP)
    raked = to_margins(guess, truth.sum(axis=1), columns, GROUP)
    np.testing.assert_allclose(raked.sum(axis=1), truth.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(sums_by_group(raked, GROUP), columns, rtol=1e-6)
    assert (raked >= 0).all()
    assert (raked[1] == 0).all()


def test_bands_and_columns_are_met_together() -> None:
    generator = np.random.default_rng(1)
    guess, truth = generator.gamma(2, 10, (2, 5, 91))
    starts = np.arange(0, 90, 5)
    bands = np.add.reduceat(truth, starts, axis=1)
    raked = to_bands_and_columns(guess, bands, starts, sums_by_group(truth, GROUP), GROUP)
    np.testing.assert_allclose(np.add.reduceat(raked, starts, axis=1), bands, rtol=1e-6)
    np.testing.assert_allclose(sums_by_group(raked, GROUP), sums_by_group(truth, GROUP), rtol=1e-6)


def test_a_smooth_guess_stays_smooth_where_bands_meet() -> None:
    ages, starts = np.arange(91), np.arange(0, 90, 5)
    truth = 200 * np.exp(-(((ages - 35) / 20.0) ** 2))[None, :] + 5
    bands = np.add.reduceat(truth, starts, axis=1)
    smooth = smoothly_to_bands(np.full((1, 91), 50.0), bands, starts)
    np.testing.assert_allclose(np.add.reduceat(smooth, starts, axis=1), bands, rtol=1e-3)
    np.testing.assert_allclose(smooth[:, 5:80], truth[:, 5:80], rtol=0.1)
    stepped = 50 * np.repeat(bands / (50 * np.diff([*starts, 91])), np.diff([*starts, 91]), axis=1)
    assert np.abs(np.diff(np.log(smooth), 2)).max() < np.abs(np.diff(np.log(stepped), 2)).max() / 3
