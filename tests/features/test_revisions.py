"""Revisions of the newest month, from editions that overlap."""

from __future__ import annotations

import pandas as pd
import pytest

from features.panel import Panel
from features.revisions import newest_month_revisions, typical_revision

MONTHS = pd.to_datetime(["2023-10", "2023-11", "2024-01", "2024-02", "2024-03"])
OVERLAPS = pd.DataFrame(
    {
        "dataset": ["later", "later", "newest", "newest", "also newest"],
        "other": ["first", "first", "later", "later", "newest"],
        "month": MONTHS,
        "difference": [0.001, 0.006, 0.0, -0.008, 0.0],
    }
)


@pytest.mark.unit
def test_only_newest_months_that_a_later_edition_gives_count() -> None:
    found = newest_month_revisions(OVERLAPS, MONTHS[-1])
    assert list(found["month"]) == [MONTHS[1], MONTHS[3]]
    assert typical_revision(found) == pytest.approx(((0.006**2 + 0.008**2) / 2) ** 0.5)


@pytest.mark.unit
def test_no_overlap_means_nothing_is_known() -> None:
    assert typical_revision(newest_month_revisions(OVERLAPS.iloc[:0], MONTHS[-1])) == 0.0


@pytest.mark.unit
def test_months_of_the_past_have_their_revisions_behind_them(simulated_panel: Panel) -> None:
    panel = simulated_panel
    assert len(panel.as_known_at(panel.last_month).revisions) == len(panel.revisions) > 0
    assert panel.as_known_at(panel.months[-2]).revisions.empty


@pytest.mark.integration
def test_londons_newest_months_were_revised_by_less_than_a_hundredth(london_panel: Panel) -> None:
    assert 0.001 < typical_revision(london_panel.revisions) < 0.01
