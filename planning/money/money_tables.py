"""Tables of a plan on money.

Walk in: what a plan is worked out from. Walk out: tables by name, and notes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.made import Made
from planning.money.costs import costs_table, residents_of
from planning.money.prices import prices_of
from planning.money.reserves import cost_to_close, gap_costs_table, reserves_tables
from planning.people.gaps import known_functions


def money_tables(made: Made, yearly: np.ndarray) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return `money`, `gap_costs`, `reserves` and `reserves_end`, those that can be had, and what is to be said.

    yearly : recorded offences of the central scenario, (area of the kept draws, crime type, year, draw).
    """
    given, posts, ground, areas = made.plan.tables, made.posts, made.ground, made.maker.areas
    exact = Errors(made.errors.draws, made.errors.seed, known=True)
    alone, drawn = (prices_of(given["rates"], made.years, of) for of in (exact, made.errors))
    if alone is None or drawn is None:
        return {}, ["Money: none, for rates.csv has no pounds an hour of some function."]
    residents = residents_of(areas, ground.areas, ground.residents)
    types, prices = made.central.demand.types, (alone, drawn)
    money = costs_table(made.pair, prices, yearly, types, areas, residents, made.years, posts.quality)
    known = known_functions(posts.held)
    if not known:
        return {"money": money}, []
    costs = cost_to_close(made.pair[1], posts, drawn, made.productive)
    gaps = gap_costs_table(costs, known, made.years, money["quality"].iloc[0])
    of_reserves = reserves_tables(given["budget"], costs, drawn.inflation, made.years)
    notes = [] if of_reserves else ["When reserves end is not told: budget.csv gives none for the plan's years."]
    return {"money": money, "gap_costs": gaps} | of_reserves, notes
