"""The three-speed model on a force whose truth is known, and on London."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.recipes.baselines import SeasonalNaive
from models.recipes.catalogue import MODELS
from models.recipes.model import Model

pytestmark = pytest.mark.integration


def expectation(model: Model, panel: Panel, origin: pd.Timestamp, horizon: int = 12) -> np.ndarray:
    factors = model.factors(panel.as_known_at(origin))
    season, trend = factors.ahead(origin, horizon)
    return (factors.level * season * trend).transpose("ward", "crime_type", "month").to_numpy()


def test_shares_make_wards_add_up_to_the_force_path(simulated_panel: Panel) -> None:
    factors = MODELS["three-speed"].factors(simulated_panel)
    typical = factors.level.sum("ward")
    recent = simulated_panel.offences.isel(month=slice(-6, None)).sum("ward").mean("month")
    busy = recent > 30
    assert (typical / recent).where(busy, drop=True).to_numpy() == pytest.approx(1.0, abs=0.3)
    seasons = (factors.level * factors.season).sum("ward") / typical
    assert np.exp(np.log(seasons).mean("month_of_year")).to_numpy() == pytest.approx(1.0, abs=0.02)


def test_boroughs_whose_lost_wards_are_newly_told_keep_near_what_they_told(simulated_panel: Panel) -> None:
    """The force's total remembers better months; its own row, the largest, gives way before boroughs do."""
    every = simulated_panel.unlocated.copy()
    months = every.sizes["month"]
    newest = np.arange(months) == months - 1
    told = np.where(newest, 20.0, np.nan)
    force = every["area"].to_numpy() == every["area"].to_numpy()[-1]
    every[:] = np.where(force[:, None, None], np.where(newest, 200.0, 60.0), told)
    boroughs = int((~force).sum())
    factors = MODELS["three-speed"].factors(replace(simulated_panel, unlocated=every))
    common = simulated_panel.offences.sum(["ward", "month"]).to_series().idxmax()
    level = factors.unlocated.sel(crime_type=common)
    total = level.sum().item()
    of_boroughs = level.isel(area=slice(boroughs)).sum().item()
    assert 60 < total < 200 + 20 * boroughs
    assert of_boroughs > 1.1 * total * boroughs * 20 / (200 + boroughs * 20)
    assert of_boroughs < boroughs * 20


def test_it_comes_nearer_the_known_truth_than_the_counts_of_the_year_before(
    simulated_force: Path, simulated_panel: Panel
) -> None:
    """The truth is what the simulated force would have recorded but for chance."""
    truth = pd.read_parquet(simulated_force / "truth" / "offences.parquet")
    origin = simulated_panel.months[-13]
    truth = truth[truth["month"] > origin]
    cube = truth.pivot_table(index=["ward_code", "crime_type"], columns="month", values="expected", aggfunc="sum")
    order = pd.MultiIndex.from_product(
        [simulated_panel.offences["ward"].to_numpy(), simulated_panel.offences["crime_type"].to_numpy()]
    )
    known = cube.reindex(order).to_numpy().reshape(len(simulated_panel.areas), -1, 12)
    errors = {
        name: np.abs(expectation(MODELS[name], simulated_panel, origin) - known).sum() / known.sum()
        for name in ("three-speed", "seasonal-naive", "recent-mean")
    }
    assert errors["three-speed"] < 0.7 * errors["seasonal-naive"]
    assert errors["three-speed"] < errors["recent-mean"]


@pytest.mark.parametrize("origin", ["2015-03", "2017-03", "2022-09"])
def test_on_london_it_beats_seasonal_naive_by_a_fifth(london_panel: Panel, origin: str) -> None:
    month = pd.Timestamp(origin)
    came = london_panel.offences.sel(month=slice(month + pd.DateOffset(months=1), month + pd.DateOffset(months=12)))
    counts = came.transpose("ward", "crime_type", "month").to_numpy()
    ours, naive = (
        np.abs(expectation(model, london_panel, month) - counts).sum()
        for model in (MODELS["three-speed"], SeasonalNaive())
    )
    assert ours < 0.8 * naive
