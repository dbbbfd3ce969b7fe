"""Forecasts of weeks: no leak, newest weeks that fill up are no fall, better than the simplest, honest intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.streams.weeks import WeekPanel, week_panel
from models.streams.weeks import MeanOfWeeks, WeeklyPath, agree_with_months, forecast_weeks
from models.streams.weeks_backtest import backtest_weeks, draw_weeks
from sources.files.errors import InputError
from tests.features.streams.test_weeks import days_of

pytestmark = pytest.mark.integration


def seasonal(years: int = 5) -> WeekPanel:
    """Areas whose counts swing by a third over the year, with a bank holiday effect, around a drifting level."""
    generator = np.random.default_rng(5)
    days = pd.date_range("2015-01-05", periods=7 * 52 * years)
    swing = 1 + 0.33 * np.cos((days.day_of_year.to_numpy() - 200) * 2 * np.pi / 365)
    drift = np.exp(np.cumsum(generator.normal(0, 0.004, len(days))))
    rows = [
        pd.DataFrame(
            {"area_code": f"{area:02}", "start": days, "value": generator.poisson(4 * (1 + area / 4) * swing * drift)}
        )
        for area in range(6)
    ]
    return week_panel(pd.concat(rows).assign(series="all"))


@pytest.fixture(scope="module")
def panel() -> WeekPanel:
    return seasonal()


def test_no_week_sees_past_its_origin(panel: WeekPanel) -> None:
    origin = 200
    counts = panel.counts.copy()
    counts[:, :, origin + 1 :] = 999
    made = [forecast_weeks(each.as_known_at(origin)) for each in (panel, replace(panel, counts=counts))]
    np.testing.assert_array_equal(made[0].forecast.mean, made[1].forecast.mean)
    np.testing.assert_array_equal(made[0].forecast.noise.own, made[1].forecast.noise.own)


def test_weeks_beat_the_simplest_and_their_intervals_hold(panel: WeekPanel) -> None:
    cells = backtest_weeks(panel, range(140, 246, 15), draws=200)
    scores = cells.groupby(["area_level", "period", "model"])["wis"].sum()
    for level in ("area", "force"):
        ours = scores[level, "week", "weekly-path"]
        assert ours < scores[level, "week", "seasonal-naive"]
        assert ours < scores[level, "week", "mean-of-8"]
    own = cells[cells["model"] == "weekly-path"]
    assert 0.7 < own.loc[(own["area_level"] == "area") & (own["period"] == "week"), "covered"].mean() < 0.9


def test_draws_of_areas_add_up_to_whole_numbers(panel: WeekPanel) -> None:
    made = forecast_weeks(panel)
    draws = draw_weeks(made, draws=300, seed=1)["all"]
    assert draws.shape == (6, 13, 300)
    assert draws.dtype.kind == "i"
    assert abs(draws.mean() / float(made.forecast.mean.mean()) - 1) < 0.03


def test_weeks_that_still_fill_up_are_not_read_as_a_fall() -> None:
    panel = week_panel(days_of(80, delays=(0.55, 0.3, 0.15)))
    told = MeanOfWeeks().expected(panel, 4).sum(axis=0).mean()
    ours = WeeklyPath().expected(panel, 4).sum(axis=0).mean()
    assert panel.recorded().sum(axis=0)[0, -1] < 0.65 * 800
    assert told == pytest.approx(800, rel=0.05)
    assert ours == pytest.approx(800, rel=0.05)


def test_weeks_agree_with_the_months_where_both_are_forecast() -> None:
    weeks = pd.date_range("2025-03-31", periods=9, freq="7D")
    by_week = np.full((2, 9), 70.0)
    months = pd.DatetimeIndex(["2025-04-01", "2025-05-01"])
    by_month = np.array([[330.0, 310.0], [240.0, 310.0]])
    agreed = agree_with_months(by_week, weeks, by_month, months)
    assert agreed[0, 1] == pytest.approx(77), "a week within April takes its 11 a day"
    assert agreed[1, 1] == pytest.approx(56)
    assert agreed[0, 4] == pytest.approx(3 * 11 + 4 * 10), "the week of 28 April lies in both"
    assert agreed[:, 6] == pytest.approx([70, 70])


def test_a_few_weeks_are_too_few() -> None:
    with pytest.raises(InputError, match="too few"):
        forecast_weeks(week_panel(days_of(28)))


def test_chicago_is_forecast_better_than_by_the_simplest(london: Path) -> None:
    days = pd.read_csv(london / "planning/chicago_aggravated_assault_daily_by_district.csv.gz")
    days = days[days["district"] != 31].rename(columns={"district": "area_code", "n": "value"})
    panel = week_panel(days.assign(start=pd.to_datetime(days["date"]), series="all"), country=("US", "IL"))
    cells = backtest_weeks(panel, [300, 404], draws=100)
    wis = cells[cells["period"] == "week"].groupby(["area_level", "model"])["wis"].sum()
    assert wis["area", "weekly-path"] < min(wis["area", "seasonal-naive"], wis["area", "mean-of-8"])
