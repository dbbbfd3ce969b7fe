"""Levers save no hour twice; judgements act on the same draws; why hours change leaves no remainder."""

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
from planning.demand.judgement import KEPT_BY_GRADE, effect_of, factor_of, ward_multipliers
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.entries import Judgement, Lever
from planning.folder.read import PlanFolder, read_plan
from planning.make import make_plan
from planning.scenario_work import Maker
from planning.work.lever_savings import parts_saved
from planning.work.totals import hours_of, ward_hours
from planning.work.waterfall import parts_of_change
from sources.files.errors import InputError
from tests.planning.conftest import DRAWS, TYPES

pytestmark = pytest.mark.unit


def lever(name: str, kind: str, **changes: object) -> Lever:
    said = {"id": name, "kind": kind, "from_month": "2025-08", "evidence": "opinion", "source": "a test"}
    return Lever.model_validate({**said, **changes})


def moves(stage: str, before: str, after: str, share: float) -> dict[str, object]:
    return {"stage": stage, "before": before, "after": after, "share": {"p10": share, "p50": share, "p90": share}}


LEVERS = (
    lever("telephone", "handling", cost_a_year=1e5, moves=[moves("handled by", "attended", "telephone unit", 0.2)]),
    lever("close", "handling", cost_a_year=2e5, moves=[moves("closed", "investigated", "closed at assessment", 0.3)]),
    lever(
        "hand-offs",
        "time",
        cost_a_year=5e4,
        saves=[{"function": "investigation", "share": {"p10": 0.05, "p50": 0.1, "p90": 0.2}}],
    ),
)


def judgement(name: str, **changes: object) -> Judgement:
    said = {
        "id": name,
        "by": "theft lead",
        "made_on": "2025-03-31",
        "known_from": "2025-03-01",
        "first_month": "2025-06",
        "multiplier": {"p10": 1.1, "p50": 1.3, "p90": 1.6},
        "kind": "emerging",
        "reason_low": "low",
        "reason_high": "high",
        "review_on": "2026-03-31",
    }
    return Judgement.model_validate({**said, **changes})


@pytest.fixture
def plan(plan_folder: Path, ground: Ground) -> PlanFolder:
    return read_plan(plan_folder, ground)


def effect(kept: KeptDraws, ground: Ground, one: Judgement):
    return effect_of(one, kept, ground.areas, ground.majors, Errors(DRAWS, 1), 1)


def test_no_hour_is_saved_twice(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, 2)
    demand, errors = plan_demand(kept, plan.discovered), Errors(DRAWS, 1)
    parts = parts_saved(LEVERS, lambda chosen: maker.of_a_case(demand, chosen, errors))
    saved = {name: hours_of(demand, part, 2).by_year for name, part in parts.items()}
    hours = {
        name: hours_of(demand, maker.of_a_case(demand, chosen, errors), 2).by_year
        for name, chosen in (("all", LEVERS), ("none", ()))
    }
    assert np.allclose(sum(saved.values()), hours["none"] - hours["all"], rtol=1e-9, atol=1e-9)
    assert (hours["all"] >= 0).all()
    # Alone, each would claim more than its part: what one saves the others cannot.
    alone = hours["none"] - hours_of(demand, maker.of_a_case(demand, LEVERS[1:2], errors), 2).by_year
    assert alone.sum() > saved["close"].sum()
    turned = parts_saved(LEVERS[::-1], lambda chosen: maker.of_a_case(demand, sorted(chosen, key=LEVERS.index), errors))
    assert all(np.allclose(turned[name], parts[name]) for name in parts)


def test_levers_are_told_with_cost_and_the_best_within_a_budget(
    kept: KeptDraws, plan: PlanFolder, ground: Ground
) -> None:
    tables = make_plan(kept, replace(plan, levers=LEVERS), ground).tables
    assert set(tables["levers"]["lever"]) == {one.id for one in LEVERS}
    bought = tables["portfolio"]
    assert bought["cost_a_year"].is_monotonic_increasing
    assert bought["hours_saved"].is_monotonic_increasing
    steps = tables["waterfall"].query("function == 'all'").pivot(index="year", columns="step", values="hours")
    parts = steps.drop(columns=["base year", "year"]).sum(axis=1)
    assert np.allclose(parts, steps["year"] - steps["base year"], rtol=1e-6)
    assert (steps["levers"] < 0).all()
    assert np.allclose(steps["judgement"], 0)


@settings(max_examples=30)
@given(data=st.data())
def test_parts_of_a_change_leave_no_remainder_and_have_no_order(data: st.DataObject) -> None:
    numbers = st.lists(st.floats(0, 1e5), min_size=4, max_size=4).map(np.array)
    before, first, second = (data.draw(numbers) for _ in range(3))
    parts = parts_of_change(before, {"one": first, "two": second})
    assert np.allclose(sum(parts.values()), second - before, rtol=1e-9, atol=1e-6)


def test_a_factor_brings_the_same_whatever_stands_before_it() -> None:
    before, one, two = np.array([100.0]), 1.2, 0.9
    forwards = parts_of_change(before, {"one": before * one, "two": before * one * two})
    backwards = parts_of_change(before, {"two": before * two, "one": before * one * two})
    assert forwards["one"] == pytest.approx(backwards["one"], rel=1e-12)


