"""The composite-link model: known curves come back from bands, totals are kept, nothing explodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.people.composite_link import Grouped, fit_curves, straight_before

pytestmark = pytest.mark.unit

AGES = np.arange(91)
LIVED = np.linspace(120_000, 8_000, 91)
HUMP = np.exp(-((np.log((AGES + 6) / 28) / 0.5) ** 2) / 2) * 0.02 + 0.0005
FIVE_YEAR = [(low, min(low + 4, 90)) for low in range(0, 86, 5)] + [(90, 90)]


def banded(counts: np.ndarray, bands: list[tuple[int, int]], ages: np.ndarray = AGES) -> Grouped:
    inside = np.array([(low <= ages) & (ages <= high) for low, high in bands])
    return Grouped(inside @ counts, inside * LIVED[ages], np.zeros(len(ages)))


def test_a_smooth_curve_comes_back_from_five_year_bands() -> None:
    curve = fit_curves([banded(LIVED * HUMP, FIVE_YEAR)], AGES)[0]
    assert np.abs(curve.log_rate - np.log(HUMP))[2:].max() < 0.08


def test_intervals_cover_as_often_as_they_say() -> None:
    generator = np.random.default_rng(3)
    draws = [banded(generator.poisson(LIVED * HUMP / 4), FIVE_YEAR) for _ in range(40)]
    inside = []
    for group in draws:
        low, high = np.quantile(fit_curves([group], AGES)[0].sampled(200, generator), [0.1, 0.9], axis=0)
        inside.append((low <= np.log(HUMP / 4)) & (np.log(HUMP / 4) <= high))
    assert 0.7 < np.mean(inside) < 0.9


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 5_000), min_size=4, max_size=4).filter(lambda counts: sum(counts) > 0))
def test_any_counts_of_wide_bands_give_a_finite_curve_that_keeps_them(counts: list[int]) -> None:
    bands = [(0, 9), (10, 17), (18, 20), (21, 90)]
    inside = np.array([(low <= AGES) & (high >= AGES) for low, high in bands])
    group = Grouped(np.array(counts, float), inside * LIVED, np.zeros(91))
    log_rate = fit_curves([group], AGES)[0].log_rate
    assert np.isfinite(log_rate).all()
    assert (LIVED * np.exp(log_rate)).sum() == pytest.approx(sum(counts), rel=0.01, abs=1)


def test_the_old_age_tail_does_not_explode() -> None:
    bands = [(low, low + 9) for low in range(10, 80, 10)] + [(80, 90)]
    ages = AGES[10:]
    curve = fit_curves([banded(LIVED[10:] * HUMP[10:], bands, ages)], ages)[0]
    assert (np.diff(curve.log_rate[55:]) < 0).all()


def test_adults_follow_the_known_shape_as_far_as_counts_allow() -> None:
    shape = np.where(AGES >= 21, -0.05 * (AGES - 21), 0.0)
    shape[:21] = straight_before(21, shape[21:])
    inside = np.array([(low <= AGES) & (high >= AGES) for low, high in [(10, 17), (18, 20), (21, 90)]])
    rate = np.where(AGES >= 21, 0.01 * np.exp(-0.05 * (AGES - 21)), 0.008)
    group = Grouped(inside @ (LIVED * rate), inside * LIVED, shape)
    curve = fit_curves([group], AGES, shape_from=21)[0]
    assert np.diff(curve.log_rate[30:80]).mean() == pytest.approx(-0.05, abs=0.01)
    assert np.abs(np.diff(curve.log_rate[10:], n=2)).max() < 0.05  # no kink where the shape begins


def test_a_straight_line_is_carried_on() -> None:
    ages = np.arange(40)
    line = 2.0 - 3.0 * np.log(ages + 5.0)
    np.testing.assert_allclose(straight_before(21, line[21:]), line[:21])
