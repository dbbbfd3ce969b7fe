"""The work of one scenario: hours from demand alone and with assumptions, those of streams among the force's.

Walk in: demand under the scenario and a plan. Walk out: hours by area of the plan, function, year and draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import PlanDemand
from planning.folder.entries import Lever
from planning.folder.read import PlanFolder
from planning.folder.vocabulary import FUNCTIONS
from planning.series import Series
from planning.work.hours import Case, hours_of_cases
from planning.work.streams import StreamWork, stream_work
from planning.work.totals import Hours, hours_of


@dataclass(frozen=True, eq=False)
class Work:
    """Hours of one scenario.

    by_year : (area of the plan, function, year, draw); base : (area, function, draw); by_month : (function, month,
        draw) of the force. streams : by name, (function, year, draw), part of the force's. crimes : the hours of crime
        types as they were summed, by area of the kept draws. stream_work : of each stream, its cases too.
    """

    by_year: np.ndarray
    base: np.ndarray
    by_month: np.ndarray
    streams: Mapping[str, np.ndarray]
    crimes: Hours
    stream_work: Mapping[str, StreamWork]


@dataclass(frozen=True, eq=False)
class Maker:
    """Makes the work of scenarios of one plan: `hours_of_a_case` are worked out once for each set of levers."""

    plan: PlanFolder
    areas: PlanAreas
    majors: Mapping[str, str]
    years: int
    series: Mapping[str, Series] = field(default_factory=dict)
    _chosen: list[Case] = field(default_factory=list)
    _worked_out: dict[tuple[tuple[str, ...], Errors], np.ndarray] = field(default_factory=dict)

    def of_a_case(self, demand: PlanDemand, levers: Sequence[Lever], errors: Errors) -> np.ndarray:
        """Return hours of a case, (crime type, function, 1 + month, draw); the first month is the year before."""
        key = (tuple(lever.id for lever in levers), errors)
        if key not in self._worked_out:
            self._worked_out[key] = hours_of_cases(self.cases(demand), levers, errors)
        return self._worked_out[key]

    def hours_of_streams(self, demand: PlanDemand, levers: Sequence[Lever], errors: Errors) -> np.ndarray:
        """Return hours of all streams together, (function, year, draw)."""
        every = stream_work(self.plan.tables, self.majors, self.series, demand, levers, self.years, errors)
        found = np.zeros((len(FUNCTIONS), self.years, demand.draws))
        for one in every.values():
            found += one.hours.reshape(len(FUNCTIONS), self.years, MONTHS_A_YEAR, -1).sum(axis=2)
        return found

    def touched_by(self, demand: PlanDemand, group: str, levers: Sequence[Lever]) -> list[int]:
        """Return the places of crime types whose hours an error group makes uncertain, a lever's own among them."""
        of_lever = any(lever.id == group for lever in levers)
        return [place for place, case in enumerate(self.cases(demand)) if of_lever or group in case.error_groups]

    def cases(self, demand: PlanDemand) -> list[Case]:
        """Return the rows that make the hours of each crime type, chosen once."""
        if not self._chosen:
            months = demand.months[: self.years * MONTHS_A_YEAR]
            looked_at = pd.DatetimeIndex([months[0] - pd.offsets.MonthBegin(1), *months])
            tables = self.plan.tables
            self._chosen.extend(Case.of_type(tables, minor, self.majors[minor], looked_at) for minor in demand.types)
        return self._chosen

    def work(
        self,
        demand: PlanDemand,
        levers: Sequence[Lever],
        errors: Errors,
        of_a_case: np.ndarray,
        *,
        by_type: bool = False,
    ) -> Work:
        """Return the hours of a demand, crime types and streams together."""
        crimes = hours_of(demand, of_a_case, self.years, by_type=by_type)
        streams = stream_work(self.plan.tables, self.majors, self.series, demand, levers, self.years, errors)
        by_year, base = self.areas.sums(crimes.by_year), self.areas.sums(crimes.base)
        by_month = crimes.by_month
        of_streams = {}
        for name, of_stream in streams.items():
            ahead = of_stream.hours
            yearly = (
                np.broadcast_to(ahead, by_month.shape).reshape(len(by_month), self.years, MONTHS_A_YEAR, -1).sum(axis=2)
            )
            of_streams[name] = yearly
            by_month = by_month + ahead
            by_year[self.areas.force] += yearly
            if of_stream.hours_before.shape[-1] > base.shape[-1]:  # what was recorded is certain, a series may not be
                base = np.repeat(base, of_stream.hours_before.shape[-1], axis=-1)
            base[self.areas.force] += of_stream.hours_before
        return Work(by_year, base, by_month, of_streams, crimes, streams)
