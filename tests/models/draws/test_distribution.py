"""Draws: shocks of mean one, counts of the right mean and spread, the same in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.draws.distribution import negative_binomial
from models.draws.shocks import shock_path

pytestmark = pytest.mark.unit


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 0.1), st.floats(0, 0.01), st.floats(0, 0.1))
def test_shocks_have_mean_one_and_the_variance_of_their_parts(level: float, drift: float, month: float) -> None:
    generator = np.random.default_rng(1)
    shock = shock_path(generator, np.array([level, drift, month]), np.ones(40), months=6, draws=4000)
    assert (shock > 0).all()
    assert shock.mean(axis=(0, 2)) == pytest.approx(np.ones(6), abs=0.01)
    logs = np.log(shock.astype(float))
    expected = level + drift * np.arange(1, 7) + month
    assert logs.var(axis=2).mean(axis=0) == pytest.approx(expected, rel=0.1, abs=1e-6)


def test_levels_stay_and_months_pass() -> None:
    generator = np.random.default_rng(1)
    stays = shock_path(generator, np.array([0.04, 0, 0]), np.ones(1), 12, 2000)[0]
    passes = shock_path(generator, np.array([0, 0, 0.04]), np.ones(1), 12, 2000)[0]
    assert np.corrcoef(stays[0], stays[11])[0, 1] == pytest.approx(1)
    assert abs(np.corrcoef(passes[0], passes[11])[0, 1]) < 0.1


@pytest.mark.parametrize("dispersion", [0.0, 0.05, 0.8])
@pytest.mark.parametrize("mean", [0.02, 3.0, 200.0])
def test_counts_have_the_mean_and_variance_of_the_negative_binomial(mean: float, dispersion: float) -> None:
    rate = np.full((1, 400_000), mean, dtype=np.float32)
    counts = negative_binomial(np.random.default_rng(2), rate, np.array([dispersion]))
    assert counts.min() >= 0
    variance = mean + dispersion * mean**2
    assert counts.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / rate.size))
    assert counts.var() == pytest.approx(variance, rel=0.1)
