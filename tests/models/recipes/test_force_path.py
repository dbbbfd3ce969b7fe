"""The force's path: seasons and trends put in come out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recipes.force_path import log_season, quick_speed, smoothed, without_steps

pytestmark = pytest.mark.unit
MONTHS = 120
USUAL = np.ones(MONTHS, dtype=bool)
HALF_LIFE = 60.0
SMOOTHERS = ((0.9, 0.0, 0.95), (0.2, 0.15, 0.95))


@given(st.lists(st.floats(-0.3, 0.3), min_size=12, max_size=12), st.floats(-0.01, 0.01))
def test_season_is_recovered_beside_a_trend(season: list[float], slope: float) -> None:
    true = np.array(season) - np.mean(season)
    logs = 5 + np.tile(true, 10) + slope * np.arange(MONTHS)
    found = log_season(logs[None], USUAL, HALF_LIFE)[0]
    assert found == pytest.approx(true, abs=0.06)
    assert found.mean() == pytest.approx(0, abs=1e-9)


def test_one_odd_year_and_disrupted_months_leave_the_season_alone() -> None:
    true = 0.2 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    logs = np.tile(true, 10)
    odd = logs.copy()
    odd[60:64] -= 1.0
    usual = USUAL.copy()
    usual[54:70] = False
    assert log_season(odd[None], usual, HALF_LIFE)[0] == pytest.approx(
        log_season(logs[None], usual, HALF_LIFE)[0], abs=0.04
    )


def test_noise_without_season_is_shrunk_away() -> None:
    logs = np.random.default_rng(1).normal(0, 0.1, (200, MONTHS))
    assert np.sqrt((log_season(logs, USUAL, HALF_LIFE) ** 2).mean()) < 0.02


def test_a_steady_series_goes_on_and_a_trend_is_damped() -> None:
    level, trend = smoothed(np.full((1, MONTHS), 3.0), 24, SMOOTHERS)
    assert level == pytest.approx(3.0)
    assert trend == pytest.approx(np.zeros((1, 24)), abs=1e-9)
    rising = 0.01 * np.arange(MONTHS)[None]
    level, trend = smoothed(rising, 24, SMOOTHERS)
    steps = np.diff(trend[0])
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()
    assert trend[0, -1] < 0.24


def test_half_of_a_step_is_followed_at_once() -> None:
    logs = np.zeros((1, MONTHS))
    logs[0, -1] = 1.0
    level, _ = smoothed(logs, 1, SMOOTHERS)
    assert 0.4 < level[0] < 0.7


@given(st.floats(-0.8, 0.8), st.integers(80, MONTHS - 1))
def test_a_listed_step_is_neither_a_jump_nor_a_trend(size: float, first: int) -> None:
    season = 0.2 * np.sin(np.arange(12) / 12 * 2 * np.pi)
    logs = np.tile(5 + np.tile(season, 10), (2, 1))
    stepped = logs.copy()
    stepped[:, first:] += size
    touched = np.array([True, False])
    found = without_steps(stepped, np.tile(season, (2, 1)), [(first, touched)])
    assert found[0] == pytest.approx(logs[0] + size)
    assert (found[1] == stepped[1]).all()
    level, trend = smoothed(found - np.tile(season, 10), 36, SMOOTHERS)
    assert level[0] == pytest.approx(5 + size)
    assert trend[0] == pytest.approx(np.zeros(36), abs=1e-9)


@pytest.mark.parametrize("after", [1, 3, 6, 12])
def test_forecasts_after_a_listed_step_err_less_than_those_that_take_it_for_a_trend(after: int) -> None:
    generator = np.random.default_rng(2)
    months, series = MONTHS, 300
    first = months - after
    walk = np.cumsum(generator.normal(0, 0.02, (series, months + 12)), axis=1) + generator.normal(
        0, 0.03, (series, months + 12)
    )
    walk[:, first:] += generator.choice([-0.3, 0.2, 0.4], series)[:, None]
    known, came = walk[:, :months], walk[:, months:]
    mended = without_steps(known, np.zeros((series, 12)), [(first, np.ones(series, dtype=bool))])
    errors = []
    for logs in (mended, known):
        level, trend = smoothed(logs, 12, SMOOTHERS)
        errors.append(np.abs(level[:, None] + trend - came).mean())
    assert errors[0] < 0.98 * errors[1]


def test_a_rare_crime_follows_its_last_month_less_than_a_common_one() -> None:
    logs = np.zeros((2, MONTHS))
    logs[:, -1] = 1.0
    quickness = quick_speed(np.array([10.0, 10_000.0]), prior=60.0)
    level, _ = smoothed(logs, 1, SMOOTHERS, quickness=quickness)
    assert quickness == pytest.approx([1 / 7, 1.0], abs=0.01)
    assert level[0] < 0.2
    assert 0.4 < level[1] < 0.7


def test_rare_counts_without_change_are_forecast_better_for_it() -> None:
    counts = np.random.default_rng(5).poisson(8.0, (200, MONTHS))
    logs = np.log(counts + 0.5)
    quickness = quick_speed(counts.mean(axis=1), prior=60.0)
    (slower, _), (faster, _) = smoothed(logs, 1, SMOOTHERS, quickness=quickness), smoothed(logs, 1, SMOOTHERS)
    truth = np.log(counts + 0.5).mean()
    assert np.abs(slower - truth).mean() < 0.6 * np.abs(faster - truth).mean()
