"""What is told of the central scenario alone: hours by crime type and ward, why they change, levers, and what errs.

Walk in: the work of the central scenario. Walk out: tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.folder.check import Ground
from planning.folder.vocabulary import ALL
from planning.lever_tables import levers_table, portfolio_table
from planning.people.force_posts import ForcePosts
from planning.people.people_table import posts_beside_hours
from planning.people.productive import productive_hours
from planning.people.variance import variance_table
from planning.scenario_work import Maker, Work
from planning.scenarios import CENTRAL, PlanScenario
from planning.undone_table import caseload_table, undone_table
from planning.waits_table import waits_table
from planning.waterfall_table import waterfall_table
from planning.work.totals import ward_hours
from planning.work.work_table import rows_of_streams, rows_of_types, rows_of_wards

ALL_TOLD = f"{ALL} excluding protected types"


def work_of_central(
    work: Work,
    scenario: PlanScenario,
    maker: Maker,
    ground: Ground,
    years: list[pd.Timestamp],
    told_of_wards: Sequence[str] | None,
    multipliers: np.ndarray | None,
) -> list[pd.DataFrame]:
    """Return rows of work by crime type, stream and ward; of wards those crime types only that may be told of them."""
    assert work.crimes.by_type is not None
    demand = scenario.demand
    told = np.isin(demand.types, list(demand.types if told_of_wards is None else told_of_wards))
    of_wards = ward_hours(demand, work.crimes.by_type, maker.areas.borough_of_ward, told, multipliers)
    wards = ground.areas.set_index("ward_code").loc[demand.kept.by_year["ward"].to_numpy()].reset_index()
    streams = maker.plan.tables["streams"]
    categories = dict(zip(streams["stream"], streams["category"], strict=True))
    parts = [
        rows_of_types(work.crimes.by_type, demand.types, maker.areas, years),
        rows_of_streams(work.streams, categories, maker.areas, years),
        rows_of_wards(of_wards, wards, ALL if told.all() else ALL_TOLD, years),
    ]
    return [part.assign(scenario=CENTRAL) for part in parts if len(part)]


def central_tables(
    maker: Maker, scenario: PlanScenario, pair: Sequence[Work], posts: ForcePosts, errors: Errors
) -> dict[str, pd.DataFrame]:
    """Return the tables that are of the central scenario alone."""
    demand, levers, force = scenario.demand, scenario.levers, maker.areas.force
    productive = productive_hours(maker.plan.tables["time"], errors)
    return {
        "break_even": posts.break_even(pair),
        "variance": variance_table(maker, demand, levers, pair, posts.held, errors, posts.years),
        "waterfall": waterfall_table(maker, scenario.forecast, demand, levers, errors, posts.years),
        "undone": undone_table(maker, demand, pair[1], posts, posts.ground.harm, maker.plan.head.leave_first),
        "caseload": caseload_table(maker, demand, posts, errors),
        "waits": waits_table(maker, pair[1], posts, errors.seed),
        "levers": levers_table(maker, demand, levers, errors, productive, posts.years),
        "portfolio": portfolio_table(maker, demand, levers),
        "posts_beside_hours": posts_beside_hours(pair[1].base[force], productive, posts.held, posts.quality),
    }
