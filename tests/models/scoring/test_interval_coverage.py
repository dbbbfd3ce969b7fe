"""Coverage and PIT of counts: exact small cases, and uniformity where the forecast is the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kstest

from models.scoring.interval_coverage import (
    covered_by_pit,
    covered_inclusively,
    covered_strictly,
    pit_range,
    randomised_pit,
)

pytestmark = pytest.mark.unit


def test_ends_of_an_interval_are_covered_inclusively_and_not_strictly():
    actual, lower, upper = np.array([1, 2, 3, 4, 5]), 2, 4
    assert covered_strictly(actual, lower, upper).tolist() == [False, False, True, False, False]
    assert covered_inclusively(actual, lower, upper).tolist() == [False, True, True, True, False]


def test_pit_range_worked_by_hand():
    lower, upper = pit_range(np.array([2, 0, 9]), np.array([[1, 2, 2, 5], [1, 2, 3, 4], [1, 2, 3, 4]]))
    np.testing.assert_allclose(lower, [1 / 5, 0, 4 / 5])
    np.testing.assert_allclose(upper, [4 / 5, 1 / 5, 1])


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [(0.2, 0.4, 1.0), (0.0, 0.1, 0.0), (0.0, 0.2, 0.5), (0.0, 1.0, 0.8), (0.85, 1.0, 1 / 3)],
)
def test_coverage_by_pit_is_the_share_of_the_range_inside(lower, upper, expected):
    assert covered_by_pit(np.array(lower), np.array(upper), 0.8) == pytest.approx(expected)


@given(arrays(np.int64, 6, elements=st.integers(0, 5)), arrays(np.int64, (6, 8), elements=st.integers(0, 5)))
def test_pit_of_any_count_lies_in_a_range_of_some_width_within_0_and_1(actual, draws):
    lower, upper = pit_range(actual, draws)
    assert (lower >= 0).all()
    assert (upper <= 1 + 1e-12).all()
    assert (upper > lower).all()
    pit = randomised_pit(actual, draws, np.random.default_rng(0))
    assert ((lower <= pit) & (pit <= upper)).all()


@pytest.mark.parametrize("rate", [0.1, 1.0, 20.0])
@pytest.mark.parametrize("draws", [9, 400])
def test_pit_is_uniform_and_covers_nominally_when_the_forecast_is_the_truth(rate, draws):
    generator = np.random.default_rng(7)
    both = generator.poisson(rate, (20_000, draws + 1))
    actual, drawn = both[:, 0], both[:, 1:]
    assert kstest(randomised_pit(actual, drawn, generator), "uniform").pvalue > 0.001
    lower, upper = pit_range(actual, drawn)
    for coverage in (0.5, 0.8, 0.95):
        assert covered_by_pit(lower, upper, coverage).mean() == pytest.approx(coverage, abs=0.015)


def test_pit_tells_intervals_that_are_too_narrow():
    generator = np.random.default_rng(7)
    actual = generator.negative_binomial(2, 2 / 12, 5000)  # mean 10, variance 60
    covered = covered_by_pit(*pit_range(actual, generator.poisson(10, (5000, 400))), 0.8)
    assert covered.mean() < 0.6


def test_coverage_by_pit_is_what_randomised_pits_average_to():
    generator = np.random.default_rng(7)
    actual, draws = generator.poisson(1.5, 50), generator.poisson(1.2, (50, 30))
    pits = np.stack([randomised_pit(actual, draws, generator) for _ in range(4000)])
    expected = ((pits > 0.1) & (pits < 0.9)).mean()
    assert covered_by_pit(*pit_range(actual, draws), 0.8).mean() == pytest.approx(expected, abs=0.005)
