"""The figures of a crime type: draws and expectation of totals, scenarios and age groups, at the published detail.

Walk in: forecasts under one or several scenarios, and shares of age groups. Walk out: `Figures` of one crime type at a
time, which add up over crime types by plain sums, and from which every published area and period follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.draws.age_draws import AgeDrawer
from models.draws.distribution import Drawer, Draws
from models.draws.scenario_draws import ScenarioDrawer
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.vocabulary import BASES
from models.forecast.years import sum_years, whole_years, years_beside
from models.people.age_shares import NOT_KNOWN, AgeShares

TABLES = ("forecast", "by_age", "differences")


# At what detail a figure is told: wards, boroughs and above, months.
EVERYWHERE_BY_MONTH = (True, True, True)
EVERYWHERE_BY_YEAR = (True, True, False)
WARDS_BY_YEAR = (True, False, False)
ABOVE_BY_MONTH = (False, True, True)
ABOVE_BY_YEAR = (False, True, False)


class Kind(NamedTuple):
    """What a figure is of, the table it is for, and at what detail it is kept and told.

    Figures that go down to wards and up from boroughs are kept by ward and unlocated area, figures of wards alone by
    ward, others by borough and unlocated area; by month ahead, or by year (months left over may follow).
    """

    table: str
    scenario: str
    wards: bool
    above: bool
    months: bool
    age_basis: str = ""
    age_group: str = "all"

    def areas(self, tree: AreaTree, places: int) -> range:
        """Return which of all places these are."""
        return range(0 if self.wards else tree.wards, places if self.above else tree.wards)

    def periods(self, months: int) -> range:
        """Return which of all periods ahead, months and then years, these are."""
        return range(0 if self.months else months, months + whole_years(months))

    def spread(self, tree: AreaTree, base: np.ndarray, months: int) -> np.ndarray:
        """Return new values of every area and period, from those that are kept."""
        if self.above:
            up, size = (tree.sum_up, tree.wards) if self.wards else (tree.sum_up_boroughs, tree.boroughs)
            every = np.concatenate([up(base[:size]), base[size:]])
        else:
            every = base.copy()
        return self.beside(every, months)

    def beside(self, every: np.ndarray, months: int) -> np.ndarray:
        """Return values of every area, (area, period kept, ...), by the periods that are told."""
        return years_beside(every) if self.months else every[:, : whole_years(months)]


class Figure(NamedTuple):
    """Draws, (area, period, draw) int32, and expectation, (area, period), as its `Kind` keeps them."""

    draws: np.ndarray
    mean: np.ndarray


class Figures:
    """Figures by kind, of a crime type or of a sum of types.

    What is added stays as it is and is shared as long as it is alone: a copy would be large. `told` : the age groups
    in each basis that every part of the sum tells which tells any.
    """

    def __init__(
        self, by_kind: Mapping[Kind, Figure] | None = None, told: Mapping[str, set[str]] | None = None
    ) -> None:
        self.by_kind: dict[Kind, Figure] = dict(by_kind or {})
        self.told = self.groups_apart() if told is None else dict(told)
        self._own: set[Kind] = set()

    def groups_apart(self) -> dict[str, set[str]]:
        """Return the age groups in each basis, "not known or not applicable" aside; bases without any are absent.

        The empty basis stands for all ages.
        """
        apart: dict[str, set[str]] = {}
        for kind in self.by_kind:
            if kind.age_group != NOT_KNOWN:
                apart.setdefault(kind.age_basis, set()).add(kind.age_group)
        return apart

    def add(self, more: Figures) -> None:
        """Add the figures of another part of the sum."""
        for basis, groups in more.told.items():
            self.told[basis] = self.told.get(basis, groups) & groups
        for kind, figure in more.by_kind.items():
            self._add(kind, figure)

    def _add(self, kind: Kind, figure: Figure) -> None:
        if kind not in self.by_kind:
            self.by_kind[kind] = figure
        elif kind in self._own:
            for sums, values in zip(self.by_kind[kind], figure, strict=True):
                np.add(sums, values, out=sums)
        else:
            here = self.by_kind[kind]
            self.by_kind[kind] = Figure(here.draws + figure.draws, here.mean + figure.mean)
            self._own.add(kind)

    def fold(self) -> None:
        """Move groups that not every part of the sum tells into "not known or not applicable".

        A count of a group to which only some parts contribute, as children under ten of homicide alone, would mislead.
        """
        known = [kind for kind in self.by_kind if kind.age_group != NOT_KNOWN]
        for kind in [kind for kind in known if kind.age_group not in self.told[kind.age_basis]]:
            self._add(kind._replace(age_group=NOT_KNOWN), self.by_kind.pop(kind))


@dataclass(frozen=True)
class _Scenario:
    forecast: Forecast
    draws: ScenarioDrawer
    ages: AgeDrawer | None


class FigureMaker:
    """Makes the figures of each crime type, the same in whatever order or thread it is asked.

    The first forecast is told by month and year, those of other scenarios by year, with their differences from the
    first. `ages` has the shares of some scenarios, the first among them, or is empty.
    """

    def __init__(
        self, forecasts: Sequence[Forecast], ages: Mapping[str, AgeShares], tree: AreaTree, *, draws: int, seed: int
    ) -> None:
        self.tree, self.first = tree, forecasts[0]
        self.whole = Kind("forecast", self.first.scenario, *EVERYWHERE_BY_MONTH)
        self.drawer = Drawer(self.first, tree, draws=draws, seed=seed)
        drawers = {
            one.scenario: AgeDrawer(self.drawer, one, ages[one.scenario]) for one in forecasts if one.scenario in ages
        }
        self._ages = drawers.get(self.first.scenario)
        self._others = [
            _Scenario(one, ScenarioDrawer(self.drawer, one), drawers.get(one.scenario)) for one in forecasts[1:]
        ]

    def draw(self, crime_type: str) -> Draws:
        """Return the draws of the first scenario."""
        return self.drawer.draw(crime_type)

    def of(self, crime_type: str, drawn: Draws) -> Figures:
        """Return the figures of a minor type, from its draws."""
        mean = _expected(self.first, crime_type)
        figures = {self.whole: Figure(drawn.counts, mean)}
        if self._ages is not None:
            figures |= self._by_age(self._ages, crime_type, drawn.counts)
        for other in self._others:
            figures |= self._of_scenario(other, crime_type, drawn, sum_years(mean))
        return Figures(figures)

    def _by_age(self, ages: AgeDrawer, crime_type: str, counts: np.ndarray) -> dict[Kind, Figure]:
        figures = {}
        for basis in BASES:
            split, expected = ages.split(crime_type, basis, counts)
            for place, label in enumerate(ages.ages.labels(crime_type, basis)):
                for detail, part in ((WARDS_BY_YEAR, "wards"), (ABOVE_BY_MONTH, "above")):
                    kind = Kind("by_age", self.first.scenario, *detail, basis, label)
                    figures[kind] = Figure(getattr(split, part)[place], getattr(expected, part)[place])
        return figures

    def _of_scenario(
        self, other: _Scenario, crime_type: str, drawn: Draws, first_mean: np.ndarray
    ) -> dict[Kind, Figure]:
        name = other.forecast.scenario
        scenario, mean = other.draws.draw(crime_type, drawn), sum_years(_expected(other.forecast, crime_type))
        difference = Figure(scenario.counts - drawn.counts_by_year, mean - first_mean)
        figures = {
            Kind("forecast", name, *EVERYWHERE_BY_YEAR): Figure(scenario.counts, mean),
            Kind("differences", name, *EVERYWHERE_BY_YEAR): difference,
        }
        if other.ages is not None:
            for basis in BASES:
                split, expected = other.ages.split_scenario(crime_type, basis, scenario)
                for place, label in enumerate(other.ages.ages.labels(crime_type, basis)):
                    figures[Kind("by_age", name, *ABOVE_BY_YEAR, basis, label)] = Figure(split[place], expected[place])
        return figures


def _expected(forecast: Forecast, crime_type: str) -> np.ndarray:
    """Return expected offences, (ward then unlocated area, month)."""
    of_type = {"crime_type": crime_type}
    return np.concatenate(
        [
            forecast.mean.sel(of_type).transpose("ward", "month").to_numpy(),
            forecast.unlocated.sel(of_type).transpose("area", "month").to_numpy(),
        ]
    )
