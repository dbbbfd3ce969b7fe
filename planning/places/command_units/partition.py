"""The grouping of areas into a number of commands with the least ratio of largest to smallest, proved.

Walks in: a `CommandQuestion` and a number. Walks out: an `Answer`: the best option and the bound that proves it, or why
there is none.

Set partitioning over all connected sets (Mehrotra, Johnson and Nemhauser 1998): contiguity needs no constraint of its
own. The ratio, a fraction of two linear terms, is brought down to a row of linear problems (Dinkelbach 1967), each
solved by HiGHS. An option of ratio r is made of commands between mean / r and mean x r only, so a best option of ratio
r found among those is the best of all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.command_sets import Columns, possible_commands
from planning.places.command_units.connected_sets import TooManySetsError
from planning.places.command_units.impossible import why_impossible

TOLERANCE = 1e-6  # of a mean command: HiGHS tells no smaller gaps
FIRST_RATIO, WIDENING, LAST_RATIO, FARTHEST = 1.15, 1.6, 12.0, 1e4
SECONDS = 60.0
_INFEASIBLE = 2  # status of scipy's milp


@dataclass(frozen=True)
class Answer:
    """The best option of `count` commands: its sets and ratio; no option has a ratio below `bound`.

    `impossible` says why there is none, empty where there is one. Proved means that ratio and bound are one within
    1e-5, or that none is possible.
    """

    count: int
    groups: tuple[int, ...]
    ratio: float
    bound: float
    impossible: str = ""

    @property
    def proved(self) -> bool:
        """Whether nothing better, or nothing at all, is proved to be possible."""
        return bool(self.impossible) or self.ratio - self.bound <= 1e-5


def best_option(
    question: CommandQuestion, count: int, *, most_parted: int | None = None, seconds: float = SECONDS
) -> Answer:
    """Return the option of `count` commands with the least ratio, parting at most so many pairs of today's commands.

    Where time or the number of sets runs out before the proof, the answer holds the best found, its groups empty if
    none was, and the best bound.
    """
    reason = why_impossible(question, count)
    if reason:
        return Answer(count, (), np.inf, np.inf, reason)
    best, ratio, until = Answer(count, (), np.inf, 1.0), FIRST_RATIO, monotonic() + seconds
    while True:
        try:
            columns = possible_commands(question, count, ratio, most_parted=most_parted)
        except TooManySetsError:
            return best
        found = _least_ratio(columns, question, count, most_parted, min(ratio, FARTHEST), until)
        # Options of other columns have a ratio above `ratio`.
        bound = max(best.bound, min(found.bound, ratio))
        best = replace(found if found.ratio < best.ratio else best, bound=bound)
        if best.groups and best.ratio <= ratio:
            return replace(best, bound=min(bound, best.ratio))
        if np.isinf(bound):
            each = "" if question.weights.all() else " with something of the measure in each"
            reason = f"no choice among all the sets that the rules allow{each} covers every area once"
            return replace(best, impossible=reason)
        if monotonic() >= until:
            return best
        ratio = best.ratio if best.groups else _wider(ratio)


def fewest_parted(question: CommandQuestion, count: int, ratio: float, *, seconds: float = SECONDS) -> tuple[int, ...]:
    """Return the option of at most that ratio that parts the fewest pairs of today's commands; empty if there is none.

    Raises
    ------
    TooManySetsError
        As `possible_commands`.
    """
    columns = possible_commands(question, count, ratio)
    matrices = _Matrices.of(columns, count, len(question.areas.codes))
    solved = matrices.solve(-columns.kept_pairs, ratio * (1 + 1e-9), seconds, within=True)
    return _groups(columns, solved)


def ratio_of(weights: np.ndarray) -> float:
    """Return the largest over the smallest of (measure, command), the worst of the measures."""
    smallest = weights.min(axis=1)
    with np.errstate(divide="ignore"):
        return float(np.where(smallest > 0, weights.max(axis=1) / smallest, np.inf).max())


def _least_ratio(
    columns: Columns, question: CommandQuestion, count: int, most_parted: int | None, ratio: float, until: float
) -> Answer:
    """Return the best option of those columns if its ratio is at most `ratio`, else any; no groups if there is none."""
    if not columns.groups or not columns.members.any(axis=0).all():
        return Answer(count, (), np.inf, np.inf)
    least_kept = 0.0
    if most_parted is not None:
        least_kept = sum(unit.bit_count() * (unit.bit_count() - 1) / 2 for unit in question.today) - most_parted
    matrices = _Matrices.of(columns, count, len(question.areas.codes), least_kept)
    best = Answer(count, (), np.inf, 1.0)
    while True:
        solved = matrices.solve(None, ratio, max(until - monotonic(), 0.1))
        if solved.x is None:
            lost = solved.status == _INFEASIBLE and not best.groups
            return Answer(count, (), np.inf, np.inf) if lost else best
        found = ratio_of(columns.weights[:, solved.x[: len(columns.groups)] > 0.5])
        bound = max(best.bound, _bound(columns, ratio, solved.mip_dual_bound))
        best = Answer(count, _groups(columns, solved), found, bound) if found < best.ratio else best
        best = replace(best, bound=min(bound, best.ratio))
        if best.proved or best.ratio >= ratio or monotonic() >= until:
            return best
        ratio = best.ratio


def _wider(ratio: float) -> float:
    return 1 + (ratio - 1) * WIDENING if ratio < LAST_RATIO else np.inf


def _bound(columns: Columns, ratio: float, gap: float) -> float:
    """Return what no ratio is below, `gap` being what largest - ratio x smallest is never below."""
    if gap >= 0:
        return ratio + gap  # no smallest command is above a mean one
    return ratio if gap >= -TOLERANCE else max(1.0, ratio + gap / float(columns.weights.min()))


def _groups(columns: Columns, solved: OptimizeResult) -> tuple[int, ...]:
    if solved.x is None:
        return ()
    return tuple(columns.groups[at] for at in np.flatnonzero(solved.x[: len(columns.groups)] > 0.5))


@dataclass(frozen=True)
class _Matrices:
    """The linear problem: a 0-1 variable a set, the largest and smallest command of each measure, the worst gap.

    An area's command is the sum over the sets that hold it, one of which is chosen: so the largest and the smallest
    need no big constants, and the problem is tight.
    """

    constraints: tuple[LinearConstraint, ...]
    sets: int
    measures: int

    @classmethod
    def of(cls, columns: Columns, count: int, areas: int, least_kept: float = 0.0) -> _Matrices:
        """Return the constraints that hold whatever the ratio."""
        members, sets, measures = sparse.csr_array(columns.members.T), len(columns.groups), len(columns.weights)
        after = 2 * measures + 1
        padding = sparse.csr_array((areas, after))
        rows = [
            LinearConstraint(sparse.hstack([members, padding]), 1, 1),
            LinearConstraint(np.concatenate([np.ones(sets), np.zeros(after)])[np.newaxis], count, count),
        ]
        for measure, weights in enumerate(columns.weights):
            weighed = members * weights
            for place, low, high in ((2 * measure, -np.inf, 0), (2 * measure + 1, 0, np.inf)):
                edge = sparse.csr_array(
                    (np.full(areas, -1.0), (np.arange(areas), np.full(areas, place))), (areas, after)
                )
                rows.append(LinearConstraint(sparse.hstack([weighed, edge]), low, high))
        if least_kept > 0:
            rows.append(
                LinearConstraint(np.concatenate([columns.kept_pairs, np.zeros(after)])[np.newaxis], least_kept, np.inf)
            )
        return cls(tuple(rows), sets, measures)

    def solve(
        self, objective: np.ndarray | None, ratio: float, seconds: float, *, within: bool = False
    ) -> OptimizeResult:
        """Return the least of the sets' objective, or if none is given of the worst of largest - ratio x smallest.

        `within` holds that gap at zero at most.
        """
        after = 2 * self.measures + 1
        gaps = np.zeros((self.measures, self.sets + after))
        for measure in range(self.measures):
            gaps[measure, self.sets + 2 * measure : self.sets + 2 * measure + 2] = 1, -ratio
        gaps[:, -1] = -1
        cost = np.concatenate([np.zeros(self.sets) if objective is None else objective, np.zeros(after)])
        cost[-1] = 1.0 if objective is None else 0.0
        low = np.concatenate([np.zeros(self.sets + after - 1), [-np.inf]])
        high = np.concatenate([np.ones(self.sets), np.full(after - 1, np.inf), [0.0 if within else np.inf]])
        return milp(
            cost,
            integrality=np.concatenate([np.ones(self.sets), np.zeros(after)]),
            bounds=Bounds(low, high),
            constraints=[*self.constraints, LinearConstraint(gaps, -np.inf, 0)],
            options={"mip_rel_gap": 0, "time_limit": seconds},
        )
