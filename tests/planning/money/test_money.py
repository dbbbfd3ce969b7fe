"""Money is hours times prices: it adds up, knows inflation, and says when reserves end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.draws.kept import KeptDraws
from planning.assumed import Errors
from planning.folder.check import Ground
from planning.folder.read import PlanFolder, read_plan
from planning.money.money_tables import money_tables
from planning.money.prices import prices_of
from planning.money.reserves import CLOSED, LEFT
from planning.stakes.harm import recorded_by_year
from planning.work.work_table import rows_of_areas
from tests.planning.conftest import DRAWS, TYPES, assumption, exactly
from tests.planning.stakes_force import central_made

pytestmark = pytest.mark.unit
YEARS = [pd.Timestamp("2025-04-01"), pd.Timestamp("2026-04-01")]


def rates(pounds: float, inflation: float, year: str = "2024/25") -> pd.DataFrame:
    return assumption(
        "rates",
        [
            {"function": "all", "measure": "pounds an hour", "year": year, **exactly(pounds)},
            {"function": "all", "measure": "inflation a year", **exactly(inflation)},
        ],
    )


def budget(first: str, reserves: float, income: float = 0.0) -> pd.DataFrame:
    rows = [
        {"from_month": month, "pay": 100.0, "other": 20.0, "income": income, "reserves": left, "function": "all"}
        | {"inflation_budgeted": 0.02}
        for month, left in ((first, reserves), ("2026-04-01", np.nan))
    ]
    return assumption("budget", rows)


@pytest.fixture(scope="module")
def plan(ground: Ground) -> PlanFolder:
    """The defaults with posts of two functions, and a path on which they become fewer."""
    rows = [
        {"function": function, "month": "2025-03-01", "fte": fte}
        for function, fte in (("response", 5.0), ("investigation", 6.0), ("national", 2.0))
    ]
    rows += [
        {"path": "fewer", "kind": "planned", "function": "all", "month": month, "fte": fte}
        for month, fte in (("2025-03-01", 13.0), ("2027-03-01", 10.0))
    ]
    default = read_plan(None, ground)
    return replace(default, tables={**default.tables, "people": assumption("people", rows)})


def made(kept: KeptDraws, plan: PlanFolder, ground: Ground, **tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables of money of a plan with other rows, with `work` and `people` to hold them against."""
    of = central_made(kept, replace(plan, tables={**plan.tables, **tables}), ground)
    money, _ = money_tables(of, recorded_by_year(of.central.demand, 2))
    work = rows_of_areas(of.pair[1].by_year, of.maker.areas, of.years)
    return {**money, "work": work, "people": of.posts.people(of.pair)}


def test_prices_rise_from_their_own_year() -> None:
    prices = prices_of(rates(100, 0.1, "2023/24"), YEARS, Errors(DRAWS, 1))
    assert prices is not None
    assert np.allclose(prices.base, 110)
    assert np.allclose(prices.ahead[:, 0], 121)
    assert np.allclose(prices.ahead[:, 1], 133.1)


