"""Metrics against scoringrules, and against numbers worked out by hand."""

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import poisson

from models.scoring.metrics import (
    bias,
    crps_from_draws,
    pinball_loss,
    poisson_mean_absolute_deviation,
    relative,
    rmsse,
    seasonal_scale,
    wape,
    weighted_interval_score,
)

pytestmark = pytest.mark.unit

LEVELS = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975]
counts = st.integers(0, 1000)


def test_wape_and_bias_worked_by_hand():
    actual, forecast = np.array([2, 0, 8]), np.array([3.0, 1.0, 5.0])
    assert wape(actual, forecast) == pytest.approx((1 + 1 + 3) / 10)
    assert bias(actual, forecast) == pytest.approx((1 + 1 - 3) / 10)


def test_shares_of_nothing_are_missing():
    assert np.isnan(relative(np.array([1.0]), np.array([0])))


def test_seasonal_scale_worked_by_hand_leaves_missing_months_out():
    history = np.array([[1, 2, 4, 2], [1, np.nan, 1, 5], [1, np.nan, np.nan, 5]])
    np.testing.assert_allclose(seasonal_scale(history, season=2), [(9 + 0) / 2, 0, np.nan])


def test_rmsse_worked_by_hand():
    actual, forecast = np.array([[1.0, 3.0], [1.0, 1.0]]), np.array([[3.0, 3.0], [2.0, 2.0]])
    np.testing.assert_allclose(rmsse(actual, forecast, np.array([0.5, 0.0])), [2.0, np.nan])


def test_rmsse_is_one_for_a_forecast_as_wrong_as_naive_was():
    history = np.array([[5.0, 1.0, 8.0, 4.0]])  # each month 3 more than two months before
    assert rmsse(np.array([[7.0, 7.0]]), np.array([[4.0, 10.0]]), seasonal_scale(history, 2)) == pytest.approx(1)


@given(counts, counts, st.sampled_from(LEVELS))
def test_pinball_loss_agrees_with_scoringrules(actual, quantile, level):
    expected = scoringrules.quantile_score(float(actual), float(quantile), level)
    assert pinball_loss(np.array(actual), np.array(quantile), level) == pytest.approx(expected)


@given(counts, st.lists(counts, min_size=9, max_size=9).map(sorted))
def test_weighted_interval_score_agrees_with_scoringrules(actual, quantiles):
    # scoringrules 0.10 weighs the median itself where its page says the median's error: added here instead.
    intervals = scoringrules.weighted_interval_score(
        np.array([float(actual)]),
        np.zeros(1),
        np.array([quantiles[:4]], dtype=float),
        np.array([quantiles[:4:-1]], dtype=float),
        np.array([0.05, 0.1, 0.2, 0.5]),
        w_median=0.0,
    )
    score = weighted_interval_score(np.array([actual]), np.array([quantiles]), LEVELS)
    np.testing.assert_allclose(score, intervals + 0.5 * abs(actual - quantiles[4]) / 4.5, atol=1e-12)


@given(counts, counts)
def test_weighted_interval_score_of_a_point_is_its_absolute_error(actual, point):
    score = weighted_interval_score(np.array([actual]), np.full((1, 9), point), LEVELS)
    np.testing.assert_allclose(score, abs(actual - point))


@given(
    arrays(np.int64, 3, elements=counts),
    arrays(np.uint16, (3, 20), elements=st.integers(0, 1000)),
)
def test_crps_agrees_with_scoringrules_whatever_the_draws_are_stored_as(actual, draws):
    expected = scoringrules.crps_ensemble(actual.astype(float), draws.astype(float), estimator="nrg")
    np.testing.assert_allclose(crps_from_draws(actual, draws), expected, atol=1e-9)


def test_crps_of_many_poisson_draws_nears_its_closed_form():
    draws = np.random.default_rng(0).poisson(4.0, size=(1, 200_000))
    expected = scoringrules.crps_poisson(6.0, 4.0)
    np.testing.assert_allclose(crps_from_draws(np.array([6]), draws), expected, rtol=0.01)


@pytest.mark.parametrize("mean", [0.0, 0.05, 0.69, 0.7, 1.0, 2.5, 30.0, 1200.0])
def test_poisson_deviation_is_the_least_expected_absolute_error_of_any_forecast(mean):
    possible = np.arange(0, int(mean + 20 * np.sqrt(mean) + 20))
    forecasts = np.unique(np.clip(np.round(mean) + np.arange(-3, 4), 0, None))
    errors = [(np.abs(possible - one) * poisson.pmf(possible, mean)).sum() for one in [*forecasts, mean]]
    assert poisson_mean_absolute_deviation(np.array(mean)) == pytest.approx(min(errors))
