"""The gap along each path, the month from which there is one, and what its uncertainty comes from.

Walk in: the work of a scenario from demand alone and with assumptions, and posts. Walk out: tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.areas import PlanAreas
from planning.demand.plan_demand import PlanDemand
from planning.folder.entries import Lever
from planning.folder.vocabulary import ALL, FUNCTIONS, QUALITIES, worst
from planning.people.needed import break_even, needed, rolling_years
from planning.people.people_table import Need, need_of, rows_of
from planning.people.posts import LEVEL
from planning.people.variance import variance_shares
from planning.scenario_work import Maker, Work
from planning.work.assumed import Errors, groups_of

_COLUMNS = ["area_level", "area_code", "area_name", "function"]


def people_table(
    pair: Sequence[Work],
    areas: PlanAreas,
    held: Mapping[str, float],
    of_areas: Mapping[str, float],
    there: Mapping[str, np.ndarray],
    years: list[pd.Timestamp],
    quality: Mapping[str, str],
) -> pd.DataFrame:
    """Return needed, there and gap: of the force by function and path, of areas whose posts are known all together.

    pair : work from demand alone, and with assumptions. Functions without posts have no rows.
    """
    parts = []
    force = areas.table.iloc[areas.force].to_dict()
    needs = {function: _need(pair, areas.force, place, held[function]) for place, function in _known(held)}
    for path, posts in there.items():
        yearly = posts.reshape(len(FUNCTIONS), len(years), MONTHS_A_YEAR).mean(axis=2)
        for place, function in _known(held):
            labels = {**force, "function": function, "quality": quality.get(function, QUALITIES[-1])}
            parts.append(rows_of(labels, needs[function], yearly[place], years, path))
        if needs:
            together = Need(
                *(sum(getattr(one, part) for one in needs.values()) for part in ("demand_alone", "with_assumptions"))
            )
            of_all = {**force, "function": ALL, "quality": worst([quality.get(name, QUALITIES[-1]) for name in needs])}
            parts.append(
                rows_of(of_all, together, yearly[[place for place, _ in _known(held)]].sum(axis=0), years, path)
            )
    for place, area in areas.table.iterrows():
        posts_here = of_areas.get(area["area_code"], of_areas.get(area["area_name"]))
        if posts_here is None:
            continue
        labels = {**area.to_dict(), "function": ALL, "quality": quality[ALL]}
        parts.append(
            rows_of(labels, _need_of_all(pair, int(place), posts_here), np.full(len(years), posts_here), years, LEVEL)
        )
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*_COLUMNS, "path", "year", "gap_mean"])
    )


def break_even_table(
    pair: Sequence[Work], held: Mapping[str, float], there: Mapping[str, np.ndarray], months: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return by path and function the end of the first twelve months with a gap: its median, an 80 % interval, and how
    probable one is within the horizon. A month is missing where half, or that share, of futures have none.
    """
    rows = []
    ends = months[MONTHS_A_YEAR - 1 :]
    for path, posts in there.items():
        total: np.ndarray | float = 0.0
        for place, function in _known(held):
            of_function = needed(rolling_years(pair[1].by_month[place]), _base(pair[1], place), held[function])
            total = total + of_function
            rows.append((path, function, *_when(of_function, posts[place], ends)))
        if _known(held):
            rows.append(
                (path, ALL, *_when(np.asarray(total), posts[[place for place, _ in _known(held)]].sum(axis=0), ends))
            )
    return pd.DataFrame(rows, columns=["path", "function", "early", "median", "late", "probability"])


def variance_table(
    maker: Maker,
    demand: PlanDemand,
    levers: Sequence[Lever],
    pair: Sequence[Work],
    held: Mapping[str, float],
    errors: Errors,
    years: list[pd.Timestamp],
) -> pd.DataFrame:
    """Return shares of the variance of officers needed of the force, all functions together, by assumption and year."""
    groups = [
        *groups_of([maker.plan.tables[name] for name in ("workload", "handling", "streams")]),
        *(one.id for one in levers),
    ]
    force, known = maker.areas.force, _known(held)
    if not known:
        return pd.DataFrame(columns=["assumption", "year", "variance", "share"])
    expected = np.stack(
        [demand.worked(month).sum(axis=0).mean(axis=-1) for month in range(maker.years * MONTHS_A_YEAR)]
    )
    base_cases = demand.base.sum(axis=0)

    def alone(group: str) -> np.ndarray:
        of = errors.alone(group)
        of_a_case = maker.of_a_case(demand, levers, of)
        monthly = np.einsum("mt,tfmd->fmd", expected, of_a_case[:, :, 1:])
        yearly = monthly.reshape(len(FUNCTIONS), maker.years, MONTHS_A_YEAR, -1).sum(axis=2)
        before = np.einsum("t,tfd->fd", base_cases, of_a_case[:, :, 0])
        return sum(needed(yearly[place], before[place], held[function]) for place, function in known)

    both = [
        sum(needed(work.by_year[force, place], work.base[force, place], held[function]) for place, function in known)
        for work in pair
    ]
    shares = variance_shares(np.asarray(both[1]), np.asarray(both[0]), alone, groups)
    return shares.assign(year=[years[place] for place in shares["year"]])


def _known(held: Mapping[str, float]) -> list[tuple[int, str]]:
    return [(place, function) for place, function in enumerate(FUNCTIONS) if held.get(function, 0.0) > 0]


def _base(work: Work, function: int) -> np.ndarray:
    return work.base[-1, function]


def _need(pair: Sequence[Work], area: int, function: int, posts: float) -> Need:
    hours = tuple(work.by_year[area, function] for work in pair)
    base = tuple(work.base[area, function] for work in pair)
    return need_of((hours[0], hours[1]), (base[0], base[1]), posts)


def _need_of_all(pair: Sequence[Work], area: int, posts: float) -> Need:
    hours = tuple(work.by_year[area].sum(axis=0) for work in pair)
    base = tuple(work.base[area].sum(axis=0) for work in pair)
    return need_of((hours[0], hours[1]), (base[0], base[1]), posts)


def _when(
    need: np.ndarray, posts: np.ndarray, ends: pd.DatetimeIndex
) -> tuple[pd.Timestamp | None, pd.Timestamp | None, pd.Timestamp | None, float]:
    year_of_posts = np.convolve(posts, np.full(MONTHS_A_YEAR, 1 / MONTHS_A_YEAR), "valid")
    places = break_even(need, year_of_posts)
    at = [int(np.quantile(places, share, method="inverted_cdf")) for share in (0.1, 0.5, 0.9)]
    early, middle, late = (ends[place] if place < len(ends) else None for place in at)
    return early, middle, late, float((places < len(ends)).mean())
