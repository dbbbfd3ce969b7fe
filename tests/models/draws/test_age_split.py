"""The split of draws by age: exact in every draw, and of the shares that were asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.draws.age_split import split_by_shares, split_months

pytestmark = pytest.mark.unit

TOTALS = arrays(np.int32, (3, 4, 5), elements=st.one_of(st.integers(0, 5), st.integers(0, 40_000)))
WEIGHTS = arrays(float, (4, 3, 1, 5), elements=st.one_of(st.just(0.0), st.floats(1e-6, 1)))


@settings(deadline=None)
@given(TOTALS, WEIGHTS, st.integers(0, 99))
def test_groups_add_up_in_every_draw(totals: np.ndarray, weights: np.ndarray, seed: int) -> None:
    weights[-1] += 1e-9
    shares = np.broadcast_to(weights / weights.sum(axis=0), (4, *totals.shape)).astype(np.float32)
    split = split_by_shares(np.random.default_rng(seed), totals, shares)
    assert split.dtype == np.int32
    assert (split >= 0).all()
    np.testing.assert_array_equal(split.sum(axis=0), totals)
    assert not split[shares == 0].any()


@settings(deadline=None)
@given(TOTALS, st.integers(1, 6), st.integers(0, 99))
def test_months_keep_both_margins(totals: np.ndarray, groups: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    even = np.full((groups, 3, 5), 1 / groups)
    years = split_by_shares(generator, totals.sum(axis=1), even)
    months = split_months(generator, years, totals)
    assert (months >= 0).all()
    np.testing.assert_array_equal(months.sum(axis=0), totals)
    np.testing.assert_array_equal(months.sum(axis=2), years)


def test_a_split_has_the_mean_and_the_spread_of_a_multinomial() -> None:
    shares = np.array([0.5, 0.2, 0.05, 0.25])
    totals = np.full((1, 1, 200_000), 40, dtype=np.int32)
    split = split_by_shares(np.random.default_rng(1), totals, shares[:, None, None, None] * np.ones(totals.shape))
    counts = split[:, 0, 0]
    np.testing.assert_allclose(counts.mean(axis=1), 40 * shares, rtol=0.01)
    covariance = 40 * (np.diag(shares) - np.outer(shares, shares))
    np.testing.assert_allclose(np.cov(counts), covariance, atol=0.1)


def test_a_month_is_a_sample_of_its_year_without_replacement() -> None:
    draws = 100_000
    years = np.repeat(np.array([6, 3, 11], dtype=np.int32)[:, None, None], draws, axis=2)
    totals = np.broadcast_to(np.array([4, 0, 9, 7], dtype=np.int32)[None, :, None], (1, 4, draws))
    months = split_months(np.random.default_rng(1), years, totals)[:, 0]
    np.testing.assert_allclose(months.mean(axis=-1), np.outer([6, 3, 11], [4, 0, 9, 7]) / 20, rtol=0.02)
    # Variance of the hypergeometric: n K/N (1 - K/N) (N - n)/(N - 1).
    variance = np.outer([6 * 14, 3 * 17, 11 * 9], [4 * 16, 0, 9 * 11, 7 * 13]) / 400 / 19
    np.testing.assert_allclose(months.var(axis=-1), variance, rtol=0.03)
