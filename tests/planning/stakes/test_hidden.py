"""Hidden demand: three amounts apart, adding up over BCUs, no number without a basis, none of a ward."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.demand.plan_demand import plan_demand
from planning.folder.check import Ground
from planning.folder.defaults import ACCURACY, default_table, derive_reporting, read_reference
from planning.folder.read import read_plan
from planning.stakes.harm import recorded_by_year
from planning.stakes.hidden import Reporting, experienced_by_area, moved, reporting_of
from planning.stakes.hidden_table import SAYS_NOTHING, TOGETHER, hidden_table
from tests.planning.conftest import DRAWS, TYPES, assumption, exactly

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def hidden(kept: KeptDraws, ground: Ground) -> pd.DataFrame:
    return _table(kept, ground, read_plan(None, ground).tables["reporting"])


def _table(kept: KeptDraws, ground: Ground, reporting: pd.DataFrame) -> pd.DataFrame:
    yearly = recorded_by_year(plan_demand(kept, ()), 2)
    areas = PlanAreas.of(kept, ground.areas)
    years = [pd.Timestamp("2025-04-01"), pd.Timestamp("2026-04-01")]
    barred = read_reference("no_basis")
    return hidden_table(yearly, list(TYPES), areas, reporting, barred, TYPES, years, Errors(DRAWS, 1))


def test_certain_shares_are_plain_arithmetic(kept: KeptDraws, ground: Ground) -> None:
    rows = [
        {"what": "SHOPLIFTING", "area": "force", "measure": "reported", **exactly(0.5)},
        {"what": "all", "area": "force", "measure": "recorded", **exactly(0.8)},
    ]
    found = _table(kept, ground, assumption("reporting", rows))
    force = found[(found["what"] == "SHOPLIFTING") & (found["area_level"] == "force")]
    assert np.allclose(force["reported"], force["recorded"] / 0.8)
    assert np.allclose(force["experienced"], force["recorded"] / 0.4)
    assert np.allclose(force["share_reported"], 0.5)


@given(spread=st.floats(0, 1), share=st.floats(0.05, 0.95), seed=st.integers(0, 50))
def test_areas_add_up_to_the_force_in_every_draw(spread: float, share: float, seed: int) -> None:
    generator = np.random.default_rng(seed)
    recorded = generator.poisson(50, (4, 2, 30)).astype(float)
    rest = generator.poisson(5, (2, 30)).astype(float)
    of = Reporting(np.full(30, share), np.full(30, 0.9), np.full(30, spread), "measured")
    areas, force = experienced_by_area(recorded, rest, of, "THEFT", list("abcd"), Errors(30, seed))
    assert np.allclose(areas.sum(axis=0) + rest / (0.9 * share), force, rtol=1e-9)
    assert np.allclose(force, (recorded.sum(axis=0) + rest) / (0.9 * share), rtol=1e-9)
    assert (areas >= recorded * 0).all()


def test_shares_move_on_the_scale_of_odds_and_stay_shares() -> None:
    assert moved(np.array([0.5]), np.array([0.0])) == pytest.approx(0.5)
    assert moved(np.array([0.5]), np.array([np.log(3)])) == pytest.approx(0.75)
    assert (moved(np.array([0.01, 0.99]), np.array([-9.0, 9.0])) < 1).all()


def test_what_was_experienced_is_never_less_than_recorded(hidden: pd.DataFrame) -> None:
    known = hidden[hidden["basis"] == "survey"]
    assert (known["reported"] >= known["recorded"]).all()
    assert (known["experienced_q10"] >= known["reported_q10"]).all()


def test_there_is_no_number_without_a_basis(hidden: pd.DataFrame) -> None:
    barred = hidden[hidden["basis"].str.startswith("no basis")].set_index("what")
    assert {"rape", "genital mutilation", "trafficking of people", "exploitation of children", "cyber-bullying"} == set(
        barred.index
    )
    assert barred[["recorded", "reported", "experienced"]].isna().all(axis=None)
    assert "RAPE" not in set(hidden["what"])
    asked_nobody = hidden[hidden["what"] == "SHOPLIFTING"]
    assert set(asked_nobody["basis"]) == {"no rate"}
    assert asked_nobody["experienced"].isna().all()


def test_bcus_say_nothing_of_local_reporting_and_have_no_rank_and_wards_nothing(hidden: pd.DataFrame) -> None:
    assert set(hidden["area_level"]) == {"bcu", "force"}
    local = hidden["area_level"] == "bcu"
    assert (hidden.loc[local, "says"] == SAYS_NOTHING).all()
    assert hidden.loc[local, "share_reported"].isna().all()
    assert not [name for name in hidden if "rank" in name]


def test_bcus_are_less_sure_than_their_force(kept: KeptDraws, ground: Ground) -> None:
    rows = [
        {"what": "SHOPLIFTING", "area": "force", "measure": "reported", **exactly(0.5)},
        {"what": "all", "area": "force", "measure": "spread", **exactly(0.8)},
    ]
    found = _table(kept, ground, assumption("reporting", rows))
    known = found[found["what"] == TOGETHER]
    width = (known["experienced_q90"] - known["experienced_q10"]) / known["experienced"]
    local = known["area_level"] == "bcu"
    assert width[local].min() > 1.5 * width[~local].max()


def test_a_survey_of_the_force_comes_before_one_of_the_country() -> None:
    country = {"what": "all", "area": "country", "measure": "reported", **exactly(0.3)}
    spread = {"what": "all", "area": "country", "measure": "spread", **exactly(0.2)}
    own = {"what": "all", "area": "force", "measure": "reported", **exactly(0.4)}
    errors = Errors(DRAWS, 1)
    of_country = reporting_of(assumption("reporting", [country, spread]), "SHOPLIFTING", TYPES, errors)
    of_force = reporting_of(assumption("reporting", [country, spread, own]), "SHOPLIFTING", TYPES, errors)
    assert of_country is not None
    assert of_force is not None
    assert of_country.reported.std() > 0.02  # a force may differ from its country
    assert np.array_equal(of_force.reported, np.full(DRAWS, 0.4))


def test_default_shares_are_what_their_derivation_gives() -> None:
    derived = derive_reporting().set_index("what")
    kept = default_table("reporting", "E23000001")
    kept = kept[kept["measure"] == "reported"].set_index("what")
    assert derived.index.tolist() == kept.index.tolist()
    assert np.allclose(derived[["p10", "p50", "p90"]], kept[["p10", "p50", "p90"]])
    recorded = default_table("reporting", "E23000001").query("measure == 'recorded'")
    assert recorded["p50"].tolist() == [ACCURACY]
    # Burglary: 61 % by the survey; 3.6 crimes for each recorded one would be 31 %.
    assert kept.loc["RESIDENTIAL BURGLARY", "p10"] == pytest.approx(1 / (3.6 * ACCURACY), abs=1e-4)


def test_recording_and_reporting_are_two_factors(kept: KeptDraws, ground: Ground) -> None:
    table = read_plan(None, ground).tables["reporting"]
    better = table.assign(
        **{name: table[name].where(table["measure"] != "recorded", 1.0) for name in ("p10", "p50", "p90")}
    )
    one, other = (_table(kept, replace(ground), each) for each in (table, better))
    both = (one["what"] == TOGETHER) & (one["area_level"] == "force")
    assert np.allclose(other.loc[both, "share_reported"], one.loc[both, "share_reported"])
    assert np.allclose(other.loc[both, "reported"], other.loc[both, "recorded"])
