"""Residents by age group of a release: estimates, then a scenario, or estimates alone."""

from __future__ import annotations

import pandas as pd
import pytest

from features.panel import Panel
from features.population.age_groups import AgeGroup
from pipelines.steps.demography import SCENARIOS, _residents_by_group

pytestmark = pytest.mark.unit

GROUPS = [AgeGroup("under 18", 0, 17), AgeGroup("18 and over", 18, 90)]


@pytest.mark.parametrize("years_ahead", [-1, 0, 2])
def test_a_forecast_may_end_before_the_newest_estimate(simulated_panel: Panel, years_ahead: int) -> None:
    newest = int(simulated_panel.ward_population["year"].max())
    table = _residents_by_group(simulated_panel, newest + years_ahead, GROUPS)
    assert table.loc[table["variant"] == "estimate", "year"].max() == newest
    ahead = table[table["variant"].isin(SCENARIOS)]
    assert sorted(ahead["year"].unique()) == list(range(newest + 1, newest + 1 + max(years_ahead, 0)))
    assert isinstance(table, pd.DataFrame)
    assert (table["persons"] >= 0).all()
