"""The front of change against balance: the best ratio for every number of pairs of today's commands that may be parted.

Walks in: a `CommandQuestion` with today's commands, a number. Walks out: the options that no other beats on both
counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.command_sets import members_of, pairs_within
from planning.places.command_units.connected_sets import TooManySetsError
from planning.places.command_units.partition import SECONDS, Answer, best_option, fewest_parted

FRONT_SECONDS = 300.0


def pairs_of_today(question: CommandQuestion) -> int:
    """Return how many pairs of areas share a command today."""
    return sum(unit.bit_count() * (unit.bit_count() - 1) // 2 for unit in question.today)


def pairs_parted(question: CommandQuestion, groups: Sequence[int]) -> int:
    """Return how many pairs of areas that share a command today an option parts."""
    kept = pairs_within(members_of(groups, len(question.areas.codes)), question.today).sum()
    return pairs_of_today(question) - round(float(kept))


def change_front(question: CommandQuestion, count: int, *, seconds: float = FRONT_SECONDS) -> list[Answer]:
    """Return the options that no other beats both on pairs parted and on ratio, from most parted to fewest.

    Each is found twice over: the least ratio for at most so many pairs, then the fewest pairs for that ratio; the next
    may part one pair less. Where time or the number of sets runs out the front ends early, its last answers not proved.
    """
    front: list[Answer] = []
    until, budget = monotonic() + seconds, None
    while monotonic() < until:
        answer = best_option(question, count, most_parted=budget, seconds=min(SECONDS, until - monotonic()))
        if not answer.groups:
            return front
        if answer.proved:
            answer = _least_change(question, answer)
        front.append(answer)
        parted = pairs_parted(question, answer.groups)
        if parted == 0:
            return front
        budget = parted - 1
    return front


def _least_change(question: CommandQuestion, answer: Answer) -> Answer:
    """Return the same ratio with the fewest pairs parted."""
    try:
        groups = fewest_parted(question, answer.count, answer.ratio)
    except TooManySetsError:
        groups = ()
    return Answer(answer.count, groups or answer.groups, answer.ratio, answer.bound)
