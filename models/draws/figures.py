"""The figures of a crime type: draws and expectation of totals, scenarios and age groups, at the published detail.

Walk in: forecasts under one or several scenarios, and shares of age groups. Walk out: `Figures` of one crime type at a
time, which add up over crime types by plain sums, and from which every published area and period follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.draws.age_draws import AgeDrawer
from models.draws.distribution import Drawer, Drawn
from models.draws.scenario_draws import ScenarioDrawer
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.vocabulary import BASES
from models.forecast.years import sum_years, whole_years, years_beside
from models.people.age_shares import NOT_KNOWN, AgeShares

TABLES = ("forecast", "by_age", "differences")


class Detail(NamedTuple):
    """At what detail a figure is published.

    Figures that go down to wards and up from boroughs are kept by ward and unlocated area, figures of wards alone by
    ward, others by borough and unlocated area; by month ahead, or by year (months left over may follow).
    """

    wards: bool
    above: bool
    months: bool

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


EVERYWHERE_BY_MONTH = Detail(wards=True, above=True, months=True)
EVERYWHERE_BY_YEAR = Detail(wards=True, above=True, months=False)
WARDS_BY_YEAR = Detail(wards=True, above=False, months=False)
ABOVE_BY_MONTH = Detail(wards=False, above=True, months=True)
ABOVE_BY_YEAR = Detail(wards=False, above=True, months=False)


class Key(NamedTuple):
    """What a figure is of, and the table it is for."""

    table: str
    scenario: str
    detail: Detail
    age_basis: str = ""
    age_group: str = "all"


class Figure(NamedTuple):
    """Draws, (area, period, draw) int32, and expectation, (area, period), as `Detail` keeps them."""

    draws: np.ndarray
    mean: np.ndarray


Figures = dict[Key, Figure]


def groups_told(figures: Figures) -> dict[str, set[str]]:
    """Return the age groups told apart in each basis, "not known or not applicable" aside; bases without are absent.

    The empty basis stands for all ages.
    """
    told: dict[str, set[str]] = {}
    for key in figures:
        if key.age_group != NOT_KNOWN:
            told.setdefault(key.age_basis, set()).add(key.age_group)
    return told


def told_by_all(parts: Iterable[Mapping[str, set[str]]]) -> dict[str, set[str]]:
    """Return the groups that every part tells which tells any in the basis."""
    common: dict[str, set[str]] = {}
    for part in parts:
        for basis, groups in part.items():
            common[basis] = common.get(basis, groups) & groups
    return common


class FigureSum:
    """A sum of figures. What is added stays as it is and is shared as long as it is alone: a copy would be large."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self._own: set[Key] = set()

    def add(self, more: Figures) -> None:
        """Add figures."""
        for key, figure in more.items():
            if key not in self.figures:
                self.figures[key] = figure
            elif key in self._own:
                for sums, values in zip(self.figures[key], figure, strict=True):
                    np.add(sums, values, out=sums)
            else:
                here = self.figures[key]
                self.figures[key] = Figure(here.draws + figure.draws, here.mean + figure.mean)
                self._own.add(key)

    def fold(self, told: Mapping[str, set[str]]) -> None:
        """Move groups that not every part of the sum tells into "not known or not applicable".

        A count of a group to which only some parts contribute, as children under ten of homicide alone, would mislead.
        """
        known = [key for key in self.figures if key.age_group != NOT_KNOWN]
        for key in [key for key in known if key.age_group not in told[key.age_basis]]:
            self.add({key._replace(age_group=NOT_KNOWN): self.figures.pop(key)})


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
        self.whole = Key("forecast", self.first.scenario, EVERYWHERE_BY_MONTH)
        self.drawer = Drawer(self.first, tree, draws=draws, seed=seed)
        drawers = {
            one.scenario: AgeDrawer(self.drawer, one, ages[one.scenario]) for one in forecasts if one.scenario in ages
        }
        self._ages = drawers.get(self.first.scenario)
        self._others = [
            _Scenario(one, ScenarioDrawer(self.drawer, one), drawers.get(one.scenario)) for one in forecasts[1:]
        ]

    def draw(self, crime_type: str) -> Drawn:
        """Return the draws of the first scenario."""
        return self.drawer.draw(crime_type)

    def of(self, crime_type: str, drawn: Drawn) -> Figures:
        """Return the figures of a minor type, from its draws."""
        mean = _expected(self.first, crime_type)
        figures = {self.whole: Figure(drawn.counts, mean)}
        if self._ages is not None:
            figures |= self._by_age(self._ages, crime_type, drawn.counts)
        for other in self._others:
            figures |= self._of_scenario(other, crime_type, drawn, sum_years(mean))
        return figures

    def _by_age(self, ages: AgeDrawer, crime_type: str, counts: np.ndarray) -> Figures:
        figures = {}
        for basis in BASES:
            split, expected = ages.split(crime_type, basis, counts)
            for place, label in enumerate(ages.ages.labels(crime_type, basis)):
                for detail, part in ((WARDS_BY_YEAR, "wards"), (ABOVE_BY_MONTH, "above")):
                    key = Key("by_age", self.first.scenario, detail, basis, label)
                    figures[key] = Figure(getattr(split, part)[place], getattr(expected, part)[place])
        return figures

    def _of_scenario(self, other: _Scenario, crime_type: str, drawn: Drawn, first_mean: np.ndarray) -> Figures:
        name = other.forecast.scenario
        scenario, mean = other.draws.draw(crime_type, drawn), sum_years(_expected(other.forecast, crime_type))
        difference = Figure(scenario.counts - drawn.counts_by_year, mean - first_mean)
        figures = {
            Key("forecast", name, EVERYWHERE_BY_YEAR): Figure(scenario.counts, mean),
            Key("differences", name, EVERYWHERE_BY_YEAR): difference,
        }
        if other.ages is not None:
            for basis in BASES:
                split, expected = other.ages.split_scenario(crime_type, basis, scenario)
                for place, label in enumerate(other.ages.ages.labels(crime_type, basis)):
                    figures[Key("by_age", name, ABOVE_BY_YEAR, basis, label)] = Figure(split[place], expected[place])
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
