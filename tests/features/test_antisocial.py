"""Anti-social behaviour stands alone: its own panel, whole months, and nothing of crime in it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from features.antisocial import ANTISOCIAL, antisocial_panel
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.unit


def test_incidents_are_counted_in_every_month_of_the_history(simulated_tables: ForceTables) -> None:
    ward, code = simulated_tables.areas["ward_code"].iloc[3], simulated_tables.force.code
    month = pd.Timestamp("2024-05-01")
    incidents = pd.DataFrame(
        {"area_code": [ward, code, ward], "month": [month, month, "2024-07-01"], "count": [5, 2, 1]}
    )
    incidents["month"] = pd.to_datetime(incidents["month"]).astype("datetime64[us]")
    panel = antisocial_panel(replace(simulated_tables, antisocial_behaviour=incidents))
    assert panel is not None
    assert list(panel.offences["crime_type"].values) == [ANTISOCIAL]
    assert len(panel.months) == simulated_tables.offences["month"].nunique()
    assert int(panel.offences.sum()) == 6
    assert int(panel.offences.sel(ward=ward, month=month).sum()) == 5
    assert float(panel.unlocated.sel(area=code, month=month).sum()) == 2
    assert float(panel.unlocated.sel(area=code, month="2024-06-01").sum()) == 0


def test_without_incidents_there_is_no_panel(simulated_tables: ForceTables) -> None:
    assert antisocial_panel(simulated_tables) is None
