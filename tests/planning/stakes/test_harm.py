"""Harm is weights times the forecast's own draws: it adds up, is led by no discovery, and says what ranks hang on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import PlanDemand, plan_demand
from planning.folder.check import Ground
from planning.folder.read import PlanFolder, read_plan
from planning.scenario_work import Maker
from planning.stakes.harm import (
    chance_of_top,
    harm_of_areas,
    places_of_top,
    rank_hangs_on,
    ranks,
    recorded_by_year,
    ward_offences,
)
from planning.stakes.stakes_tables import Stakes
from planning.stakes.weights import EQUAL, harm_weights
from tests.planning.conftest import DRAWS, TYPES, assumption, exactly

pytestmark = pytest.mark.unit
DRUGS = list(TYPES).index("POSSESSION OF DRUGS")
SEVERITY = {"RESIDENTIAL BURGLARY": 300.0, "SHOPLIFTING": 5.0, "RAPE": 2000.0, "POSSESSION OF DRUGS": 9.0}


@pytest.fixture(scope="module")
def plan(ground: Ground) -> PlanFolder:
    return read_plan(None, replace(ground, harm=SEVERITY))


@pytest.fixture(scope="module")
def tables(kept: KeptDraws, ground: Ground, plan: PlanFolder) -> dict[str, pd.DataFrame]:
    return made(kept, plan, ground)[0]


def made(
    kept: KeptDraws, plan: PlanFolder, ground: Ground, told: list[str] | None = None
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    demand = plan_demand(kept, plan.discovered)
    maker = Maker(plan, PlanAreas.of(kept, ground.areas), ground.majors, 2)
    stakes = Stakes.of(maker, demand, ground, list(demand.months[::12]), Errors(DRAWS, 1))
    return stakes.tables(told, None)


def test_equal_weights_give_the_offences_back(kept: KeptDraws, ground: Ground) -> None:
    demand = plan_demand(kept, ["POSSESSION OF DRUGS"])
    yearly = recorded_by_year(demand, 2)
    harm = harm_of_areas(yearly, np.ones((len(TYPES), 1)), ~demand.budgeted)
    counts = kept.by_month.to_numpy().reshape(5, len(TYPES), 2, 12, DRAWS).sum(axis=3)
    assert np.array_equal(harm, np.delete(counts, DRUGS, axis=1).sum(axis=1))


def test_wards_add_up_to_the_located_offences_of_their_borough_under_any_factor(
    kept: KeptDraws, ground: Ground
) -> None:
    generator = np.random.default_rng(3)
    factor = generator.uniform(0.5, 2, (kept.by_month.sizes["area"], len(TYPES), 1))
    on_wards = generator.uniform(0.8, 1.2, (4, len(TYPES), 2, DRAWS))
    place = PlanAreas.of(kept, ground.areas).borough_of_ward
    cases: list[tuple[PlanDemand, np.ndarray | None]] = [
        (plan_demand(kept, ()), None),
        (plan_demand(kept, ()).times(lambda month: factor * (1 + month / 12)), None),
        (plan_demand(kept, ()).times(lambda month: factor), on_wards),
    ]
    for demand, multipliers in cases:
        yearly = recorded_by_year(demand, 2)
        for crime_type in range(len(TYPES)):
            wards = ward_offences(demand, yearly, crime_type, place, multipliers)
            boroughs = wards.reshape(2, 2, 2, DRAWS).sum(axis=1)
            assert np.allclose(boroughs, yearly[demand.located, crime_type], rtol=1e-9, atol=0)


def test_what_policing_discovers_is_apart_and_moves_no_ward(kept: KeptDraws, ground: Ground, plan: PlanFolder) -> None:
    counts, wards = kept.by_month.copy(deep=True), kept.by_year.copy(deep=True)
    counts[:, DRUGS] *= 5
    wards[:, DRUGS] *= 5
    before, after = (
        made(each, plan, ground)[0]["harm"] for each in (kept, replace(kept, by_month=counts, by_year=wards))
    )
    reported = before["kind"] == "reported"
    pd.testing.assert_frame_equal(before[reported], after[after["kind"] == "reported"])
    assert (after.loc[~reported, "mean"] > 4 * before.loc[~reported, "mean"]).all()
    assert not (before.loc[~reported, "area_level"] == "ward").any()


def test_there_is_no_harm_of_a_month(tables: dict[str, pd.DataFrame]) -> None:
    for name in ("harm", "harm_types", "harm_ranks", "harm_agreement"):
        months = pd.DatetimeIndex(tables[name]["year"].unique())
        assert list(months) == [pd.Timestamp("2025-04-01"), pd.Timestamp("2026-04-01")]


def test_scales_stand_beside_each_other_with_their_quality(tables: dict[str, pd.DataFrame]) -> None:
    harm = tables["harm"]
    assert list(dict.fromkeys(harm["weights"])) == ["Cambridge", "ONS", EQUAL]
    assert set(harm.loc[harm["weights"] != EQUAL, "quality"]) == {"stand-in"}
    assert harm.loc[harm["area_level"] == "ward", "chance_top_tenth"].between(0, 1).all()
    agreed = tables["harm_agreement"]
    assert agreed["pairs_alike"].between(0, 1).all()
    assert {"ward", "borough"} == set(agreed["area_level"])
    types = tables["harm_types"]
    assert np.allclose(types.groupby(["weights", "kind", "year"])["share"].sum(), 1)


def test_wards_count_only_what_may_be_told_of_them(kept: KeptDraws, ground: Ground, plan: PlanFolder) -> None:
    told = [name for name in TYPES if name != "RAPE"]
    harm = made(kept, plan, ground, told)[0]["harm"]
    of_wards = harm[harm["area_level"] == "ward"]
    assert set(of_wards["what"]) == {"all excluding protected types"}
    assert "RAPE" not in set(of_wards["largest_type"])
    assert "RAPE" in set(harm.loc[harm["area_level"] == "borough", "largest_type"])


@given(arrays(float, (12, 2, 7), elements=st.floats(0, 1e4)))
def test_chances_of_the_top_tenth_sum_to_its_places(harm: np.ndarray) -> None:
    harm = harm + np.arange(12)[:, None, None] * 1e-6 + np.arange(7) * 1e-9  # no two alike
    for year in range(2):
        if all(len(np.unique(harm[:, year, draw])) == 12 for draw in range(7)):
            assert chance_of_top(harm)[:, year].sum() == pytest.approx(places_of_top(12))


def test_the_type_that_a_rank_hangs_on_is_the_one_that_moves_it() -> None:
    parts = np.array([[100.0, 1.0], [60.0, 2.0], [1.0, 50.0]])
    assert ranks(parts.sum(axis=1)).tolist() == [1, 2, 3]
    assert rank_hangs_on(parts, ["homicide", "theft"]) == [("homicide", 3), ("homicide", 2), ("homicide", 1)]


def test_a_force_s_own_weights_lead_and_what_they_lack_is_said(
    kept: KeptDraws, ground: Ground, plan: PlanFolder
) -> None:
    own = assumption("harm_weights", [{"weights": "own", "what": "THEFT", **exactly(3.0)}])
    table = pd.concat([own, plan.tables["harm_weights"]], ignore_index=True)
    scales = harm_weights(table, list(TYPES), TYPES, Errors(DRAWS, 1))
    assert scales[0].name == "own"
    assert scales[0].known.tolist() == [0, 3, 0, 0]  # of its major type
    assert scales[0].lacking == ("RESIDENTIAL BURGLARY", "RAPE", "POSSESSION OF DRUGS")
    _, notes = made(kept, replace(plan, tables={**plan.tables, "harm_weights": table}), ground)
    assert any("own weights leaves out" in note for note in notes)
