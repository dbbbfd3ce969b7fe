"""What must hold of any plan: it is arithmetic on the forecast's own draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.entries import Lever
from planning.folder.read import PlanFolder, read_plan
from planning.folder.vocabulary import FUNCTIONS
from planning.make import make_plan
from planning.people.needed import break_even, needed, officers, rolling_years
from planning.scenario_work import Maker
from planning.work.totals import hours_of, ward_hours
from tests.planning.conftest import DRAWS, TYPES, assumption, exactly

pytestmark = pytest.mark.unit
RESPONSE = FUNCTIONS.index("response")


@pytest.fixture
def plan(plan_folder: Path, ground: Ground) -> PlanFolder:
    return read_plan(plan_folder, ground)


def work(
    kept: KeptDraws, plan: PlanFolder, ground: Ground, errors: Errors | None = None, levers: tuple[Lever, ...] = ()
):
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, 2)
    demand = plan_demand(kept, plan.discovered)
    of = errors or Errors(DRAWS, 1)
    return maker.work(demand, levers, of, maker.of_a_case(demand, levers, of), by_type=True)


def test_a_plan_of_one_hour_a_case_gives_the_forecast_back_to_the_last_draw(
    kept: KeptDraws, simple: PlanFolder, ground: Ground
) -> None:
    made = work(kept, simple, ground)
    assert made.crimes.by_type is not None
    counts = kept.by_month.to_numpy().reshape(5, len(TYPES), 2, 12, DRAWS).sum(axis=3)
    assert np.array_equal(made.crimes.by_type[:, :, RESPONSE], counts)
    assert np.array_equal(made.by_month[RESPONSE], kept.by_month.sum(("area", "crime_type")).to_numpy())
    assert not np.delete(made.by_year, RESPONSE, axis=1).any()
    assert np.array_equal(made.base[-1, RESPONSE], np.full(DRAWS, kept.base.sum().item()))


def test_sums_hold_in_every_draw(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    made = work(kept, plan, ground)
    areas = PlanAreas.of(kept, ground.areas)
    level = areas.table["area_level"].to_numpy()
    borough, bcu, force = (made.by_year[level == name].sum(axis=0) for name in ("borough", "bcu", "force"))
    no_borough = made.crimes.by_year[-1]
    assert np.allclose(borough + no_borough, force, rtol=1e-9, atol=0)
    assert np.allclose(bcu, borough, rtol=1e-9, atol=0)
    assert np.allclose(
        made.by_month.reshape(len(FUNCTIONS), 2, 12, DRAWS).sum(axis=2),
        force,
        rtol=1e-9,
    )
    demand = plan_demand(kept, plan.discovered)
    assert made.crimes.by_type is not None
    assert np.allclose(made.crimes.by_type.sum(axis=1), made.crimes.by_year, rtol=1e-9, atol=0)
    wards = ward_hours(demand, made.crimes.by_type, areas.borough_of_ward, np.ones(len(TYPES), dtype=bool))
    assert np.allclose(wards.reshape(2, 2, *wards.shape[1:]).sum(axis=1), made.crimes.by_year[:2], rtol=1e-9, atol=0)


def test_twice_the_hours_are_twice_the_officers(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    once = work(kept, plan, ground)
    doubled = plan.tables["workload"].assign(officers=plan.tables["workload"]["officers"] * 2)
    twice = work(kept, replace(plan, tables={**plan.tables, "workload": doubled}), ground)
    assert np.allclose(
        officers(twice.by_year, np.float64(1400)), 2 * officers(once.by_year, np.float64(1400)), rtol=1e-12
    )
    before, then = once.base[-1, RESPONSE], once.by_year[-1, RESPONSE]
    assert np.allclose(needed(2 * then, before, 10.0), 2 * needed(then, before, 10.0))
    # Hours that are off by the same in both years change no need.
    assert np.allclose(
        needed(twice.by_year[-1, RESPONSE], twice.base[-1, RESPONSE], 10.0), needed(then, before, 10.0), rtol=1e-12
    )


def test_demand_that_policing_itself_discovers_earns_no_hours(
    kept: KeptDraws, plan: PlanFolder, ground: Ground
) -> None:
    """A force that sends more officers where drugs were recorded records more drugs: no need comes of it."""
    found = work(kept, plan, ground).by_year
    position = list(TYPES).index("POSSESSION OF DRUGS")
    counts = kept.by_month.copy(deep=True)
    for _ in range(10):  # rounds in which recording rises with officers
        counts[:, position] = (counts[:, position] * 1.2).astype(np.int32)
    assert counts[:, position].sum() > 2 * kept.by_month[:, position].sum()
    again = work(replace(kept, by_month=counts), plan, ground).by_year
    assert np.array_equal(found, again)


@settings(max_examples=15)
@given(
    more=st.floats(0, 0.9),
    way=st.sampled_from([("closed", "telephone unit"), ("closed", "attended"), ("closed", "")]),
    ramp=st.integers(0, 12),
)
def test_closing_more_at_assessment_never_adds_work(
    kept: KeptDraws, ground: Ground, more: float, way: tuple[str, str], ramp: int
) -> None:
    plan = read_plan(None, ground)
    lever = Lever.model_validate(
        {
            "id": "close more",
            "kind": "handling",
            "from_month": "2025-08",
            "ramp_months": ramp,
            "evidence": "opinion",
            "source": "a test",
            "moves": [
                {"stage": way[0], "given": way[1], "before": "investigated", "after": "closed at assessment"}
                | {"share": {"p10": more, "p50": more, "p90": more}}
            ],
        }
    )
    exact = Errors(DRAWS, 1, known=True)
    without, with_lever = (work(kept, plan, ground, exact, levers) for levers in ((), (lever,)))
    assert (with_lever.by_year <= without.by_year + 1e-9).all()
    assert np.array_equal(with_lever.base, without.base)


def test_two_plans_differ_only_in_what_their_row_touches(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    row = assumption("workload", [{"what": "RAPE", "function": "safeguarding", "way": "", **exactly(200.0)}])
    rows = plan.tables["workload"]
    same = (rows["what"] == "RAPE") & (rows["function"] == "safeguarding")
    other = replace(plan, tables={**plan.tables, "workload": pd.concat([rows[~same], row], ignore_index=True)})
    one, another = (work(kept, each, ground) for each in (plan, other))
    assert one.crimes.by_type is not None
    assert another.crimes.by_type is not None
    differs = (one.crimes.by_type != another.crimes.by_type).any(axis=(0, 3, 4))
    expected = np.zeros_like(differs)
    expected[list(TYPES).index("RAPE"), FUNCTIONS.index("safeguarding")] = True
    assert np.array_equal(differs, expected)


def test_the_year_of_a_break_even_is_the_first_with_a_gap() -> None:
    monthly = np.concatenate([np.full((12, 2), 10.0), np.stack([np.full(12, 12.0), np.full(12, 9.0)], axis=1)])
    rolling = rolling_years(monthly)
    assert rolling.shape == (13, 2)
    assert np.allclose(rolling[0], 120)
    assert np.allclose(rolling[-1], [144, 108])
    assert break_even(rolling, np.full(13, 121.0)).tolist() == [1, 13]


def test_the_tables_tell_hours_people_and_the_gap(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    result = make_plan(kept, plan, ground)
    people = result.tables["people"]
    assert set(people["path"]) == {"level", "fewer"}
    assert people["probability_with_assumptions"].between(0, 1).all()
    of_force = people[(people["function"] == "all") & (people["scenario"] == "central")].set_index(["path", "year"])
    # National posts stay: what is left of 10 after 2 over what is left of 13 after 2, at the end of two years.
    assert of_force.loc["fewer", "there"].iloc[-1] < 0.87 * of_force.loc["level", "there"].iloc[-1]
    assert np.allclose(of_force["gap_mean"], of_force["needed"] - of_force["there"])
    shares = result.tables["variance"].groupby("year")["share"].sum()
    assert np.allclose(shares, 1)
    young = result.tables["work"].query("scenario == 'young held' and area_level == 'force' and function == 'all'")
    central = result.tables["work"].query(
        "scenario == 'central' and area_level == 'force' and function == 'all' and what == 'all'"
    )
    assert (young["mean"].to_numpy() < central["mean"].to_numpy()).all()
    assert set(result.tables["work"]["quality"]) <= {"stand-in", "assumed"}


def test_a_plan_is_the_same_whenever_it_is_made(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    first, second = (make_plan(kept, plan, ground).tables for _ in range(2))
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])


def test_more_demand_never_needs_fewer(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    more = replace(kept, by_month=kept.by_month + 1)
    exact = Errors(DRAWS, 1, known=True)
    assert (work(more, plan, ground, exact).by_year >= work(kept, plan, ground, exact).by_year).all()
    demand = plan_demand(kept, ())
    assert hours_of(demand, np.ones((len(TYPES), 1, 25, 1)), 2).base.sum() == kept.base.sum()
