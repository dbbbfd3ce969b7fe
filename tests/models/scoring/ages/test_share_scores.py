"""Scores of shares of ages: known errors, peers from what was public at the origin, and tables that are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.scoring.ages.share_scores import score_shares, score_sums
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

BANDS = [(0, 17), (18, 64), (65, 90)]


def evidence(counts: dict[int, list[int]]) -> pd.DataFrame:
    """Return evidence of one series by years that end in March."""
    rows = [
        (low, high, pd.Timestamp(f"{year - 1}-04-01"), pd.Timestamp(f"{year}-03-01"), count)
        for year, people in counts.items()
        for (low, high), count in zip(BANDS, people, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["age_low", "age_high", "first_month", "last_month", "count"])
    known = table["last_month"] + pd.offsets.MonthEnd(0)
    return table.assign(basis="victim", source="incidents", crime_type="ROBBERY", known_from=known)


def shares(shares: list[float], people: float = 1000.0) -> pd.DataFrame:
    """Return a table of one origin, March 2023, with draws as of so many people."""
    drawn = np.random.default_rng(1).dirichlet(people * np.array(shares), size=400).T
    return pd.DataFrame(
        {
            "origin": pd.Timestamp("2023-03-01"),
            "basis": "victim",
            "source": "incidents",
            "series": "ROBBERY",
            "quality": "measured",
            "first_month": pd.Timestamp("2023-04-01"),
            "last_month": pd.Timestamp("2024-03-01"),
            "age_low": [low for low, _ in BANDS],
            "age_high": [high for _, high in BANDS],
            "share": shares,
            "draws": list(drawn),
        }
    )


COUNTS = {2021: [0, 100, 0], 2022: [0, 100, 0], 2023: [20, 60, 20], 2024: [30, 50, 20], 2025: [90, 5, 5]}


def test_errors_are_shares_of_people_in_a_wrong_band() -> None:
    scores = score_shares(shares([0.3, 0.4, 0.3]), evidence(COUNTS))
    assert len(scores) == 1
    row = scores.iloc[0]
    assert (row["year"], row["people"]) == (1, 100)
    assert row["error"] == pytest.approx(0.1)
    assert row["last_year"] == pytest.approx(0.1)  # .2, .6, .2 against .3, .5, .2
    assert row["three_years"] == pytest.approx((0.3 - 20 / 300) + (0.2 - 20 / 300))


def test_what_came_after_the_origin_moves_no_peer() -> None:
    later = COUNTS | {2025: [1, 1, 10_000]}
    first, second = (score_shares(shares([0.3, 0.4, 0.3]), evidence(counts)) for counts in (COUNTS, later))
    pd.testing.assert_frame_equal(first, second)


def test_a_year_that_is_not_whole_is_not_scored() -> None:
    short = evidence(COUNTS)
    short = short[short["last_month"] < "2024-03-01"]
    assert score_shares(shares([0.3, 0.4, 0.3]), short).empty


def test_honest_draws_hold_eighty_per_cent() -> None:
    generator = np.random.default_rng(5)
    found = []
    for _ in range(60):
        truth = generator.dirichlet(200 * np.array([0.3, 0.4, 0.3]))
        came = COUNTS | {2024: generator.multinomial(500, truth).tolist()}
        found.append(score_shares(shares([0.3, 0.4, 0.3], 200), evidence(came))["coverage_80"].iloc[0])
    assert 0.72 < np.mean(found) < 0.88


def test_sums_name_the_better_peer_and_how_sure_it_is() -> None:
    scores = pd.concat(
        [score_shares(shares([0.3, 0.5, 0.2]), evidence(COUNTS)).assign(origin=f"20{year}") for year in range(10, 18)]
    )
    sums = score_sums(scores, ["basis"]).iloc[0]
    assert (sums["series"], sums["origins"], sums["people"]) == (1, 8, 800)
    assert sums["better_peer"] == pytest.approx(-0.1)
    assert sums["from"] <= sums["better_peer"] <= sums["to"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share": [0.3, 0.4, 0.4]}, "add up to one"),
        ({"share": [0.3, np.nan, 0.7]}, "missing"),
        ({"age_low": [0, 10, 65]}, "overlap"),
        ({"basis": "witness"}, "victim or suspect"),
        ({"first_month": "soon"}, "month"),
        ({"draws": [[0.1], [0.2, 0.3], [0.1]]}, "numbers of draws"),
    ],
)
def test_tables_that_cannot_be_scored_are_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        score_shares(shares([0.3, 0.4, 0.3]).assign(**change), evidence(COUNTS))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="lacks a column") as refused:
        score_shares(shares([0.3, 0.4, 0.3]).drop(columns="source"), evidence(COUNTS))
    assert refused.value.column == "source"
