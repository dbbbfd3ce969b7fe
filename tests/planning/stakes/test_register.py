"""A risk register: likelihood and trend are the draws', words and weights the force's, and ranks have intervals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from planning.assumed import Errors
from planning.folder.contracts import no_rows_of
from planning.folder.stakes.risk_scales import IMPACTS, RiskScales, read_scales
from planning.stakes.register import score
from planning.stakes.register_tables import Counts, register_tables

pytestmark = pytest.mark.unit
DRAWS = 200
TYPES = ["THEFT", "ROBBERY"]


@pytest.fixture
def scales() -> RiskScales:
    return read_scales(None)


def register(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Return rows of a register, what is not said filled in."""
    filled: dict[str, object] = dict.fromkeys(IMPACTS, "moderate")
    filled |= {"crimes": "", "likelihood": "", "capacity": "mostly met", "capability": "good", "confidence": "high"}
    filled |= {"scored_by": "panel", "scored_on": "2025-03-01", "quality": "measured", "of_force": True}
    filled |= dict.fromkeys(("lead", "prevention", "intelligence", "enforcement"), "")
    return pd.DataFrame([{**filled, **row} for row in rows])


def counts(theft: float, robbery: float, spread: float = 0.0) -> Counts:
    off = np.exp(spread * np.random.default_rng(1).normal(size=DRAWS))
    first = np.array([[theft], [robbery]]) * off
    return Counts(first, np.array([theft, robbery * 2.0]), TYPES, {}, no_rows_of("streams"))


def tables(rows: pd.DataFrame, of: Counts, scales: RiskScales, before: pd.DataFrame | None = None):
    earlier = no_rows_of("risk_before") if before is None else before
    return register_tables(rows, earlier, scales, of, Errors(DRAWS, 1), "2025-03-abcdef12")


def test_likelihood_and_trend_are_those_of_the_draws(scales: RiskScales) -> None:
    rows = register({"threat": "Theft", "crimes": "THEFT"}, {"threat": "Robbery", "crimes": "ROBBERY"})
    found = tables(rows, counts(5_000, 40), scales)["risks"].set_index("threat")
    assert found.loc["Theft", ["likelihood", "trend"]].tolist() == ["very frequent", "steady"]
    assert found.loc["Robbery", ["likelihood", "trend"]].tolist() == ["occasional", "falling"]
    assert found.loc["Theft", "rank"] == 1
    both = tables(register({"threat": "Both", "crimes": "THEFT + ROBBERY"}), counts(3_640, 15), scales)["risks"]
    assert both["a_year"].iloc[0] == pytest.approx(3_655)
    assert both["likelihood"].iloc[0] == "very frequent"


def test_a_threat_of_no_crime_type_has_its_own_word_and_no_trend(scales: RiskScales) -> None:
    found = tables(register({"threat": "Cyber", "likelihood": "frequent"}), counts(10, 10), scales)["risks"].iloc[0]
    assert (found["likelihood"], found["trend"]) == ("frequent", "not told")
    assert np.isnan(found["a_year"])


def test_what_is_sure_has_one_rank_and_what_is_not_has_an_interval(scales: RiskScales) -> None:
    grave = dict.fromkeys(IMPACTS, "severe")
    rows = register({"threat": "Grave", "crimes": "THEFT", **grave}, {"threat": "Slight", "crimes": "ROBBERY"})
    sure = tables(rows, counts(5_000, 13), scales)["risks"].set_index("threat")
    assert sure[["rank", "rank_q10", "rank_q90"]].to_numpy().tolist() == [[1, 1, 1], [2, 2, 2]]
    alike = register({"threat": "One", "crimes": "THEFT"}, {"threat": "Other", "crimes": "THEFT", "confidence": "low"})
    unsure = tables(alike, counts(5_000, 13), scales)["risks"]
    assert unsure["rank_q10"].tolist() == [1, 1]
    assert unsure["rank_q90"].tolist() == [2, 2]


