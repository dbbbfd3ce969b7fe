"""What a simulated force knows of its stakes as its plan folder tells it, beside the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.read import PlanFolder
from planning.made import Made
from planning.money.prices import prices_of
from planning.people.force_posts import ForcePosts
from planning.scenario_work import Maker
from planning.scenarios import CENTRAL, PlanScenario
from planning.stakes.hidden import experienced_by_area, reporting_of
from planning.stakes.weights import harm_weights
from tests.planning.observed_force import DRAWS, LAST_MONTH


def recorded_last_year(force: Path, types: list[str]) -> pd.Series:
    """Return the offences of the last twelve months by crime type."""
    counts = pd.read_parquet(force / "truth" / "offences.parquet")
    last = counts[counts["month"] > LAST_MONTH - pd.DateOffset(months=12)]
    columns = ["located", "borough_only", "nowhere"]
    return last.groupby("crime_type", observed=True)[columns].sum().sum(axis=1).reindex(types)


def harm_found(force: Path, plan: PlanFolder, majors: dict[str, str], seed: int) -> pd.DataFrame:
    """Return by crime type, and of all, the true harm of the last year and the 80 % interval that the folder gives."""
    types = list(majors)
    (own, *_) = harm_weights(plan.tables["harm_weights"], types, majors, Errors(DRAWS, seed))
    recorded = recorded_last_year(force, types).to_numpy(float)
    harm = own.drawn * recorded[:, None]
    harm = np.concatenate([harm, harm.sum(axis=0, keepdims=True)])
    truth = pd.read_parquet(force / "truth" / "plan_harm.parquet").set_index("crime_type")["harm"].reindex(types)
    true = truth.to_numpy() * recorded
    low, high = np.quantile(harm, [0.1, 0.9], axis=1)
    return pd.DataFrame({"truth": [*true, true.sum()], "low": low, "high": high}, index=[*types, "all"])


def hidden_found(force: Path, plan: PlanFolder, majors: dict[str, str], seed: int) -> pd.DataFrame:
    """Return by crime type and BCU, and of the force (`all`), what was truly experienced in the last year, and the 80 %
    interval that the folder gives.
    """
    truth = pd.read_parquet(force / "truth" / "plan_reporting.parquet")
    places = pd.read_parquet(force / "truth" / "wards.parquet").set_index("ward_code")["bcu_name"]
    counts = pd.read_parquet(force / "truth" / "offences.parquet")
    last = counts[counts["month"] > LAST_MONTH - pd.DateOffset(months=12)]
    last = last.assign(known=last["located"] + last["borough_only"], bcu=last["ward_code"].astype(str).map(places))
    summed = last.groupby(["crime_type", "bcu"], observed=True)[["known", "nowhere"]].sum()
    errors, rows = Errors(DRAWS, seed), []
    for crime_type, of_type in truth.groupby("crime_type", sort=False):
        known = reporting_of(plan.tables["reporting"], str(crime_type), majors, errors)
        held = summed.loc[crime_type].reindex(of_type["bcu_name"])
        if known is None or held["known"].sum() < 50:
            continue
        share = (of_type["share_reported"] * of_type["share_recorded"]).to_numpy()
        recorded, rest = held["known"].to_numpy(float)[:, None, None], held["nowhere"].sum()
        areas, whole = experienced_by_area(
            recorded, np.full((1, 1), rest), known, str(crime_type), list(of_type["bcu_name"]), errors
        )
        true = held["known"].to_numpy() / share, (held.sum(axis=1).to_numpy() / share).sum()
        for place, name in enumerate(of_type["bcu_name"]):
            rows.append(("bcu", crime_type, name, true[0][place], *np.quantile(areas[place, 0], [0.1, 0.9])))
        rows.append(("force", crime_type, "all", true[1], *np.quantile(whole[0], [0.1, 0.9])))
    return pd.DataFrame(rows, columns=["level", "crime_type", "area", "truth", "low", "high"])


def costs_found(force: Path, plan: PlanFolder, seed: int) -> pd.DataFrame:
    """Return by function, and of all, what the last year's true hours truly cost, and an 80 % interval of it."""
    truth = pd.read_parquet(force / "truth" / "plan_costs.parquet")
    hours = pd.read_parquet(force / "truth" / "plan_people.parquet")["base_hours"].to_numpy()
    prices = prices_of(plan.tables["rates"], [LAST_MONTH + pd.DateOffset(months=1)], Errors(DRAWS, seed))
    assert prices is not None
    cost = prices.base * hours[:, None]
    cost = np.concatenate([cost, cost.sum(axis=0, keepdims=True)])
    low, high = np.quantile(cost, [0.1, 0.9], axis=1)
    true = [*truth["cost"], truth["cost"].sum()]
    return pd.DataFrame({"truth": true, "low": low, "high": high}, index=[*truth["function"], "all"])


def central_made(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> Made:
    """Return what a plan's central scenario makes of a forecast, and nothing of other scenarios."""
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, 2)
    demand = plan_demand(kept, plan.discovered)
    errors = Errors(demand.draws, 1)
    exact = Errors(demand.draws, 1, known=True)
    pair = [maker.work(demand, (), of, maker.of_a_case(demand, (), of), by_type=of is errors) for of in (exact, errors)]
    posts = ForcePosts(plan, ground, maker.areas, demand.months[:24], list(demand.months[:24:12]))
    central = [PlanScenario(CENTRAL, demand, demand, ())]
    return Made(kept, plan, ground, maker, posts, errors, central, [pair], pd.DataFrame(), None, None)
