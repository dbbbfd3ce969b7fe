"""Tables of a plan on money.

Walk in: the work of the central scenario, posts and rates. Walk out: tables by name, and notes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.demand.plan_demand import PlanDemand
from planning.folder.check import Ground
from planning.money.costs import costs_table, residents_of
from planning.money.prices import prices_of
from planning.money.reserves import cost_to_close, gap_costs_table, reserves_tables
from planning.people.force_posts import ForcePosts
from planning.people.gaps import known_functions
from planning.people.productive import productive_hours
from planning.scenario_work import Maker, Work


def money_tables(
    maker: Maker,
    pair: Sequence[Work],
    demand: PlanDemand,
    yearly: np.ndarray,
    ground: Ground,
    posts: ForcePosts,
    exact: Errors,
    errors: Errors,
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return `money`, `gap_costs`, `reserves` and `reserves_end`, those that can be had, and what is to be said of
    them.

    pair : work from demand alone, and with assumptions. yearly : recorded offences, (area of the kept draws, crime
    type, year, draw).
    """
    rates, budget = maker.plan.tables["rates"], maker.plan.tables["budget"]
    alone, drawn = (prices_of(rates, posts.years, of) for of in (exact, errors))
    if alone is None or drawn is None:
        return {}, ["Money: none, for rates.csv has no pounds an hour of some function."]
    residents = residents_of(maker.areas, ground.areas, ground.residents)
    tables = {
        "money": costs_table(
            pair, (alone, drawn), yearly, demand.types, maker.areas, residents, posts.years, posts.quality
        )
    }
    known = known_functions(posts.held)
    if not known:
        return tables, []
    costs = cost_to_close(pair[1], posts, drawn, productive_hours(maker.plan.tables["time"], errors))
    tables["gap_costs"] = gap_costs_table(costs, known, posts.years, tables["money"]["quality"].iloc[0])
    of_reserves = reserves_tables(budget, costs, drawn.inflation, posts.years)
    notes = [] if of_reserves else ["When reserves end is not told: budget.csv gives none for the plan's years."]
    return tables | of_reserves, notes
