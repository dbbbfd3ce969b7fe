"""Tables of levers: what each saves by function, area and year, what that costs, and what a budget buys.

Walk in: a maker of work, demand and levers. Walk out: tables.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.demand.plan_demand import PlanDemand
from planning.folder.entries import Lever
from planning.people.needed import officers
from planning.scenario_work import Maker
from planning.summary import labelled
from planning.work.lever_savings import parts_saved, portfolio
from planning.work.totals import hours_of
from planning.work.work_table import EVERY, with_all


def levers_table(
    maker: Maker,
    demand: PlanDemand,
    levers: Sequence[Lever],
    errors: Errors,
    productive: np.ndarray,
    years: Sequence[pd.Timestamp],
) -> pd.DataFrame:
    """Return lever, kind, area, function, year, hours saved (mean, q10, q90), officers freed, cost, hours a pound.

    productive : hours a year of one person, (area of the plan, function, draw). A lever of prevention saves through
    demand and has no rows here: it is a judgement, and scored as one.
    """
    own = [lever for lever in levers if lever.kind != "prevention"]
    if not own:
        return pd.DataFrame()
    parts = parts_saved(own, lambda chosen: maker.of_a_case(demand, chosen, errors))
    of_streams = parts_saved(own, lambda chosen: maker.hours_of_streams(demand, chosen, errors))
    rows = []
    for lever in own:
        by_area = maker.areas.sums(hours_of(demand, parts[lever.id], maker.years).by_year)
        by_area[maker.areas.force] += of_streams[lever.id]
        saved = with_all(by_area, 1)
        freed = officers(saved[:, :-1], productive[:, :, None]).mean(axis=-1)
        freed = np.concatenate([freed, freed.sum(axis=1, keepdims=True)], axis=1)
        low, high = np.quantile(saved, [0.1, 0.9], axis=-1)
        mean = saved.mean(axis=-1)
        dimensions = [("place", range(len(maker.areas.table))), ("function", EVERY), ("year", list(years))]
        columns = {"saved": mean, "saved_q10": low, "saved_q90": high, "officers_freed": freed}
        table = labelled(dimensions, {name: values.ravel() for name, values in columns.items()})
        of_force = (table["place"] == maker.areas.force) & (table["function"] == EVERY[-1])
        cost = table["saved"].where(of_force) / lever.cost_a_year if lever.cost_a_year else np.nan
        table = table.assign(lever=lever.id, kind=lever.kind, cost_a_year=lever.cost_a_year, hours_a_pound=cost)
        rows.append(table.assign(evidence=lever.evidence, quality=lever.quality))
    table = pd.concat(rows, ignore_index=True)
    named = maker.areas.table.iloc[table["place"]].reset_index(drop=True)
    return pd.concat([named, table.drop(columns="place")], axis=1)


def portfolio_table(maker: Maker, demand: PlanDemand, levers: Sequence[Lever]) -> pd.DataFrame:
    """Return the sets of levers worth having at their cost, by expected hours saved in the last year of the plan."""
    own = [lever for lever in levers if lever.kind != "prevention"]
    if not own:
        return pd.DataFrame()
    exact = Errors(demand.draws, 0, known=True)
    last = maker.years - 1
    months = range((maker.years - 1) * 12, maker.years * 12)
    expected = np.stack([demand.worked(month).sum(axis=0).mean(axis=-1) for month in months])

    def hours(chosen: Sequence[Lever]) -> float:
        of_a_case = maker.of_a_case(demand, chosen, exact)[:, :, 1 + months[0] :, 0]
        of_streams = maker.hours_of_streams(demand, chosen, exact)[:, last].mean(axis=-1).sum()
        return float(np.einsum("mt,tfm->", expected, of_a_case) + of_streams)

    without = hours([])
    return portfolio(own, lambda chosen: without - hours([lever for lever in own if lever in chosen]))
