"""Waits by simulation: held against the formula where there is one, and to what is obvious where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from planning.people.waits import HOURS_A_WEEK, Grade, cobham_waits, simulate_waits, units_for

pytestmark = pytest.mark.unit
STEADY = np.ones(HOURS_A_WEEK)
DAY = 1 + 0.6 * np.sin((np.arange(HOURS_A_WEEK) % 24 - 9) / 24 * 2 * np.pi)


def grades(rates: tuple[float, ...] = (2.0, 3.0, 4.0), shape: np.ndarray = STEADY, **said: float) -> list[Grade]:
    known = {"travel": 0.0, "service": 0.8} | said
    return [Grade(name, rate * shape, **known) for name, rate in zip("ISE", rates, strict=True)]  # type: ignore[arg-type]


@pytest.mark.parametrize("units", [9, 12])
def test_steady_waits_are_those_of_the_formula(units: int) -> None:
    """Cobham 1954; four times a hundred weeks of nine calls an hour."""
    runs = [simulate_waits(grades(), STEADY * units, weeks=100, seed=seed).by_grade for seed in range(4)]
    expected = cobham_waits([2.0, 3.0, 4.0], [0.8] * 3, units)
    for name, mean in zip("ISE", expected, strict=True):
        reached = np.concatenate([run[name][np.isfinite(run[name])] for run in runs])
        assert reached.mean() == pytest.approx(mean, rel=0.05)


def test_more_officers_never_raise_a_wait() -> None:
    several = [Grade("I", 2 * DAY, 0.1, 0.7, 1.2, units=2), Grade("S", 4 * DAY, 0.2, 0.9, 1.2)]
    means = []
    for units in (9, 10, 12, 15, 20):
        waits = simulate_waits(several, np.ceil(DAY * units), weeks=20, seed=2)
        means.append([waits.by_grade[name].mean() for name in "IS"])
    assert (np.diff(means, axis=0) <= 1e-9).all()


def test_the_urgent_go_first_and_travel_is_part_of_the_wait() -> None:
    waits = simulate_waits(grades(travel=0.1, service=0.7), STEADY * 9, weeks=30, seed=3)
    means = [waits.by_grade[name].mean() for name in "ISE"]
    assert means == sorted(means)
    assert means[0] > 0.1


def test_a_backlog_is_carried_into_the_next_hours() -> None:
    """One busy hour a day that units cannot serve at once makes the next hour's calls wait too."""
    hour = np.arange(HOURS_A_WEEK) % 24
    peak = Grade("S", np.where(hour == 12, 30.0, 1.0), 0.0, 0.5)
    waits = simulate_waits([peak], STEADY * 6, weeks=40, seed=4)
    calm = simulate_waits([Grade("S", np.ones(HOURS_A_WEEK), 0.0, 0.5)], STEADY * 6, weeks=40, seed=4)
    assert waits.can_be_met
    assert waits.by_grade["S"].mean() > 100 * calm.by_grade["S"].mean()


def test_overload_is_said() -> None:
    waits = simulate_waits(grades(), STEADY * 6, weeks=10, seed=5)
    assert not waits.can_be_met
    assert waits.unmet > 0
    assert cobham_waits([2.0, 3.0, 4.0], [0.8] * 3, 6) == [float("inf")] * 3


def test_the_fewest_units_that_meet_the_standard_are_found() -> None:
    wanted = units_for(grades(travel=0.08, service=0.7), STEADY, weeks=6, seed=6, most=40)
    assert wanted is not None
    enough = simulate_waits(grades(travel=0.08, service=0.7), STEADY * wanted, weeks=6, seed=6)
    assert enough.share_within("I", 0.25) >= 0.85
    assert units_for(grades(service=50.0), STEADY, weeks=1, seed=6, most=40) is None
