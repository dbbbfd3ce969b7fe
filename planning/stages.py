"""The tables of a plan by name: each a function of what was made, so that one more is a line more.

Walks in: a `Made`. Walk out: tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL, ALL_TOLD
from planning.goals.goals_tables import goals_tables
from planning.made import Made
from planning.money.money_tables import money_tables
from planning.people.people_table import posts_beside_hours
from planning.people.productive import productive_table
from planning.people.ranks import filled_posts
from planning.people.variance import variance_table
from planning.stakes.stakes_tables import Stakes
from planning.tables.ages import work_by_age
from planning.tables.categories import by_month_table, categories_table
from planning.tables.frontline import frontline_table
from planning.tables.levers import levers_table, portfolio_table
from planning.tables.scenario_differences import scenario_differences
from planning.tables.streams import streams_table
from planning.tables.undone import backlog_table, caseload_table, undone_by_area, undone_table
from planning.tables.waits import waits_table
from planning.tables.waterfall import waterfall_table
from planning.work.quality import assumptions_used
from planning.work.totals import ward_hours
from planning.work.work_table import rows_of_areas, rows_of_streams, rows_of_types, rows_of_wards


def tables_of(made: Made) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Return every table of a plan by name, and what is to be said of them."""
    tables = {name: stage(made) for name, stage in STAGES.items()}
    stakes = Stakes.of(made.maker, made.central.demand, made.ground, made.years, made.errors)
    of_stakes, said = stakes.tables(made.told_of_wards, made.multipliers)
    money, of_money = money_tables(made, stakes.yearly)
    goals, of_goals = goals_tables(made)
    backlog = backlog_table(made.posts, tables["caseload"], tables["undone"])
    return {**tables, "backlog": backlog, **of_stakes, **money, **goals}, (*said, *of_money, *of_goals)


def _work(made: Made) -> pd.DataFrame:
    """Return rows of every scenario by area; of the central one by crime type, stream and ward too."""
    parts = [
        rows_of_areas(pair[1].by_year, made.maker.areas, made.years).assign(scenario=scenario.name)
        for scenario, pair in zip(made.scenarios, made.pairs, strict=True)
    ]
    parts += [part.assign(scenario=made.central.name) for part in _work_of_central(made) if len(part)]
    every = pd.concat(parts, ignore_index=True)
    return every.assign(quality=every["function"].map(made.posts.quality))


def _work_of_central(made: Made) -> list[pd.DataFrame]:
    work, demand, areas = made.pair[1], made.central.demand, made.maker.areas
    assert work.crimes.by_type is not None
    told = np.isin(demand.types, list(demand.types if made.told_of_wards is None else made.told_of_wards))
    of_wards = ward_hours(demand, work.crimes.by_type, areas.borough_of_ward, told, made.multipliers)
    wards = made.ground.areas.set_index("ward_code").loc[demand.kept.by_year["ward"].to_numpy()].reset_index()
    streams = made.plan.tables["streams"]
    categories = dict(zip(streams["stream"], streams["category"], strict=True))
    return [
        rows_of_types(work.crimes.by_type, demand.types, areas, made.years),
        rows_of_streams(work.streams, categories, areas, made.years),
        rows_of_wards(of_wards, wards, ALL if told.all() else ALL_TOLD, made.years),
    ]


def _people(made: Made) -> pd.DataFrame:
    parts = [
        made.posts.people(pair).assign(scenario=scenario.name)
        for scenario, pair in zip(made.scenarios, made.pairs, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _variance(made: Made) -> pd.DataFrame:
    central = made.central
    return variance_table(
        made.maker, central.demand, central.levers, made.pair, made.posts.held, made.errors, made.years
    )


def _waterfall(made: Made) -> pd.DataFrame:
    central = made.central
    return waterfall_table(made.maker, central.forecast, central.demand, central.levers, made.errors, made.years)


def _undone(made: Made) -> pd.DataFrame:
    order = made.plan.head.leave_first
    return undone_table(made.maker, made.central.demand, made.pair[1], made.posts, made.ground.harm, order)


def _undone_by_area(made: Made) -> pd.DataFrame:
    order = made.plan.head.leave_first
    return undone_by_area(made.maker, made.central.demand, made.pair[1], made.posts, made.ground.harm, order)


def _levers(made: Made) -> pd.DataFrame:
    central = made.central
    return levers_table(made.maker, central.demand, central.levers, made.errors, made.productive_of_areas, made.years)


def _posts_beside_hours(made: Made) -> pd.DataFrame:
    of_force = made.pair[1].base[made.maker.areas.force]
    return posts_beside_hours(of_force, made.productive, made.posts.held, made.posts.quality)


STAGES: Mapping[str, Callable[[Made], pd.DataFrame]] = {
    "work": _work,
    "work_by_age": work_by_age,
    "people": _people,
    "break_even": lambda made: made.posts.break_even(made.pair),
    "variance": _variance,
    "productive": lambda made: productive_table(made.plan.tables["time"], made.maker.areas, made.productive_of_areas),
    "against_central": scenario_differences,
    "categories": categories_table,
    "stream_work": streams_table,
    "work_by_month": by_month_table,
    "frontline": frontline_table,
    "ranks": lambda made: made.posts.ranks(),
    "filled_posts": lambda made: filled_posts(made.plan.tables["people"]),
    "waterfall": _waterfall,
    "undone": _undone,
    "undone_by_area": _undone_by_area,
    "caseload": lambda made: caseload_table(made.maker, made.central.demand, made.posts, made.errors),
    "waits": lambda made: waits_table(made.maker, made.pair[1], made.posts, made.errors.seed),
    "levers": _levers,
    "portfolio": lambda made: portfolio_table(made.maker, made.central.demand, made.central.levers),
    "posts_beside_hours": _posts_beside_hours,
    "judgements": lambda made: made.judged,
    "assumptions": lambda made: assumptions_used(made.plan.tables),
}
