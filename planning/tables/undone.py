"""The table of what goes undone along each path, and of cases that investigators hold.

Walk in: the work of the central scenario, people, harm by crime type. Walk out: tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.assumed import Errors, positive
from planning.demand.plan_demand import PlanDemand
from planning.folder.vocabulary import FUNCTIONS
from planning.people.force_posts import ForcePosts
from planning.people.needed import needed
from planning.people.undone import cases_left, hours_short, left_undone, open_cases
from planning.scenario_work import Maker, Work
from planning.work.choice import rows_for

HELD = ("investigation", "safeguarding")  # functions whose work is a stock of open cases


def undone_table(
    maker: Maker, demand: PlanDemand, work: Work, posts: ForcePosts, harm: Mapping[str, float], order: Sequence[str]
) -> pd.DataFrame:
    """Return path, function, year, crime type, hours and cases left undone (mean, q10, q90), harm of these cases.

    order : crime types, what is left first standing first; those it does not name follow by harm, the least first, as
    all do where nothing is said. harm : by crime type, of an average offence; missing where none is known.
    """
    rows = []
    for path, _, function, left, cases in _left_of(maker, demand, work, posts, harm, order):
        rows += _rows(path, function, demand.types, posts.years, left, cases, harm)
    columns = ["path", "function", "year", "crime_type", "hours", "hours_q10", "hours_q90", "cases", "harm"]
    return pd.DataFrame(rows, columns=columns)


def undone_by_area(
    maker: Maker, demand: PlanDemand, work: Work, posts: ForcePosts, harm: Mapping[str, float], order: Sequence[str]
) -> pd.DataFrame:
    """Return path, area, year, hours, cases and harm left undone, all functions together.

    What is left of a crime type is left in each area in proportion to its hours of that type; offences of no known
    borough are the force's alone.
    """
    by_type = work.crimes.by_type
    assert by_type is not None
    of_areas = maker.areas.sums(by_type)  # area, crime type, function, year, draw
    weights = np.array([harm.get(name, 0.0) for name in demand.types])
    found: dict[str, np.ndarray] = {}
    for path, place, _, left, cases in _left_of(maker, demand, work, posts, harm, order):
        whole = of_areas[-1, :, place]
        part = np.divide(of_areas[:, :, place], whole, out=np.zeros_like(of_areas[:, :, place]), where=whole > 0)
        counted = part * cases
        each = (part * left).sum(axis=1), counted.sum(axis=1), np.einsum("t,atyd->ayd", weights, counted)
        found[path] = found.get(path, 0.0) + np.stack([one.mean(axis=-1) for one in each])
    rows = [
        (path, *named, year, *values[:, place, when])
        for path, values in found.items()
        for place, named in enumerate(maker.areas.table.itertuples(index=False))
        for when, year in enumerate(posts.years)
    ]
    return pd.DataFrame(
        rows, columns=["path", "area_level", "area_code", "area_name", "year", "hours", "cases", "harm"]
    )


def backlog_table(posts: ForcePosts, caseload: pd.DataFrame, undone: pd.DataFrame) -> pd.DataFrame:
    """Return path, function, year, cases open where the service is held, and those that wait besides at the year's end.

    Cases that nobody could work on in a year stay open and are added to those of the years before: no more is said of
    them, so this is the most there can be if none is closed without work.
    """
    rows = []
    waiting = undone[undone["function"].isin(HELD)]
    for path in posts.there:
        for function in HELD:
            mine = caseload[caseload["function"] == function].set_index("year")["open_cases"]
            here = waiting[(waiting["path"] == path) & (waiting["function"] == function)]
            left = here.groupby("year")["cases"].sum().reindex(posts.years).fillna(0.0).cumsum()
            rows += [(path, function, year, mine.get(year, np.nan), left[year]) for year in posts.years]
    return pd.DataFrame(rows, columns=["path", "function", "year", "open_cases", "waiting_besides"])


def _left_of(
    maker: Maker, demand: PlanDemand, work: Work, posts: ForcePosts, harm: Mapping[str, float], order: Sequence[str]
) -> Iterator[tuple[str, int, str, np.ndarray, np.ndarray]]:
    """Return path, place and name of each function with posts, hours and cases left, (crime type, year, draw)."""
    assert work.crimes.by_type is not None
    hours = work.crimes.by_type.sum(axis=0)  # crime type, function, year, draw
    types, force = demand.types, maker.areas.force
    cases = np.stack([demand.worked(month).sum(axis=0) for month in range(maker.years * MONTHS_A_YEAR)])
    yearly = cases.reshape(maker.years, MONTHS_A_YEAR, *cases.shape[1:]).sum(axis=1).transpose(1, 0, 2)
    places = [types.index(name) for name in leave_first(types, harm, order)]
    for path, there in posts.there.items():
        there_by_year = there.reshape(len(FUNCTIONS), maker.years, MONTHS_A_YEAR).mean(axis=2)
        for place, function in enumerate(FUNCTIONS):
            held = posts.held.get(function, 0.0)
            if held <= 0:
                continue
            need = needed(work.by_year[force, place], work.base[force, place], held)
            # Streams of this function are short by the same share and are not told apart.
            short = hours_short(hours[:, place].sum(axis=0), need, there_by_year[place])
            left = left_undone(hours[:, place], short, places)
            of_a_case = np.divide(hours[:, place], yearly, out=np.zeros_like(yearly), where=yearly > 0)
            yield path, place, function, left, cases_left(left, of_a_case)


def leave_first(types: Sequence[str], harm: Mapping[str, float], order: Sequence[str]) -> list[str]:
    """Return the crime types in the order in which they are left: as stated, then by harm, the least first."""
    stated = [name for name in order if name in types]
    return [*stated, *sorted((name for name in types if name not in stated), key=lambda name: harm.get(name, np.inf))]


def caseload_table(maker: Maker, demand: PlanDemand, posts: ForcePosts, errors: Errors) -> pd.DataFrame:
    """Return function, year, cases open at any time (mean, q10, q90), cases held by each person there, and how many a
    person is said to hold: of offences that are investigated, by the months that they stay open.
    """
    rows = []
    table = maker.plan.tables["caseload"]
    for function in HELD:
        place = FUNCTIONS.index(function)
        opened = np.zeros((maker.years, demand.draws))
        load = []
        for column, case in enumerate(maker.cases(demand)):
            minor = demand.types[column]
            own = rows_for(table[table["function"] == function], minor, maker.majors[minor], ("measure",))
            ways = {way for function_place, way, _ in case.parts if function_place == place}
            if not len(own) or not ways:
                continue
            months = positive(own[own["measure"] == "months open"], errors).sum(axis=0)
            share = case.share(max(ways, key=len), maker.plan.levers, errors)
            cases = np.stack(
                [
                    (demand.worked(month)[:, column].sum(axis=0) * _at(share, month + 1))
                    for month in range(maker.years * MONTHS_A_YEAR)
                ]
            )
            opened += open_cases(cases.reshape(maker.years, MONTHS_A_YEAR, -1).sum(axis=1), months)
            load.append(positive(own[own["measure"] == "cases a person"], errors).sum(axis=0).mean())
        held = posts.held.get(function, np.nan)
        for year, values in zip(posts.years, opened, strict=True):
            low, high = np.quantile(values, [0.1, 0.9])
            a_person = values.mean() / held if held > 0 else np.nan
            rows.append((function, year, values.mean(), low, high, a_person, np.mean(load) if load else np.nan))
    columns = ["function", "year", "open_cases", "open_q10", "open_q90", "cases_a_person", "cases_a_person_said"]
    return pd.DataFrame(rows, columns=columns)


def _at(share: np.ndarray | float, month: int) -> np.ndarray | float:
    return share[month] if isinstance(share, np.ndarray) else share


def _rows(
    path: str,
    function: str,
    types: Sequence[str],
    years: Sequence[pd.Timestamp],
    left: np.ndarray,
    cases: np.ndarray,
    harm: Mapping[str, float],
) -> list[tuple[object, ...]]:
    low, high = np.quantile(left, [0.1, 0.9], axis=-1)
    mean, counted = left.mean(axis=-1), cases.mean(axis=-1)
    rows: list[tuple[object, ...]] = []
    for at, name in enumerate(types):
        for when, year in enumerate(years):
            if mean[at, when] > 0:
                of_harm = counted[at, when] * harm[name] if name in harm else np.nan
                hours = mean[at, when], low[at, when], high[at, when]
                rows.append((path, function, year, name, *hours, counted[at, when], of_harm))
    return rows
