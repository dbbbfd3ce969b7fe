"""Steps that nobody listed are found, seldom where there are none, and widen intervals until they are listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.panel import Panel
from models.recipes.baselines import RecentMean
from models.uncertainty.found_steps import AFTER, THRESHOLD, _scale, differences, doubt, found_steps
from models.uncertainty.variances import estimate_noise

pytestmark = pytest.mark.integration
FIRST = -5


def stepped(panel: Panel, crime_type: str, factor: float, first: int = FIRST) -> Panel:
    """Return the panel with offences of a crime type multiplied from a month on."""
    there = (panel.offences["crime_type"] == crime_type) & (panel.offences["month"] >= panel.months[first])
    return replace(panel, offences=(panel.offences * xr.where(there, factor, 1.0)).astype(np.int32))


@pytest.fixture(scope="module")
def common(simulated_panel: Panel) -> str:
    totals = simulated_panel.offences.sum(["ward", "month"]).to_series()
    return str(totals.idxmax())


@pytest.mark.parametrize("factor", [0.4, 2.0])
def test_a_step_is_found_where_it_is(simulated_panel: Panel, common: str, factor: float) -> None:
    found = found_steps(stepped(simulated_panel, common, factor)).set_index("crime_type")
    assert common in found.index
    months = simulated_panel.months
    assert abs(months.get_loc(found.loc[common, "first_month"]) - months.get_loc(months[FIRST])) <= 1
    assert found.loc[common, "size"] == pytest.approx(np.log(factor), abs=0.25)


def test_a_step_that_is_listed_is_not_found_again(simulated_panel: Panel, common: str) -> None:
    panel = stepped(simulated_panel, common, 2.0)
    row = {"event": "Made", "force_code": "all", "kind": "step", "crime_type": common, "evidence": "made"}
    month = panel.months[FIRST]
    listed = pd.DataFrame([row | {"first_month": month, "last_month": pd.NaT, "known_from": month}])
    panel = replace(panel, breaks=pd.concat([panel.breaks, listed], ignore_index=True))
    assert common not in set(found_steps(panel)["crime_type"])


def test_series_without_steps_raise_one_alarm_in_five_hundred_months_at_most() -> None:
    generator = np.random.default_rng(0)
    series, months = 200, 120
    # Heavy tails: Student's t of four degrees of freedom.
    walk = np.cumsum(generator.standard_t(4, (series, months)) * 0.02, axis=1)
    difference = differences(walk + generator.normal(0, 0.03, walk.shape), np.ones(months, dtype=bool))
    alarms = judged = 0
    for newest in range(60, months - AFTER + 1):
        score = np.abs(difference[:, newest]) / _scale(difference[:, : newest + 1])
        alarms, judged = alarms + int((score > THRESHOLD).sum()), judged + series
    assert 0 < alarms < judged / 500


def test_a_step_of_six_usual_differences_is_found_nine_times_in_ten() -> None:
    generator = np.random.default_rng(1)
    series, first = 500, 100
    walk = np.cumsum(generator.standard_t(4, (series, first + AFTER)) * 0.02, axis=1)
    walk += generator.normal(0, 0.03, walk.shape)
    usual = np.ones(walk.shape[1], dtype=bool)
    scale = _scale(differences(walk[:, :first], usual[:first]))
    for size, least, most in ((6.0, 0.85, 1.0), (3.0, 0.0, 0.15)):
        stepped_walk = walk + np.where(np.arange(walk.shape[1]) >= first, size, 0.0) * scale[:, None]
        difference = differences(stepped_walk, usual)
        found = np.abs(difference[:, first]) / _scale(difference) > THRESHOLD
        assert least <= found.mean() <= most


def test_short_histories_find_nothing(simulated_panel: Panel) -> None:
    short = simulated_panel.as_known_at(simulated_panel.months[26])
    assert found_steps(short).empty
    assert found_steps(short).dtypes["first_month"] == simulated_panel.months.dtype
    assert doubt(found_steps(short), np.array(["A"])).tolist() == [0.0]


def test_a_step_in_doubt_widens_its_crime_type_alone(simulated_panel: Panel, common: str) -> None:
    panel = stepped(simulated_panel, common, 2.0)
    size = float(found_steps(panel).set_index("crime_type").loc[common, "size"])
    level = {"component": "force", "part": "level"}
    now, before = (estimate_noise(RecentMean(), one).own.sel(level) for one in (panel, simulated_panel))
    assert now.sel(crime_type=common).item() > 0.9 * (size / 2) ** 2
    others = now["crime_type"] != common
    assert now[others].to_numpy() == pytest.approx(before[others].to_numpy(), rel=0.6)


def test_london_has_no_step_beside_those_listed_but_two(london_panel: Panel) -> None:
    found = pd.concat([found_steps(london_panel.as_known_at(month)) for month in london_panel.months[60::6]])
    assert set(zip(found["crime_type"], found["first_month"].dt.strftime("%Y-%m"), strict=True)) <= {
        ("INTERFERING WITH A MOTOR VEHICLE", "2014-04"),
        ("SHOPLIFTING", "2023-01"),
        ("BURGLARY BUSINESS AND COMMUNITY", "2017-03"),
    }
