"""Waits for a response: calls of several grades, units that travel, hours of the week, and what is carried over.

Simulated, since no formula holds where several units go, load changes by the hour and queues are carried over (Green
and Kolesar 1984). Where load is steady and one unit goes, waits are held against Cobham's formula in tests.

Each call waits until as many units are free as it needs; of those waiting the most urgent grade goes first, then the
first to have come. Units are busy from the time they set out until they are done. Units that end a shift finish their
call.

Walk in: calls of one grade after another, units by hour of the week. Walks out: waits, travel included.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

HOURS_A_WEEK = 168
STANDARDS = {"I": 0.25, "S": 1.0}  # hours within which a call of the grade is to be reached
SHARE_WANTED = 0.9


@dataclass(frozen=True)
class Grade:
    """Calls of one grade, the more urgent before the less.

    calls : an hour, by hour of the week (168). travel, service : mean hours; service_cv : coefficient of variation.
    units : that go to a call.
    """

    name: str
    calls: np.ndarray
    travel: float
    service: float
    service_cv: float = 1.0
    units: int = 1


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits of every call, hours, by grade, infinite where it is never reached.

    unmet : calls that still wait when the weeks end. load : hours of work over those of units.
    """

    by_grade: Mapping[str, np.ndarray]
    unmet: int
    load: float

    def share_within(self, grade: str, hours: float) -> float:
        """Return the share of calls of a grade that are reached in time; one where there are none."""
        waits = self.by_grade[grade]
        return float((waits <= hours).mean()) if len(waits) else 1.0

    @property
    def can_be_met(self) -> bool:
        """Whether units suffice at all: a load of one or more leaves ever more calls waiting."""
        return self.load < 1


@dataclass(frozen=True, eq=False)
class _Calls:
    """Calls in the order in which they come: time (hours), grade (place), travel, service (hours)."""

    time: np.ndarray
    grade: np.ndarray
    travel: np.ndarray
    service: np.ndarray


def simulate_waits(
    grades: Sequence[Grade], units: np.ndarray, *, weeks: int, seed: int, warm_up_weeks: int = 2
) -> Waits:
    """Return the waits of all calls of some weeks, after a time to warm up.

    units : on duty by hour of the week (168), whole numbers. The same seed gives the same calls whatever the units.
    """
    calls = _calls(grades, weeks + warm_up_weeks, seed)
    reached = _run(calls, [grade.units for grade in grades], units.astype(int), (weeks + warm_up_weeks) * HOURS_A_WEEK)
    counted = calls.time >= warm_up_weeks * HOURS_A_WEEK
    waits = {grade.name: (reached - calls.time)[counted & (calls.grade == place)] for place, grade in enumerate(grades)}
    unmet = sum(int(np.isnan(of_grade).sum()) for of_grade in waits.values())
    work = sum(float(grade.calls.sum()) * (grade.travel + grade.service) * grade.units for grade in grades)
    never = {name: np.where(np.isnan(of_grade), np.inf, of_grade) for name, of_grade in waits.items()}
    return Waits(never, unmet, work / float(units.sum()))


def units_for(grades: Sequence[Grade], shape: np.ndarray, *, weeks: int, seed: int, most: int = 400) -> int | None:
    """Return the fewest units that meet every standard; None where `most` do not.

    shape : (168) the share of them on duty by hour of the week, one at most.
    """
    low, high = 1, most
    if not _meets(grades, shape, high, weeks, seed):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _meets(grades, shape, middle, weeks, seed) else (middle + 1, high)
    return low


def _meets(grades: Sequence[Grade], shape: np.ndarray, most: int, weeks: int, seed: int) -> bool:
    waits = simulate_waits(grades, np.ceil(shape * most), weeks=weeks, seed=seed)
    named = [grade.name for grade in grades if grade.name in STANDARDS]
    return waits.can_be_met and all(waits.share_within(name, STANDARDS[name]) >= SHARE_WANTED for name in named)


def _calls(grades: Sequence[Grade], weeks: int, seed: int) -> _Calls:
    parts = []
    for place, grade in enumerate(grades):
        generator = np.random.default_rng([seed, *grade.name.encode()])
        number = generator.poisson(np.tile(grade.calls, weeks))
        time = np.repeat(np.arange(len(number)), number) + generator.random(number.sum())
        travel = generator.exponential(grade.travel, len(time)) if grade.travel else np.zeros(len(time))
        # Gamma with the mean and coefficient of variation asked for; exponential where that is one.
        shape = 1 / grade.service_cv**2
        service = generator.gamma(shape, grade.service / shape, len(time))
        parts.append((time, np.full(len(time), place), travel, service))
    time, grade_of, travel, service = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(time, kind="stable")
    return _Calls(time[order], grade_of[order], travel[order], service[order])


def _run(calls: _Calls, needs: Sequence[int], units: np.ndarray, end: int) -> np.ndarray:
    """Return when each call is reached, (call); missing where it still waits at the end."""
    reached = np.full(len(calls.time), np.nan)
    waiting: list[tuple[int, int]] = []  # grade, place: calls are in the order of their time
    busy: list[float] = []  # when each unit that is out will be free
    place, now, times = 0, 0.0, calls.time.tolist()
    while now < end:
        while busy and busy[0] <= now:
            heapq.heappop(busy)
        while place < len(times) and times[place] <= now:
            heapq.heappush(waiting, (int(calls.grade[place]), place))
            place += 1
        on_duty = units[int(now) % HOURS_A_WEEK]
        while waiting and on_duty - len(busy) >= needs[waiting[0][0]]:
            grade, call = heapq.heappop(waiting)
            reached[call] = now + calls.travel[call]
            for _ in range(needs[grade]):
                heapq.heappush(busy, float(reached[call] + calls.service[call]))
        coming = times[place] if place < len(times) else float(end)
        now = min(coming, busy[0] if busy else float(end), float(int(now) + 1))
    return reached


def cobham_waits(calls: Sequence[float], service: Sequence[float], units: int) -> list[float]:
    """Return mean waits, hours, of grades by their calls an hour, where load is steady and one unit goes.

    Exponential service of one mean (Cobham 1954): W_k = W_0 / ((1 - s_(k-1)) (1 - s_k)), W_0 by Erlang's C. Infinite
    where the load of a grade and those before it is one or more.
    """
    rate = 1 / service[0]
    load = sum(calls) / (rate * units)
    if load >= 1:
        return [float("inf")] * len(calls)
    offered = sum(calls) / rate
    terms = [1.0]
    for number in range(1, units + 1):
        terms.append(terms[-1] * offered / number)
    queued = terms[-1] / (1 - load)
    waits_at_all = queued / (sum(terms[:-1]) + queued)
    first = waits_at_all / (units * rate)
    sums = np.concatenate([[0.0], np.cumsum(calls) / (rate * units)])
    return [float(first / ((1 - sums[at]) * (1 - sums[at + 1]))) for at in range(len(calls))]
