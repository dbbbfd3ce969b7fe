"""The commands that a question allows, as columns of a partition problem.

Walks in: a `CommandQuestion`, a number of commands, a ratio. Walks out: `Columns`, every set of areas that can be a
command of an option of that ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.connected_sets import MOST_SETS, connected_sets

ROUNDING = 1e-9


@dataclass(frozen=True)
class Columns:
    """Sets that can be commands: `members` (set, area), `weights` (measure, set) with a mean command at one.

    `kept_pairs` (set,) : pairs of areas in a set that are in one command today.
    """

    groups: tuple[int, ...]
    members: np.ndarray
    weights: np.ndarray
    kept_pairs: np.ndarray


def possible_commands(
    question: CommandQuestion,
    count: int,
    ratio: float = np.inf,
    *,
    most_parted: int | None = None,
    most: int = MOST_SETS,
) -> Columns:
    """Return every set that can be a command of an option of `count` commands whose ratio is at most `ratio`.

    Largest over smallest being at most r, each command weighs between mean / r and mean x r. `most_parted` leaves out
    sets that part more pairs of today's commands by themselves.

    Raises
    ------
    TooManySetsError
        As `connected_sets`.
    """
    weights = question.weights
    mean = weights.sum(axis=1) / count
    # A command that holds nothing has no ratio, however far apart commands may be.
    low, high = mean * max(1 / ratio * (1 - ROUNDING), ROUNDING), mean * ratio * (1 + ROUNDING)
    held, least, greatest = _limits(question, count)
    groups = connected_sets(
        question.areas.neighbours,
        np.vstack([weights, held]),
        np.concatenate([low, least]),
        np.concatenate([high, greatest]),
        most,
    )
    groups = [group for group in groups if all(kept & group in (0, kept) for kept in question.rules.kept)]
    members = members_of(groups, len(question.areas.codes))
    kept_pairs = pairs_within(members, question.today)
    columns = Columns(tuple(groups), members, members.dot(weights.T).T / mean[:, np.newaxis], kept_pairs)
    if most_parted is None:
        return columns
    return _picked(columns, pairs_cut(members, question.today) <= most_parted)


def members_of(groups: Sequence[int], areas: int) -> np.ndarray:
    """Return which areas (set, area) are in which of the sets."""
    width = -(-areas // 8)
    signs = np.frombuffer(b"".join(group.to_bytes(width, "little") for group in groups), dtype=np.uint8)
    return np.unpackbits(signs.reshape(-1, width), axis=1, bitorder="little")[:, :areas].astype(float)


def pairs_within(members: np.ndarray, today: Sequence[int]) -> np.ndarray:
    """Return how many pairs of areas that share a command today are both in each set."""
    together = members @ members_of(today, members.shape[1]).T if today else np.zeros((len(members), 1))
    return (together * (together - 1) / 2).sum(axis=1)


def pairs_cut(members: np.ndarray, today: Sequence[int]) -> np.ndarray:
    """Return how many pairs of areas that share a command today each set would part."""
    if not today:
        return np.zeros(len(members))
    units = members_of(today, members.shape[1])
    together = members @ units.T
    return (together * (units.sum(axis=1) - together)).sum(axis=1)


def _picked(columns: Columns, mask: np.ndarray) -> Columns:
    groups = tuple(group for group, taken in zip(columns.groups, mask, strict=True) if taken)
    return Columns(groups, columns.members[mask], columns.weights[:, mask], columns.kept_pairs[mask])


def _limits(question: CommandQuestion, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what rules limit, (limit, area), with the least and the most of a command; sizes come first.

    No command can hold more than what all the others' least leaves.
    """
    limits = question.rules.limits
    sizes = np.ones(len(question.areas.codes))
    held = np.vstack([sizes, *(question.measures[limit.measure].to_numpy(dtype=float) for limit in limits)])
    least = np.array([1 if question.rules.singles else 2, *(limit.at_least for limit in limits)], dtype=float)
    most = np.array([np.inf, *(limit.at_most for limit in limits)])
    return held, least - ROUNDING, np.minimum(most, held.sum(axis=1) - (count - 1) * least) + ROUNDING
