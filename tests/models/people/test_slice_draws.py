"""Draws of a posterior are those of the density, also where it is far from normal."""

from __future__ import annotations

import numpy as np
import pytest

from models.people.slice_draws import slice_draws

pytestmark = pytest.mark.unit


def test_a_rate_of_which_nobody_was_recorded_is_bounded() -> None:
    """exp(x) ~ Gamma: of no people recorded among many the normal approximation of x has no bound."""
    people, shape = 100.0, 0.5

    def log_density(points: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return (shape * points - people * np.exp(points))[..., 0]

    mode, precision = np.log(shape / people), shape
    drawn = slice_draws(log_density, np.array([mode]), np.array([[precision]]), 4000, np.random.default_rng(1))
    rates = np.exp(drawn[:, 0])
    assert rates.mean() == pytest.approx(shape / people, rel=0.15)  # of the gamma distribution
    assert rates.std() == pytest.approx(np.sqrt(shape) / people, rel=0.1)


def test_a_normal_density_gives_normal_draws() -> None:
    precision = np.array([[2.0, 0.5], [0.5, 1.0]])
    mode = np.array([3.0, -1.0])

    def log_density(points: np.ndarray) -> np.ndarray:
        return -(((points - mode) @ precision) * (points - mode)).sum(axis=-1) / 2

    drawn = slice_draws(log_density, mode, precision, 6000, np.random.default_rng(2))
    assert np.abs(drawn.mean(axis=0) - mode).max() < 0.06
    assert np.abs(np.cov(drawn.T) - np.linalg.inv(precision)).max() < 0.08