def test_a_judgement_acts_on_its_cells_alone_and_on_the_same_draws(kept: KeptDraws, ground: Ground) -> None:
    one = judgement("phones", area="E09000001", crime="THEFT", first_month="2025-08", last_month="2025-10")
    factor = factor_of([effect(kept, ground, one)], kept, None)
    demand = plan_demand(kept, ()).times(factor)
    place = list(TYPES).index("SHOPLIFTING")
    for month in range(24):
        ratio = demand.recorded(month) / np.maximum(kept.by_month.to_numpy()[:, :, month], 1e-12)
        moved = np.abs(ratio - 1) > 1e-9
        moved[kept.by_month.to_numpy()[:, :, month] == 0] = False
        if month not in (4, 5, 6):
            assert not moved.any()
            continue
        assert moved[0, place].any()
        moved[[0, 2], place] = False  # the borough, and its offences of no known ward
        assert not moved.any()


def test_the_three_quantiles_of_a_multiplier_are_met(kept: KeptDraws, ground: Ground) -> None:
    errors = Errors(4000, 1)
    drawn = effect_of(judgement("one"), kept, ground.areas, ground.majors, errors, 1).multiplier
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([1.1, 1.3, 1.6], rel=0.01)
    half = effect_of(judgement("one", chance=0.4), kept, ground.areas, ground.majors, errors, 1).multiplier
    assert (half != 1).mean() == pytest.approx(0.4, abs=0.01)
    tied = effect_of(judgement("two", tied_to="one", chance=0.4), kept, ground.areas, ground.majors, errors, 1)
    assert np.array_equal(tied.multiplier, half)


def test_prevention_is_shrunk_by_the_grade_of_its_evidence(kept: KeptDraws, ground: Ground) -> None:
    """MetTrace: 22.2 % fewer burglaries where it was, 1.6 % more elsewhere, places chosen because they were high."""
    measured = 0.778 / 1.016
    said = {"kind": "prevention", "multiplier": {"p10": measured, "p50": measured, "p90": measured}}
    shrunk = effect(kept, ground, judgement("MetTrace", **said, grade="comparison")).multiplier
    assert np.allclose(shrunk, measured ** KEPT_BY_GRADE["comparison"])
    assert 0.87 < shrunk[0] < 0.88


def test_a_judgement_on_a_ward_moves_its_borough_by_what_it_is_of_it(
    kept: KeptDraws, plan: PlanFolder, ground: Ground
) -> None:
    one = effect(kept, ground, judgement("square", area="E05000001", crime="SHOPLIFTING", first_month="2025-04"))
    multipliers = ward_multipliers([one], kept)
    assert multipliers is not None
    demand = plan_demand(kept, plan.discovered).times(factor_of([one], kept, multipliers))
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, 2)
    errors = Errors(DRAWS, 1)
    hours = hours_of(demand, maker.of_a_case(demand, (), errors), 2, by_type=True)
    assert hours.by_type is not None
    every = np.ones(len(TYPES), dtype=bool)
    wards = ward_hours(demand, hours.by_type, maker.areas.borough_of_ward, every, multipliers)
    assert np.allclose(wards.reshape(2, 2, *wards.shape[1:]).sum(axis=1), hours.by_year[:2], rtol=1e-9, atol=0)
    without = plan_demand(kept, plan.discovered)
    before = hours_of(without, maker.of_a_case(without, (), errors), 2, by_type=True)
    assert before.by_type is not None
    as_was = ward_hours(without, before.by_type, maker.areas.borough_of_ward, every)
    assert (wards[0] > as_was[0]).any()
    assert np.allclose(wards[1:], as_was[1:], rtol=1e-9)


def test_judgements_are_refused_suspended_confirmed_and_superseded(
    kept: KeptDraws, plan: PlanFolder, ground: Ground
) -> None:
    small = {"p10": 1.0, "p50": 1.001, "p90": 1.002}
    with pytest.raises(InputError, match="too small to matter"):
        make_plan(kept, replace(plan, judgements=(judgement("small", multiplier=small),)), ground)
    many = (
        judgement("small", multiplier=small, insisted=True, crime="RAPE"),
        judgement("absorbed", first_month="2025-01", last_month="2026-12", crime="BURGLARY"),
        judgement("confirmed", first_month="2025-01", confirmed_on="2025-04-02", area="E09000002"),
        judgement("old", review_on="2025-03-31", made_on="2025-03-01", area="E09000001"),
        judgement("new", supersedes="older", crime="SHOPLIFTING"),
        judgement("older", crime="SHOPLIFTING"),
        judgement("gone", status="withdrawn"),
    )
    result = make_plan(kept, replace(plan, judgements=many), ground)
    status = result.tables["judgements"].set_index("id")["status"].to_dict()
    assert status == {
        "small": "acts",
        "absorbed": "suspended",
        "confirmed": "acts",
        "old": "suspended",
        "new": "acts",
        "older": "superseded",
        "gone": "withdrawn",
    }
    steps = result.tables["waterfall"].query("function == 'all'").pivot(index="year", columns="step", values="hours")
    assert (steps["judgement"] > 0).all()
    assert np.allclose(
        steps.drop(columns=["base year", "year"]).sum(axis=1), steps["year"] - steps["base year"], rtol=1e-6
    )


def test_a_withdrawn_judgement_leaves_the_plan_as_it_was(kept: KeptDraws, plan: PlanFolder, ground: Ground) -> None:
    without = make_plan(kept, plan, ground).tables["work"]
    withdrawn = make_plan(kept, replace(plan, judgements=(judgement("a", status="withdrawn"),)), ground).tables["work"]
    pd.testing.assert_frame_equal(without, withdrawn)
