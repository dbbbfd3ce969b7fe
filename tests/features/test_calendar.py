"""The calendar of months."""

from __future__ import annotations

import pandas as pd
import pytest

from features.calendar import calendar

pytestmark = pytest.mark.unit


def test_days_weekends_and_bank_holidays() -> None:
    found = calendar(pd.date_range("2024-01-01", "2025-12-01", freq="MS"))
    february = found.sel(month="2024-02-01")
    assert (int(february["days"]), int(february["weekend_days"]), int(february["bank_holidays"])) == (
        29,
        8,
        0,
    )
    december = found.sel(month="2025-12-01")
    assert (int(december["days"]), int(december["bank_holidays"])) == (31, 2)
    assert int(found["days"].sum()) == 366 + 365
    assert int(found["bank_holidays"].sum()) == 16
