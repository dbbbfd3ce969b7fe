"""What a gap costs to close, and when reserves end.

    cost of an officer a year = productive hours x pounds an hour
    cost to close             = gap, where there is one, x cost of an officer
    reserves of a year's end  = reserves before + income - (pay + other) x prices against those budgeted - cost to close

Prices are against those budgeted: (1 + inflation) ^ years / (1 + inflation budgeted) ^ years. Walk in: needed and
there, prices, a budget. Walk out: rows by path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from planning.folder.vocabulary import ALL
from planning.money.prices import Prices
from planning.people.force_posts import ForcePosts
from planning.people.gaps import known_functions
from planning.people.needed import needed
from planning.scenario_work import Work

LEFT, CLOSED = "gap left", "gap closed"
_AT = (0.1, 0.5, 0.9)


def cost_to_close(
    work: Work, posts: ForcePosts, prices: Prices, productive: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return by path the gap, (function, year, draw), what closing it costs, and what an officer costs, as large.

    productive : hours a year of one person, (function, draw). Functions without posts have none.
    """
    force = posts.areas.force
    years = work.by_year.shape[2]
    officer = productive[:, None] * prices.ahead
    found = {}
    for path, there in posts.there.items():
        gap = np.zeros_like(officer)
        for place, function in known_functions(posts.held):
            need = needed(work.by_year[force, place], work.base[force, place], posts.held[function])
            gap[place] = need - there[place].reshape(years, MONTHS_A_YEAR).mean(axis=1)[:, None]
        found[path] = gap, np.maximum(gap, 0) * officer, officer
    return found


def gap_costs_table(
    costs: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
    known: Sequence[tuple[int, str]],
    years: Sequence[pd.Timestamp],
    quality: str,
) -> pd.DataFrame:
    """Return path, function, year, gap, what an officer costs, what closing costs (mean, q10, q90): the sum of
    functions that are short, since an officer too many in one cannot be spent in another.
    """
    rows = []
    for path, (gap, close, officer) in costs.items():
        places = [place for place, _ in known]
        of_all = (ALL, gap[places].sum(axis=0), close[places].sum(axis=0), officer[places].mean(axis=0))
        named = [(name, gap[place], close[place], officer[place]) for place, name in known] + [of_all]
        for name, short, cost, each in named:
            low, high = np.quantile(cost, [0.1, 0.9], axis=-1)
            for at, year in enumerate(years):
                told = short[at].mean(), each[at].mean(), cost[at].mean(), low[at], high[at]
                rows.append((path, name, year, *told, float((cost[at] > 0).mean()), quality))
    columns = ["path", "function", "year", "gap", "officer_a_year", "to_close", "to_close_q10", "to_close_q90"]
    return pd.DataFrame(rows, columns=[*columns, "chance", "quality"])


def reserves_tables(
    budget: pd.DataFrame,
    costs: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]],
    inflation: np.ndarray,
    years: Sequence[pd.Timestamp],
) -> dict[str, pd.DataFrame]:
    """Return `reserves`, a row a path, closing and year, and `reserves_end`, when they end; nothing without a budget.

    budget : rows by year (`from_month`) and function, summed over functions; reserves stand at the start of the first.
    Only years that both plan and budget have are told.
    """
    by_year = budget.groupby("from_month").agg(
        {"pay": "sum", "other": "sum", "income": "sum", "inflation_budgeted": "mean", "reserves": "max"}
    )
    wanted = [place for place, year in enumerate(years) if year in by_year.index]
    if not wanted or pd.isna(start := by_year["reserves"].get(years[wanted[0]])):
        return {}
    told = by_year.reindex([years[place] for place in wanted])
    passed = np.arange(1, len(wanted) + 1)[:, None]
    prices = ((1 + inflation) / (1 + told["inflation_budgeted"].to_numpy(float)[:, None])) ** passed
    budgeted = told[["pay", "other"]].sum(axis=1).to_numpy(float)[:, None] * prices
    income = told["income"].to_numpy(float)
    rows, ends = [], []
    for path, (_, close, _) in costs.items():
        total = close.sum(axis=0)[wanted]
        for closing, more in ((LEFT, np.zeros_like(total)), (CLOSED, total)):
            spent = budgeted + more
            reserves = float(start) + np.cumsum(income[:, None] - spent, axis=0)  # year, draw
            gone = np.maximum.accumulate(reserves < 0, axis=0)
            low, high = np.quantile(reserves, [0.1, 0.9], axis=-1)
            means = spent.mean(axis=-1), income, reserves.mean(axis=-1), low, high, gone.mean(axis=-1)
            rows += [
                (path, closing, year, *values)
                for year, values in zip(told.index, zip(*means, strict=True), strict=True)
            ]
            when = np.quantile(np.where(gone.any(axis=0), gone.argmax(axis=0), len(gone)), _AT, method="inverted_cdf")
            ends.append((path, closing, *(_year_at(told.index, place) for place in when), gone[-1].mean()))
    columns = ["path", "closing", "year", "spending", "income", "reserves", "reserves_q10", "reserves_q90"]
    made = pd.DataFrame(ends, columns=["path", "closing", "early", "median", "late", "probability"])
    return {
        "reserves": pd.DataFrame(rows, columns=[*columns, "chance_gone"]),
        "reserves_end": made.assign(until=told.index[-1]),
    }


def _year_at(years: pd.Index, place: float) -> pd.Timestamp | None:
    return pd.Timestamp(years[int(place)]) if place < len(years) else None
