"""Weeks: whole ones only, the newest as they were known, and how far they have filled up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.streams.week_calendar import week_columns
from features.streams.weeks import WeekPanel, week_panel

pytestmark = pytest.mark.unit
NO_SCHOOL = pd.DataFrame({name: pd.Series(dtype="datetime64[us]") for name in ("first_day", "last_day", "known_from")})


def days_of(weeks: int, *, rate: float = 400.0, delays: tuple[float, ...] = (1.0,), seed: int = 1) -> pd.DataFrame:
    """Counts a day in two areas, each recorded so many weeks later with these chances."""
    generator = np.random.default_rng(seed)
    days = pd.date_range("2022-01-03", periods=7 * weeks)
    rows = []
    for area in ("a", "b"):
        for late, chance in enumerate(delays):
            counts = generator.poisson(rate * chance / 7, len(days))
            rows.append(
                pd.DataFrame(
                    {"area_code": area, "start": days, "recorded": days + pd.Timedelta(weeks=late), "value": counts}
                )
            )
    table = pd.concat(rows, ignore_index=True).assign(series="all")
    return table[table["recorded"] <= days[-1]]


def test_only_whole_weeks_are_kept_and_every_count_is_in_its_week() -> None:
    days = days_of(4).drop(columns="recorded")
    cut = days[(days["start"] > "2022-01-04") & (days["start"] < "2022-01-28")]
    panel = week_panel(cut)
    assert list(panel.weeks) == [pd.Timestamp("2022-01-10"), pd.Timestamp("2022-01-17")]
    inside = cut["start"].between("2022-01-10", "2022-01-23")
    assert panel.recorded().sum() == cut.loc[inside, "value"].sum()


def test_the_share_that_is_recorded_is_found_again() -> None:
    panel = week_panel(days_of(40, delays=(0.6, 0.3, 0.1)))
    share = panel.completeness()[0]
    assert share[:-3] == pytest.approx(1.0)
    assert share[-1] == pytest.approx(0.6, abs=0.03)
    assert share[-2] == pytest.approx(0.9, abs=0.03)


def test_a_past_origin_knows_what_had_been_recorded_by_then_and_no_more() -> None:
    days = days_of(30, delays=(0.5, 0.3, 0.2))
    origin = 20
    sunday = pd.Timestamp("2022-01-03") + pd.Timedelta(weeks=origin + 1) - pd.Timedelta(days=1)
    then = week_panel(days[days["recorded"] <= sunday], until=sunday)
    known = week_panel(days).as_known_at(origin)
    np.testing.assert_array_equal(known.recorded(), then.recorded())
    np.testing.assert_allclose(known.completeness(), then.completeness())


def test_holidays_are_in_their_weeks() -> None:
    weeks = pd.date_range("2024-03-18", periods=4, freq="7D")
    school = pd.DataFrame({"first_day": ["2024-03-29"], "last_day": ["2024-04-12"], "known_from": ["2023-01-01"]})
    columns = week_columns(weeks, ("GB", "ENG"), school.apply(pd.to_datetime))
    assert columns[:, -2].tolist() == [0, 1, 1, 0], "Good Friday and Easter Monday"
    assert columns[:, -1] == pytest.approx([0, 3 / 7, 1, 5 / 7])


def test_school_holidays_not_yet_announced_are_not_known() -> None:
    school = pd.DataFrame(
        {"first_day": ["2022-05-30"] * 2, "last_day": ["2022-06-05"] * 2, "known_from": ["2021-01-01", "2022-03-01"]}
    ).apply(pd.to_datetime)
    panel: WeekPanel = week_panel(days_of(20), school_holidays=school)
    assert len(panel.as_known_at(3).school_holidays) == 1
    assert len(panel.as_known_at(19).school_holidays) == 2
