"""Hours of a case, by crime type or stream, function, month and draw; and so the hours of any demand.

    hours of a case = sum over rows of (share of cases that go this way x hours of a person x officers)
                      x (1 - share saved by levers of time)

Walk in: a plan, months and errors. Walk out: hours of a case, `(what, function, month, draw)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.folder.entries import Lever
from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.work.assumed import Errors, changes, positive, row_of
from planning.work.choice import regimes, rows_for
from planning.work.handling import Regimes, WayRows, begun, ways_of


@dataclass(frozen=True, eq=False)
class Case:
    """The rows that make the hours of one crime type or stream, chosen once: (function, way, rows by regime).

    names : what levers may call it. ways : rows of handling; None of a stream, which has rows of its own and no ways.
    """

    names: frozenset[str]
    parts: list[tuple[int, str, Regimes]]
    ways: WayRows | None
    months: pd.DatetimeIndex

    @classmethod
    def of_type(cls, tables: Mapping[str, pd.DataFrame], minor: str, major: str, months: pd.DatetimeIndex) -> Case:
        """Choose the rows of a minor crime type."""
        ways = WayRows.of(tables["handling"], minor, major, months)
        return cls(frozenset({minor, major, ALL}), _parts(tables["workload"], minor, major, months), ways, months)

    @classmethod
    def of_stream(cls, tables: Mapping[str, pd.DataFrame], name: str, months: pd.DatetimeIndex) -> Case:
        """Choose the rows of a stream."""
        return cls(frozenset({name}), _parts(tables["workload"], name, None, months), None, months)

    def hours(self, levers: Sequence[Lever], errors: Errors) -> np.ndarray:
        """Return hours of a case under levers, (function, month, draw); draws are one where all is known exactly."""
        ways = None if self.ways is None else ways_of(self.ways, set(self.names), levers, errors)
        found = np.zeros((len(FUNCTIONS), len(self.months), errors.size))
        for function, way, held in self.parts:
            share = 1.0 if ways is None else ways.share(way)
            of_way = np.zeros((len(self.months), errors.size))
            for places, rows in held:
                of_way[places] = (positive(rows, errors) * rows["officers"].to_numpy()[:, None]).sum(axis=0)
            found[function] += share * of_way
        return found * _left(self.names, levers, self.months, errors)


def _parts(
    workload: pd.DataFrame, what: str, major: str | None, months: pd.DatetimeIndex
) -> list[tuple[int, str, Regimes]]:
    # A force's rows replace the defaults of a function whole, lest ways of both add up.
    rows = rows_for(workload, what, major, ("function", "way"))
    own = rows["of_force"].groupby(rows["function"]).transform("any") if len(rows) else rows["of_force"]
    return [
        (FUNCTIONS.index(str(function)), str(way), regimes(of_way, "from_month", months))
        for (function, way), of_way in rows[rows["of_force"] == own].groupby(["function", "way"])
    ]


def hours_of_cases(cases: Sequence[Case], levers: Sequence[Lever], errors: Errors) -> np.ndarray:
    """Return hours of a case of each crime type, (crime type, function, month, draw)."""
    return np.stack([case.hours(levers, errors) for case in cases])


def _left(names: frozenset[str], levers: Sequence[Lever], months: pd.DatetimeIndex, errors: Errors) -> np.ndarray:
    """Return what levers of time leave of hours, (function, month, draw).

    What each leaves is multiplied, so that no hour is saved twice.
    """
    left = np.ones((len(FUNCTIONS), len(months), errors.size))
    for lever in levers:
        for saved in lever.saves:
            if not names & set(saved.what):
                continue
            share = changes(row_of(saved.share.model_dump(), lever.id), errors)[0]
            of_months = 1 - begun(lever, months)[:, None] * share
            places = slice(None) if saved.function == ALL else FUNCTIONS.index(saved.function)
            left[places] *= of_months
    return left
