"""Targets: chances from draws, what they need from here, what is beside them, and years that are partly recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.goals.contracts_of_goals import AT_LEAST, AT_MOST
from planning.folder.read import PlanFolder
from planning.goals.beside import DISCOVERED, REPORTED
from planning.goals.counts import Past
from planning.goals.targets import chance_of, change_a_month, survey_interval
from planning.goals.targets_table import GoalGround, targets_tables
from tests.planning.conftest import TYPES

pytestmark = pytest.mark.unit
NUMBERS = ["baseline", "change", "level", "latest", "n"]
LISTS = pd.DataFrame(
    [("thefts", "SHOPLIFTING", "2025", "nowhere", "made up", "measured", True)],
    columns=["list", "what", "year", "country", "source", "quality", "of_force"],
)


def target(**said: object) -> pd.DataFrame:
    row = {"target": "one", "what": "thefts", "area": "force", "measure": "count", "direction": AT_MOST}
    row |= {"set_by": "a board", "source": "its minutes", "of_force": True, "year_from": "2026-04-01"}
    table = pd.DataFrame([{**dict.fromkeys(NUMBERS, np.nan), "baseline_from": None, **row, **said}])
    return table.assign(**{name: pd.to_datetime(table[name]) for name in ("baseline_from", "year_from")})


@pytest.fixture
def goal_ground(kept: KeptDraws, ground: Ground) -> GoalGround:
    months = pd.date_range("2023-04-01", "2025-03-01", freq="MS", unit="us")
    history = xr.DataArray(
        np.arange(1.0, 3 * len(TYPES) * 24 + 1).reshape(3, len(TYPES), 24),
        dims=("area_code", "crime_type", "month"),
        coords={"area_code": ["E09000001", "E09000002", "E23000099"], "crime_type": list(TYPES), "month": months},
    )
    demand = plan_demand(kept, ["POSSESSION OF DRUGS"])
    residents = dict.fromkeys(ground.areas["ward_code"], 500.0)
    areas = PlanAreas.of(kept, ground.areas)
    return GoalGround(demand, demand, Past.of(demand, history), areas, TYPES, residents, LISTS)


def test_the_chance_is_the_share_of_draws_that_meet_it(kept: KeptDraws, goal_ground: GoalGround) -> None:
    draws = kept.by_month.sel(crime_type="SHOPLIFTING").isel(month=slice(12, 24)).sum(["area", "month"]).to_numpy()
    level = float(np.quantile(draws, 0.3))
    tables, notes = targets_tables(target(level=level), goal_ground)
    row = tables["targets"].iloc[0]
    assert not notes
    assert row["chance"] == (draws <= level).mean() == row["chance_without_judgements"]
    assert row["mean"] == pytest.approx(draws.mean())
    assert row["expected_miss"] == pytest.approx(np.maximum(draws - level, 0).mean())
    assert row["needed_a_month"] < row["expected_a_month"]
    turned = targets_tables(target(level=level, direction=AT_LEAST), goal_ground)[0]["targets"].iloc[0]
    assert turned["chance"] == (draws >= level).mean()


def test_months_that_are_recorded_stand_as_they_were(kept: KeptDraws, goal_ground: GoalGround) -> None:
    row = targets_tables(target(level=100.0, year_from="2024-10-01"), goal_ground)[0]["targets"].iloc[0]
    assert goal_ground.past.history is not None
    past = goal_ground.past.history.sel(crime_type="SHOPLIFTING").isel(month=slice(18, 24)).sum()
    ahead = kept.by_month.sel(crime_type="SHOPLIFTING").isel(month=slice(0, 6)).sum(["area", "month"]).mean()
    assert row["mean"] == pytest.approx(float(past + ahead))
    assert (row["months_recorded"], row["standing"]) == (6, "partly recorded")
    over = targets_tables(target(level=1e6, year_from="2023-06-01"), goal_ground)[0]["targets"].iloc[0]
    assert (over["chance"], over["q10"], over["standing"]) == (1.0, over["q90"], "recorded")


def test_a_baseline_of_years_ago_is_what_was_recorded_of_area_and_type(goal_ground: GoalGround) -> None:
    asked = target(baseline_from="2023-04-01", change=-0.2, area="Command 1", what="SHOPLIFTING + RAPE")
    row = targets_tables(asked, goal_ground)[0]["targets"].iloc[0]
    assert goal_ground.past.history is not None
    history = goal_ground.past.history.sel(area_code="E09000001", crime_type=["SHOPLIFTING", "RAPE"])
    assert row["baseline"] == float(history.isel(month=slice(0, 12)).sum())
    assert row["aim"] == pytest.approx(0.8 * row["baseline"])
    assert row["area_level"] == "bcu"


def test_without_a_past_a_target_against_it_is_left_out_and_said(goal_ground: GoalGround) -> None:
    bare = replace(goal_ground, past=replace(goal_ground.past, history=None))
    asked = pd.concat([target(baseline_from="2020-04-01", change=-0.2), target(target="two", level=5.0)])
    tables, notes = targets_tables(asked, bare)
    assert list(tables["targets"]["target"]) == ["two"]
    assert "'one' is not told" in notes[0]


def test_what_is_not_targeted_and_what_is_add_up_to_all(goal_ground: GoalGround) -> None:
    tables, _ = targets_tables(target(level=100.0), goal_ground)
    beside = tables["targets_beside"].set_index("beside")
    parts = beside.loc[[REPORTED, DISCOVERED], "mean"].sum() + tables["targets"]["mean"].iloc[0]
    whole = targets_tables(target(level=1.0, what="all"), goal_ground)[0]["targets"]["mean"].iloc[0]
    assert parts == pytest.approx(whole)
    majors = beside.drop([REPORTED, DISCOVERED])
    assert majors["mean"].sum() == pytest.approx(beside.loc[REPORTED, "mean"])
    assert not any("DRUG" in name for name in majors.index)


def test_rates_and_shares_are_of_residents_and_of_all_offences(goal_ground: GoalGround) -> None:
    rows = [target(target=name, measure=name, level=0.5) for name in ("count", "rate", "share")]
    found = targets_tables(pd.concat(rows), goal_ground)[0]["targets"].set_index("target")
    assert found.loc["rate", "mean"] == pytest.approx(found.loc["count", "mean"] / 2)
    assert 0 < found.loc["share", "q10"] < found.loc["share", "q90"] < 1


def test_what_is_not_forecast_has_an_interval_and_no_chance(goal_ground: GoalGround) -> None:
    asked = target(measure="survey", what="good job", level=0.6, latest=0.47, n=400.0, direction=AT_LEAST)
    row = targets_tables(asked, goal_ground)[0]["targets"].iloc[0]
    assert np.isnan(row["chance"])
    assert row["q10"] < 0.47 < row["q90"]
    assert row["expected_miss"] == pytest.approx(0.13)
    # Wilson 1927, checked against statsmodels' own.
    assert survey_interval(0.47, 400, 0.95) == pytest.approx((0.42161, 0.51896), abs=1e-4)


@given(st.floats(10, 1e5), st.floats(-0.2, 0.2), st.integers(0, 36))
def test_the_needed_change_gives_the_level_it_was_asked_for(level: float, change: float, start: int) -> None:
    months = np.arange(start + 1, start + 13, dtype=float)
    last = np.full(12, level / 12) * np.linspace(0.8, 1.2, 12)
    aim = float((last * (1 + change) ** months).sum())
    assert change_a_month(aim, 0.0, last, months) == pytest.approx(change, abs=1e-6)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=50), st.integers(0, 1000), st.integers(0, 100))
def test_an_easier_target_is_never_less_likely(draws: list[int], aim: int, more: int) -> None:
    drawn = np.array(draws, dtype=float)
    one, easier = chance_of(drawn, aim, AT_MOST), chance_of(drawn, aim + more, AT_MOST)
    assert easier.met >= one.met
    assert easier.miss <= one.miss


def test_no_draw_stands_for_a_plan_without_targets(goal_ground: GoalGround, simple: PlanFolder) -> None:
    assert targets_tables(simple.tables["targets"], goal_ground) == ({}, [])
