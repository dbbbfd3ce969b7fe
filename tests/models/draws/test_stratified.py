"""Stratified random numbers: distributed as independent ones, and evenly spread over the draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import kstest, norm
from scipy.stats import poisson as poisson_distribution

from models.draws.stratified import normals, poisson, uniforms

pytestmark = pytest.mark.unit


def generator() -> np.random.Generator:
    """The stream that every test begins anew."""
    return np.random.Generator(np.random.SFC64([5]))


@given(draws=st.integers(1, 700), places=st.integers(1, 4))
def test_each_equal_part_holds_one_draw(draws: int, places: int) -> None:
    parts = np.floor(uniforms(generator(), (places, draws)).astype(float) * draws)
    # A number next to the edge of its part may be rounded over it.
    assert (np.abs(np.sort(parts, axis=-1) - np.arange(draws)) <= 1).all()


def test_places_and_months_are_independent_of_each_other() -> None:
    drawn = normals(generator(), (60, 3, 400)).reshape(180, 400)
    correlation = np.corrcoef(drawn)[np.triu_indices(180, 1)]
    assert abs(correlation.mean()) < 0.002
    assert correlation.std() == pytest.approx(1 / np.sqrt(399), rel=0.05)


def test_normals_are_normal() -> None:
    drawn = normals(generator(), (500, 400))
    assert kstest(drawn.ravel(), norm.cdf).pvalue > 0.01
    assert drawn.std() == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("rate", [1e-4, 0.05, 0.7, 3.0, 9.9, 10.1, 40.0, 3000.0])
def test_counts_have_the_distribution_of_their_rate(rate: float) -> None:
    drawn = poisson(generator(), np.full((200, 5, 400), rate, dtype=np.float32))
    chance = 4 * np.sqrt(rate / drawn.size)
    assert drawn.mean() == pytest.approx(rate, abs=chance)
    assert drawn.var() == pytest.approx(rate, rel=0.02, abs=chance)
    counts = np.arange(drawn.max() + 2)
    found = np.searchsorted(np.sort(drawn.ravel()), counts, side="right") / drawn.size
    assert np.abs(found - poisson_distribution.cdf(counts, rate)).max() < 0.003


def test_rates_of_a_place_may_be_small_and_large() -> None:
    rate = np.geomspace(0.01, 500, 400, dtype=np.float32) * np.ones((300, 2, 1), dtype=np.float32)
    drawn = poisson(generator(), rate)
    standing = (drawn.mean(axis=(0, 1)) - rate[0, 0]) / np.sqrt(rate[0, 0] / 600)
    assert standing.std() == pytest.approx(1, abs=0.15)
    assert abs(standing.mean()) < 0.2


def test_no_rate_means_no_offences() -> None:
    assert not poisson(generator(), np.zeros((2, 3, 50), dtype=np.float32)).any()
    assert poisson(generator(), np.zeros((0, 3, 50), dtype=np.float32)).shape == (0, 3, 50)


def test_quantiles_of_few_draws_are_nearer_the_truth_than_those_of_independent_ones() -> None:
    shape, truth = (400, 400), norm.ppf(0.9)
    errors = [
        np.std(ndtr(np.quantile(drawn, 0.9, axis=-1, method="inverted_cdf")) - ndtr(truth))
        for drawn in (normals(generator(), shape), generator().standard_normal(shape))
    ]
    assert errors[0] < errors[1] / 5
