"""Ways of handling: what share of cases goes which way, stage by stage, as levers move it.

Walk in: rows of `handling`, levers, months and errors. Walks out: the share of cases that go each way, by crime type,
month and draw, and so the share that goes several ways at once. Shares of a stage sum to one in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.folder.entries import Lever, Moved
from planning.folder.toml_file import month_of
from planning.folder.vocabulary import STAGES, WAYS_TOGETHER
from planning.work.assumed import Errors, row_of, shares
from planning.work.choice import regimes, rows_for

REPORTED, HANDLED, CLOSED = STAGES
KEYS = ("stage", "given")


Regimes = list[tuple[slice, pd.DataFrame]]


@dataclass(frozen=True, eq=False)
class WayRows:
    """The rows that hold for one crime type, stage by stage and regime by regime; `closed` by way of being handled."""

    months: pd.DatetimeIndex
    reported: Regimes
    handled: Regimes
    closed: list[Regimes]

    @classmethod
    def of(cls, table: pd.DataFrame, what: str, major: str | None, months: pd.DatetimeIndex) -> WayRows:
        """Choose the rows of a crime type from the table of handling."""
        rows = rows_for(table, what, major, KEYS)

        def stage(name: str, given: str = "") -> Regimes:
            here = rows["stage"] == name
            of_given = here & (rows["given"] == given)
            return regimes(rows[of_given if of_given.any() else here & (rows["given"] == "")], "month", months)

        return cls(months, stage(REPORTED), stage(HANDLED), [stage(CLOSED, given) for given in STAGES[HANDLED]])


class Ways:
    """The shares of one crime type: `reported` and `handled`, (way, month, draw), `closed`, (handled, way, month,
    draw).

    The first month may stand for the year before the forecast.
    """

    def __init__(self, rows: WayRows, errors: Errors) -> None:
        self.months = rows.months
        self.reported = _stage(rows.reported, REPORTED, rows.months, errors)
        self.handled = _stage(rows.handled, HANDLED, rows.months, errors)
        self.closed = np.stack([_stage(of_given, CLOSED, rows.months, errors) for of_given in rows.closed])

    def move(self, moved: Moved, lever: Lever, errors: Errors) -> None:
        """Move a share of cases from one way to another, no further than there are cases that go the first."""
        wanted = shares(row_of(moved.share.model_dump(), lever.id), errors)[0] * begun(lever, self.months)[:, None]
        ways = STAGES[moved.stage]
        before, after = ways.index(moved.before), ways.index(moved.after)
        for part in self._parts(moved):
            taken = np.minimum(wanted, part[before])
            part[before] -= taken
            part[after] += taken

    def _parts(self, moved: Moved) -> list[np.ndarray]:
        if moved.stage == CLOSED:
            places = STAGES[HANDLED] if not moved.given else [moved.given]
            return [self.closed[STAGES[HANDLED].index(place)] for place in places]
        return [self.reported if moved.stage == REPORTED else self.handled]

    def share(self, ways: str) -> np.ndarray | float:
        """Return the share of cases that go all the ways named, (month, draw); one where none is named."""
        if not ways:
            return 1.0
        wanted = {stage: way for way in ways.split(WAYS_TOGETHER) for stage, those in STAGES.items() if way in those}
        share: np.ndarray | float = 1.0
        if REPORTED in wanted:
            share = self.reported[STAGES[REPORTED].index(wanted[REPORTED])]
        handled = self.handled if HANDLED not in wanted else self.handled * _only(HANDLED, wanted[HANDLED])
        if CLOSED in wanted:
            closed = self.closed[:, STAGES[CLOSED].index(wanted[CLOSED])]
            return share * (handled * closed).sum(axis=0)
        return share * handled.sum(axis=0) if HANDLED in wanted else share


def ways_of(rows: WayRows, names: set[str], levers: Sequence[Lever], errors: Errors) -> Ways:
    """Return the ways of a crime type, known by its names, under levers.

    Levers are applied in their order; what one has moved another does not move again.
    """
    ways = Ways(rows, errors)
    for lever in levers:
        for moved in lever.moves:
            if names & set(moved.what):
                ways.move(moved, lever, errors)
    return ways


def begun(lever: Lever, months: pd.DatetimeIndex) -> np.ndarray:
    """Return how much of a lever works in each month, 0 to 1: none before its first, all once it has been ramped up."""
    first = month_of(lever.from_month)
    since = (months.year - first.year) * 12 + months.month - first.month
    return np.clip((since + 1) / (lever.ramp_months + 1), 0, 1).to_numpy(float)


def shares_by_way(ways: Mapping[str, Ways], cases: np.ndarray) -> pd.DataFrame:
    """Return stage, way, share of all cases in the last month, from ways by type and cases by type, in that order."""
    weights = cases / cases.sum()
    rows = []
    for stage, named in STAGES.items():
        for way in named:
            share = sum(
                weight * float(np.mean(np.asarray(of.share(way))[-1]))
                for weight, of in zip(weights, ways.values(), strict=True)
            )
            rows.append((stage, way, share))
    return pd.DataFrame(rows, columns=["stage", "way", "share"])


def _only(stage: str, way: str) -> np.ndarray:
    return np.array([one == way for one in STAGES[stage]], dtype=float)[:, None, None]


def _stage(held: Regimes, stage: str, months: pd.DatetimeIndex, errors: Errors) -> np.ndarray:
    """Return the shares of a stage, (way, month, draw); they are evened out to sum to one in every draw.

    Where nothing is said, all go the last way of the stage, in which the work is done in full.
    """
    found = np.zeros((len(STAGES[stage]), len(months), errors.size))
    found[-1] = 1.0
    for places, rows in held:
        of_ways = np.zeros((len(STAGES[stage]), errors.size))
        of_ways[[STAGES[stage].index(way) for way in rows["way"]]] = shares(rows, errors)
        found[:, places] = (of_ways / of_ways.sum(axis=0))[:, None]
    return found