def test_more_of_a_threat_never_lowers_its_risk(scales: RiskScales) -> None:
    rows = register({"threat": "Theft", "crimes": "THEFT"})
    risks = [
        score(rows, {"Theft": np.full(DRAWS, float(number))}, {"Theft": 100.0}, scales, Errors(DRAWS, 1), DRAWS).risk
        for number in (0, 5, 100, 1e3, 1e4, 1e6)
    ]
    for fewer, more in pairwise(risks):
        assert (more >= fewer).all()


def test_the_planted_order_is_found_again_through_scores_that_err(scales: RiskScales) -> None:
    """Twelve threats of known impact, whose scores a panel got wrong by its stated spread: ranks hold the truth."""
    generator = np.random.default_rng(4)
    words = list(scales.impact)
    true = generator.uniform(0.6, 3.4, 12)
    inside = 0
    for _ in range(8):
        said = np.clip(np.round(true + generator.normal(0, 0.5, 12)), 0, 4).astype(int)
        rows = register(
            *[
                {"threat": f"t{place}", "crimes": "THEFT", "confidence": "medium", **dict.fromkeys(IMPACTS, words[one])}
                for place, one in enumerate(said)
            ]
        )
        found = tables(rows, counts(5_000, 13), scales)["risks"].set_index("threat")
        ranks = pd.Series(true).rank(ascending=False)
        inside += sum(
            found.loc[f"t{place}", "rank_q10"] - 1 <= rank <= found.loc[f"t{place}", "rank_q90"] + 1
            for place, rank in enumerate(ranks)
        )
    assert 0.7 <= inside / 96 < 1  # 80 % intervals, a place wider for scores in whole words


def test_what_moved_since_the_last_register_is_told_with_its_chance(scales: RiskScales) -> None:
    rows = register(
        {"threat": "Theft", "crimes": "THEFT"},
        {"threat": "Robbery", "crimes": "ROBBERY"},
        {"threat": "Cyber", "likelihood": "rare"},
    )
    then = [("Robbery", 1, 9.0, "frequent"), ("Theft", 2, 5.0, "occasional"), ("Gone", 3, 1.0, "rare")]
    before = pd.DataFrame(then, columns=["threat", "rank", "score", "likelihood"]).assign(release="2024-09-00000000")
    moves = tables(rows, counts(5_000, 40), scales, before)["risk_moves"].set_index("threat")
    assert moves["moved"].to_dict() == {"Theft": "up", "Robbery": "down", "Cyber": "new", "Gone": "gone"}
    assert moves.loc["Theft", "chance"] > 0.9
    assert moves.loc["Robbery", "likelihood_before"] == "frequent"


def test_a_worked_example_stays_one_in_a_folder_of_the_force(scales: RiskScales) -> None:
    rows = register(
        {"threat": "Theft", "crimes": "THEFT", "scored_by": "worked example"},
        {"threat": "Robbery", "crimes": "ROBBERY"},
    )
    found = tables(rows, counts(5_000, 40), scales)
    assert found["risks"].set_index("threat")["of_force"].to_dict() == {"Theft": False, "Robbery": True}


def test_a_register_kept_is_read_as_the_one_before(scales: RiskScales) -> None:
    rows = register({"threat": "Theft", "crimes": "THEFT"}, {"threat": "Robbery", "crimes": "ROBBERY"})
    kept = tables(rows, counts(5_000, 40), scales)["risk_to_keep"]
    moves = tables(rows, counts(5_000, 40), scales, kept)["risk_moves"]
    assert set(moves["moved"]) == {"same"}


def test_the_control_strategy_is_the_first_places_and_those_that_may_well_belong(scales: RiskScales) -> None:
    scales = scales.model_copy(update={"top": 1})
    alike = register({"threat": "One", "crimes": "THEFT"}, {"threat": "Other", "crimes": "THEFT"})
    slight = register({"threat": "Slight", "crimes": "ROBBERY", **dict.fromkeys(IMPACTS, "no harm"), "lead": "nobody"})
    found = tables(pd.concat([alike, slight], ignore_index=True), counts(5_000, 13), scales)["control_strategy"]
    assert found["standing"].tolist() == ["probable", "contender"]
    assert "Slight" not in set(found["threat"])
