"""Bands of age: every label a publisher uses is told, and what no label can mean is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.ages.bands import age_band, whole, with_bands
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

FILE = Path("ages.csv")


@pytest.mark.parametrize(
    ("label", "band"),
    [
        ("10 - 17 years", (10, 17)),
        ("Under 10 years", (0, 9)),
        ("21 years and over", (21, 120)),
        ("Aged 10 to 19 years", (10, 19)),
        ("Aged 80+", (80, 120)),
        ("65 and over", (65, 120)),
        ("0 to 12", (0, 12)),
        ("over 34", (35, 120)),
        ("18-24", (18, 24)),
        ("90+", (90, 120)),
        ("7", (7, 7)),
        ("Child", (10, 17)),
        ("Unknown", None),
        ("nan", None),
    ],
)
def test_labels_are_told(label: str, band: tuple[int, int] | None) -> None:
    assert age_band(label, FILE) == band


@pytest.mark.parametrize("label", ["110 to 130", "-5 to 9", "121", "-1", "30 to 20", "youth", "over 150", "9" * 5_000])
def test_ages_that_nobody_has_are_refused(label: str) -> None:
    with pytest.raises(InputError) as refused:
        age_band(label, FILE, row=7)
    assert refused.value.value == label
    assert refused.value.row == 7


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (["0 to 17", "17 to 24", "25+"], "overlap"),
        (["0 to 17", "19 to 24", "25+"], "missing"),
        (["10 to 17", "18 to 24"], "ends before 90"),
        (["Unknown"], "ends before 90"),
    ],
)
def test_bands_follow_one_another(labels: list[str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        with_bands(pd.DataFrame({"age": labels, "count": 1}), "age", FILE)


@given(st.sets(st.integers(1, 89), max_size=12))
def test_any_bands_that_cover_the_ages_once_are_taken(cuts: set[int]) -> None:
    starts = [0, *sorted(cuts)]
    labels = [f"{low} to {high - 1}" for low, high in zip(starts, [*starts[1:], 91], strict=True)]
    table = with_bands(pd.DataFrame({"age": labels}), "age", FILE)
    assert (table["age_high"] - table["age_low"] + 1).sum() == 91


def test_bands_above_ninety_are_one() -> None:
    table = with_bands(pd.DataFrame({"age": ["0 to 89", "90 to 94", "95+"], "count": [1, 2, 3]}), "age", FILE)
    summed = whole(table.assign(month=1), ["month"])
    assert summed[["age_low", "age_high", "count"]].to_numpy().tolist() == [[0, 89, 1], [90, 90, 5]]
