"""What past years say of the next: with many people the last year, with little drift all of them, else the curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.people.recorded.memory import USUAL_DEPARTURE, USUAL_DRIFT, Memory, PastYear, believed, learned

pytestmark = pytest.mark.unit

CURVE = np.array([[0.2, 0.3, 0.5]])
LAST = np.array([[[80.0, 10, 10], [10, 80, 10]]])  # (type, year, group)


def memory(departure: float, drift: float, carried: float = 0.0) -> Memory:
    return Memory(np.array([departure]), np.array([drift]), carried)


def test_many_people_speak_for_themselves_and_few_for_the_curve() -> None:
    gaps = np.ones(2)
    many, _, part = believed(CURVE, 1000 * LAST, gaps, memory(100, 100))
    assert np.abs(many - [[0.1, 0.8, 0.1]]).max() < 0.01  # the last year's shares
    assert part < 1e-4
    few, _, part = believed(CURVE, LAST / 1000, gaps, memory(100, 100))
    assert np.abs(few - CURVE).max() < 0.01
    assert part > 0.99
    steady, worth, _ = believed(CURVE, 1000 * LAST, gaps, memory(100, 1e9))
    assert np.abs(steady - [[0.45, 0.45, 0.1]]).max() < 0.01  # both years alike
    assert worth == pytest.approx(200_100, rel=0.01)


def test_a_part_of_the_last_move_is_carried_on() -> None:
    still, _, _ = believed(CURVE, 1000 * LAST, np.ones(2), memory(100, 100))
    moving, _, _ = believed(CURVE, 1000 * LAST / 2 + 1000 * LAST[:, ::-1] / 4, np.ones(2), memory(100, 100, 0.5))
    assert still[0, 1] > still[0, 0]
    assert moving.sum() == pytest.approx(1)
    assert (moving >= 0).all()


@given(st.lists(st.integers(0, 10_000), min_size=6, max_size=6), st.floats(1, 1e5), st.floats(1, 1e5))
def test_shares_are_shares_whatever_was_recorded(counts: list[int], departure: float, drift: float) -> None:
    mean, worth, part = believed(
        CURVE, np.array(counts, float).reshape(1, 2, 3), np.ones(2), memory(departure, drift, 0.25)
    )
    assert (mean >= 0).all()
    assert mean.sum() == pytest.approx(1)
    assert np.isfinite(worth).all()
    assert 0 <= part[0] <= 1


def made(drift: float, types: int, people: int, seed: int) -> list[PastYear]:
    """Return past years of types that drift by so much, each with what was known before it."""
    generator = np.random.default_rng(seed)
    curve = generator.dirichlet(np.full(8, 4.0), size=types)
    shares = [np.stack([generator.dirichlet(1000 * row) for row in curve])]
    for _ in range(4):
        shares.append(np.stack([generator.dirichlet(drift * row + 1e-6) for row in shares[-1]]))
    counts = np.stack([[generator.multinomial(people, row) for row in year] for year in shares], axis=1).astype(float)
    return [PastYear(curve, counts[:, :year], np.ones(year), counts[:, year]) for year in range(1, 5)]


def test_fast_and_slow_drift_are_told_apart() -> None:
    fast, slow = (learned(made(drift, 20, 5000, 1), 20) for drift in (100.0, 20_000.0))
    assert 40 < np.median(fast.drift) < 300
    assert np.median(slow.drift) > 5000
    assert fast.carried == slow.carried == 0.0  # a walk without direction carries nothing on


def test_with_nothing_known_it_is_usual() -> None:
    usual = learned([], 3)
    assert usual.departure.shape == (3,)
    assert (np.abs(np.log(usual.drift / USUAL_DRIFT)) < 1).all()
    assert (np.abs(np.log(usual.departure / USUAL_DEPARTURE)) < 1).all()
