"""The rule of promotion: each of its ways to yes and to no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.scoring.promotion import FEWEST_MONTHS, decide, judged_origins, refuse_short_history, short_history
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
ScoresOf = Callable[..., pd.DataFrame]


def test_the_first_must_beat_seasonal_naive_on_both_scores(scores_of: ScoresOf, swings: np.ndarray) -> None:
    assert decide(scores_of(swings), None).promote
    # A point forecast turned into intervals has a lower WIS than the point: that alone is not enough.
    poor = decide(scores_of(swings, wape=0.51), None)
    assert not poor.promote
    assert poor.numbers["wis_gain_over_naive"] > 0 > poor.numbers["wape_gain_over_naive"]
    assert "higher than the naive one" in poor.reason


@pytest.mark.parametrize(("factor", "promote"), [(0.9, True), (1.0, True), (1.009, True), (1.011, False)])
def test_a_refit_may_be_one_per_cent_worse(
    scores_of: ScoresOf, swings: np.ndarray, factor: float, promote: bool
) -> None:
    decision = decide(scores_of(factor * swings), scores_of(swings), same_recipe=True)
    assert (decision.promote, decision.rule) == (promote, "refit")
    assert decision.numbers["gain"] == pytest.approx(1 - factor)


def test_a_new_recipe_must_be_better_beyond_chance(scores_of: ScoresOf, swings: np.ndarray) -> None:
    steady = decide(scores_of(0.99 * swings), scores_of(swings))
    assert steady.promote
    assert steady.rule == "new recipe"
    lucky = swings * np.random.default_rng(1).choice([0.5, 1.48], swings.shape)
    chance = decide(scores_of(lucky), scores_of(swings))
    assert chance.numbers["gain_low"] < 0 < chance.numbers["gain_high"]
    assert not chance.promote
    assert not decide(scores_of(swings), scores_of(swings)).promote
    assert len(steady.by_level) == 3


@pytest.mark.parametrize(("coverage", "promote"), [(0.8, True), (0.819, True), (0.821, False), (0.779, False)])
def test_a_new_recipe_must_stay_as_honest(
    scores_of: ScoresOf, swings: np.ndarray, coverage: float, promote: bool
) -> None:
    better = scores_of(0.9 * swings, coverage_80_randomised=coverage)
    decision = decide(better, scores_of(swings))
    assert decision.promote is promote
    assert ("further from nominal" in decision.reason) is not promote


def test_coverage_of_few_cells_is_not_held_against_it(scores_of: ScoresOf, swings: np.ndarray) -> None:
    few = scores_of(0.9 * swings, coverage_80_randomised=1.0, cells=200)
    assert decide(few, scores_of(swings, cells=200)).promote


def test_origins_are_a_year_apart_and_pass_over_disruptions(simulated_panel: Panel) -> None:
    last = simulated_panel.last_month
    origins = judged_origins(simulated_panel, 3)
    assert origins[0] == last - pd.DateOffset(months=12)
    assert judged_origins(simulated_panel, 1) == origins[:1]
    disruption = simulated_panel.breaks.iloc[[0]].assign(
        kind="disruption", crime_type="all", first_month=last, last_month=last
    )
    quiet, hit = (replace(simulated_panel, breaks=breaks) for breaks in (disruption.iloc[:0], disruption))
    assert judged_origins(quiet, 2) == [last - pd.DateOffset(months=12), last - pd.DateOffset(months=24)]
    assert judged_origins(hit, 2) == [last - pd.DateOffset(months=24), last - pd.DateOffset(months=36)]


def test_a_short_history_is_judged_on_its_last_year(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[29]
    short = replace(simulated_panel, offences=simulated_panel.offences.sel(month=slice(None, origin)))
    assert judged_origins(short, 3) == [simulated_panel.months[17]]


def test_one_rule_says_how_long_a_history_must_be() -> None:
    refuse_short_history(FEWEST_MONTHS)
    assert short_history(FEWEST_MONTHS) == ""
    with pytest.raises(InputError, match="holds 36 months; 42 are needed: 30 to learn from, and 12 to judge by"):
        refuse_short_history(36)
    docs = Path(__file__).resolve().parents[3] / "docs"
    assert f"needs {FEWEST_MONTHS} months: " in (docs / "bring-your-own-force.md").read_text(encoding="utf-8")
