"""A step in recording within the last year is taken out of the comparison, and every break is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from features.arrivals import COLUMNS, known_breaks
from features.breaks import load_breaks
from publication.numbers import steps
from publication.numbers.steps import adjusted_comparisons, breaks_for_page

pytestmark = pytest.mark.unit

STEP = pd.DataFrame(
    {
        "event": ["A step of arson"],
        "force_code": ["all"],
        "kind": ["step"],
        "crime_type": ["ARSON"],
        "first_month": [pd.Timestamp("2024-10-01")],
        "last_month": [pd.NaT],
        "known_from": [pd.Timestamp("2024-10-31")],
        "evidence": ["made up"],
    }
)


def stepped(publication: Any) -> Any:
    """Arson at 10 a month before October 2024 and at 30 since, forecast at 360 a year: the step, and no rise."""
    ward = publication.areas["ward_code"].iloc[0]
    months = pd.date_range("2023-04-01", "2025-03-01", freq="MS", unit="us")
    counts = pd.DataFrame({"ward_code": ward, "crime_type": "ARSON", "month": months})
    counts["count"] = [10 if month < pd.Timestamp("2024-10-01") else 30 for month in months]
    every = publication.all_recorded
    flat = (every["crime_type"] == "ARSON") & (every["period"] == "year") & (every["area_level"] == "force")
    every = every.assign(q50=every["q50"].where(~flat, 360))
    return replace(
        publication,
        offences=counts,
        unlocated_offences=publication.unlocated_offences.iloc[:0],
        all_recorded=every,
    ).contents()


def test_a_step_is_told_as_a_step_and_not_as_a_rise(publication: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "load_breaks", lambda force_code: STEP)
    (sentence,) = adjusted_comparisons(stepped(publication))
    assert "+50.0\N{NO-BREAK SPACE}% on the last twelve months, of which 6 came before the step" in sentence
    assert "+0.0\N{NO-BREAK SPACE}% on the pace of the 6 months since it (360 a year)" in sentence
    monkeypatch.setattr(steps, "load_breaks", lambda force_code: STEP.assign(first_month=pd.Timestamp("2022-10-01")))
    assert adjusted_comparisons(stepped(publication)) == []


def test_charts_get_the_breaks_of_their_months(publication: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "load_breaks", lambda force_code: STEP)
    (told,) = breaks_for_page(publication.contents(), pd.Timestamp("2023-01-01"))
    assert told == {"event": "A step of arson", "kind": "step", "type": "ARSON", "first": "2024-10", "last": ""}
    assert breaks_for_page(publication.contents(), pd.Timestamp("2024-11-01")) == []


def test_alerts_know_every_break_up_to_the_last_month(publication: Any) -> None:
    london = load_breaks(force_code="E23000001")
    alerts = known_breaks(london, publication.areas, pd.Timestamp("2025-03-01"))
    assert list(alerts.columns) == COLUMNS
    assert len(alerts) == len(london)
    assert alerts["said"].str.contains("Second step of trafficking").any()
    assert alerts["said"].str.contains("to August 2024").any()
    assert known_breaks(london, publication.areas, pd.Timestamp("2010-01-01")).empty
