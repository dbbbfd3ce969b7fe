"""Bootstrap intervals: they hold the truth as often as they say, and see errors that a month shares."""

import numpy as np
import pytest

from models.scoring.bootstrap import coverage_interval, gain_interval

pytestmark = pytest.mark.unit


def test_an_interval_of_equal_months_is_a_point():
    assert coverage_interval(np.full(12, 8), np.full(12, 10), np.random.default_rng(0)) == (0.8, 0.8)
    assert gain_interval(np.full(12, 9.0), np.full(12, 10.0), np.random.default_rng(0)) == pytest.approx((0.1, 0.1))


def test_errors_shared_within_months_widen_the_interval():
    generator, cells = np.random.default_rng(1), np.full(60, 679)
    alone = generator.binomial(679, 0.8, 60)
    shared = np.where(generator.random(60) < 0.8, 679, 0)
    narrow, wide = (coverage_interval(covered, cells, generator) for covered in (alone, shared))
    assert wide[1] - wide[0] > 5 * (narrow[1] - narrow[0])


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    generator = np.random.default_rng(2)
    hits = 0
    for _ in range(200):
        covered = generator.binomial(100, generator.beta(8, 2, 60))  # 0.8 on average, by month
        low, high = coverage_interval(covered, np.full(60, 100), generator)
        hits += low <= 0.8 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_pairing_sees_a_small_gain_through_large_swings_between_months():
    generator = np.random.default_rng(3)
    reference = generator.uniform(50, 500, 60)
    low, high = gain_interval(reference * generator.normal(0.97, 0.01, 60), reference, generator)
    assert 0.02 < low < 0.03 < high < 0.04