def test_costs_are_hours_times_pounds_and_add_up(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    wards = dict.fromkeys(ground.areas["ward_code"], 1000.0)
    tables = made(kept, plan, replace(ground, residents=wards), rates=rates(10, 0))
    money, work = tables["money"], tables["work"]
    both = money[money["what"] == "all"].merge(work, on=["area_level", "area_code", "function", "year"])
    assert len(both) == 3 * 7 * 2
    assert np.allclose(both["mean_x"], 10 * both["mean_y"])
    force = money[money["area_level"] == "force"]
    of_functions = force[(force["what"] == "all") & (force["function"] != "all")].groupby("year")["mean"].sum()
    of_types = force[force["what"] != "all"].groupby("year")["mean"].sum()
    whole = force[(force["what"] == "all") & (force["function"] == "all")].set_index("year")
    assert np.allclose(of_functions, whole["mean"])
    assert np.allclose(of_types, whole["mean"])  # this plan has no streams
    assert np.allclose(whole["a_resident"], whole["mean"] / 4000)
    types = force[force["what"] != "all"]
    assert np.allclose(types["an_offence"], types["mean"] / types["offences"])


def test_streams_cost_too_and_close_the_books(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    stream = {"stream": "calls", "category": "public", "projected_by": "fixed", "of": "", **exactly(500.0)}
    hours = {"what": "calls", "function": "response", **exactly(2.0)}
    workload = pd.concat([plan.tables["workload"], assumption("workload", [hours])], ignore_index=True)
    given = {"workload": workload, "streams": assumption("streams", [stream]), "rates": rates(10, 0)}
    money = made(kept, plan, ground, **given)["money"]
    force = money[(money["area_level"] == "force") & (money["year"] == YEARS[0])]
    assert force.loc[force["what"] == "calls", "mean"].tolist() == [pytest.approx(10_000)]
    whole = force.loc[(force["what"] == "all") & (force["function"] == "all"), "mean"].sum()
    assert force.loc[force["what"] != "all", "mean"].sum() == pytest.approx(whole)


def test_what_a_bcu_costs_is_marked_imputed(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    money = made(kept, plan, ground)["money"]
    assert (money["imputed"] == (money["area_level"] == "bcu")).all()
    assert set(money["area_level"]) == {"bcu", "force"}
    assert money["a_resident"].isna().all()  # nobody's residents are known here


def test_inflation_alone_moves_costs_by_itself(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    still, rising = (made(kept, plan, ground, rates=rates(10, rate))["money"] for rate in (0.0, 0.05))
    years = np.where(still["year"] == YEARS[0], 1, 2)
    assert np.allclose(rising["mean"], still["mean"] * 1.05**years)


def test_closing_a_gap_costs_its_officers(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    tables = made(kept, plan, ground, rates=rates(10, 0))
    costs = tables["gap_costs"]
    people = tables["people"]
    people = people[people["area_level"] == "force"]
    both = costs.merge(people, on=["path", "function", "year"])
    assert np.allclose(both["gap"], both["gap_mean"])
    one = both[both["function"] != "all"]
    assert (one["to_close"] >= np.maximum(one["gap"], 0) * one["officer_a_year"] * 0.999).all()
    fewer = costs[costs["path"] == "fewer"].set_index(["function", "year"])["to_close"]
    level = costs[costs["path"] == "level"].set_index(["function", "year"])["to_close"]
    assert (fewer >= level).all()
    assert (costs.loc[costs["chance"] == 0, "to_close"] == 0).all()


def test_reserves_end_when_the_sum_says_so(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    """120 a year at prices two per cent above those budgeted, income 100, reserves 30: gone in the second year."""
    dear = rates(1e-9, 1.02 * 1.02 - 1)
    tables = made(kept, plan, ground, rates=dear, budget=budget("2025-04-01", 30, income=100))
    left = tables["reserves"].query(f"path == 'level' and closing == '{LEFT}'")
    assert np.allclose(left["spending"], [120 * 1.02, 120 * 1.02**2])
    assert np.allclose(left["reserves"], [30 - 22.4, 30 - 22.4 - (120 * 1.02**2 - 100)])
    assert left["chance_gone"].tolist() == [0, 1]
    ends = tables["reserves_end"].set_index(["path", "closing"])
    assert ends.loc[("level", LEFT), "median"] == YEARS[1]
    rich = made(kept, plan, ground, rates=dear, budget=budget("2025-04-01", 1e9))["reserves_end"]
    assert (rich["probability"] == 0).all()
    assert rich["median"].isna().all()


def test_closing_the_gap_never_leaves_more_reserves(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    reserves = made(kept, plan, ground, budget=budget("2025-04-01", 1e6, income=120))["reserves"]
    wide = reserves.pivot(index=["path", "year"], columns="closing", values="reserves")
    assert (wide[CLOSED] <= wide[LEFT] + 1e-6).all()
    assert (wide.loc["fewer", CLOSED] < wide.loc["fewer", LEFT]).all()


def test_without_a_budget_no_end_is_told(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    tables, notes = money_tables(central_made(kept, plan, ground), np.ones((5, len(TYPES), 2, DRAWS)))
    assert set(tables) == {"money", "gap_costs"}
    assert any("reserves end is not told" in note for note in notes)
