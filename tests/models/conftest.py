"""Score tables made up to order, for whatever compares forecasts; and the simulated force's true rates by age."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from models.people.age_rates import AgeRates

ScoresOf = Callable[..., pd.DataFrame]
LEVELS = [("ward", "minor"), ("force", "all"), ("unlocated", "minor")]


def score_table(wis: np.ndarray, origins: tuple[str, ...] = ("2020-03", "2021-11"), **columns: float) -> pd.DataFrame:
    """Return a score table with the WIS of each level, (level, origin, step), as shares of 1000 offences a month."""
    rows = []
    for level, (area_level, crime_level) in enumerate(LEVELS):
        for place, origin in enumerate(origins):
            labels = {"origin": pd.Timestamp(origin), "area_level": area_level, "crime_level": crime_level}
            numbers = {"cells": 600, "offences": 1000, "wape": 1.5 * wis[level, place].mean(), "naive_wape": 0.5}
            numbers |= {"coverage_80_randomised": 0.8} | columns
            rows.append(
                {**labels, "period": "month", "group": "overall", "group_value": "all", "wis": np.nan, **numbers}
            )
            for step, value in enumerate(wis[level, place], start=1):
                rows.append(
                    {**labels, "period": "month", "group": "horizon", "group_value": str(step), "wis": value, **numbers}
                )
    return pd.DataFrame(rows)


@pytest.fixture
def scores_of() -> ScoresOf:
    """The maker of score tables."""
    return score_table


@pytest.fixture
def swings() -> np.ndarray:
    """The WIS of each level, origin and step, which swings from month to month."""
    return np.random.default_rng(4).uniform(0.1, 0.5, (3, 2, 12))


@pytest.fixture(scope="session")
def true_age_rates(simulated_force: Path) -> AgeRates:
    """The simulated force's true rates by age, every sample the same; victims of theft from shops are not people."""
    truth = simulated_force / "truth"
    types = pd.read_parquet(truth / "crime_types.parquet").set_index("crime_type")
    long = pd.read_parquet(truth / "age_rates.parquet").set_index(["basis", "crime_type", "age"])["rate"]
    rate = long.to_xarray().sel(basis=["victim", "suspect"], crime_type=types.index.to_numpy())
    known = xr.DataArray(
        [types[f"{basis}_age_known"].to_numpy() for basis in ("victim", "suspect")],
        dims=("basis", "crime_type"),
        coords={"basis": rate["basis"], "crime_type": rate["crime_type"]},
    )
    rows = [
        (crime_type, basis, "measured" if float(known.sel(basis=basis, crime_type=crime_type)) else "none", "truth", "")
        for crime_type in types.index
        for basis in ("victim", "suspect")
    ]
    return AgeRates(
        rate=rate,
        samples=rate.expand_dims(sample=7),
        known_share=known,
        known_share_samples=known.expand_dims(sample=7),
        quality=pd.DataFrame(rows, columns=["crime_type", "basis", "quality", "source", "note"]),
    )
