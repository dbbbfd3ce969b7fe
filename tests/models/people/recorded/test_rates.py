"""Rates of an extract, whatever it holds: finite, inside their intervals, and never far above what was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from models.people.recorded.rates import STARTS, recorded_rates

pytestmark = pytest.mark.unit

AGES = np.arange(91)
RESIDENTS = xr.DataArray(
    np.tile(np.linspace(3000, 200, 91)[:, np.newaxis], 8),
    dims=("age", "year"),
    coords={"age": AGES, "year": range(2017, 2025)},
)
SHAPE = np.exp(-((np.log((AGES + 6) / 30) / 0.6) ** 2) / 2) + 0.02


def rows(people: np.ndarray, last: int = 2024) -> pd.DataFrame:
    """Return the evidence of one type: people (year, age), the last year ending in March of `last`."""
    year, age = np.nonzero(people)
    ends = pd.to_datetime([f"{last - len(people) + 1 + each}-03-01" for each in year])
    return pd.DataFrame(
        {
            "age_low": age,
            "age_high": age,
            "count": people[year, age],
            "first_month": ends - pd.DateOffset(months=11),
            "last_month": ends,
        }
    )


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.sampled_from([1, 3, 40, 3000]), min_size=1, max_size=4),
    st.integers(1, 4),
    st.integers(0, 90),
    st.integers(0, 1000),
)
def test_rates_are_finite_inside_their_intervals_and_bounded(
    people: list[int], years: int, oldest: int, seed: int
) -> None:
    """Types with one person to thousands, in a year or four, all below an age: ages without anybody explode nowhere."""
    generator = np.random.default_rng(seed)
    shares = np.where(oldest >= AGES, SHAPE, 0) / SHAPE[: oldest + 1].sum()
    tables = [rows(generator.multinomial(count, shares, size=years)) for count in people]
    for count, found in zip(
        people, recorded_rates(tables, RESIDENTS, 0, 2024.75, 150, np.random.default_rng(1)), strict=True
    ):
        assert np.isfinite(found.samples).all()
        assert np.isfinite(found.later).all()
        low, high = np.quantile(found.samples, [0.1, 0.9], axis=0)
        assert ((low <= found.rate) & (found.rate <= high)).all()
        told = found.samples * RESIDENTS.isel(year=-1).to_numpy()
        assert told.sum(axis=1).mean() == pytest.approx(count, rel=0.5)
        groups = np.add.reduceat(told, STARTS, axis=1)
        assert (np.quantile(groups, 0.9, axis=0) <= 5 * count).all()


def test_recorded_ages_that_no_curve_follows_come_back() -> None:
    """Half of 20,000 people a year of two ages: their group has their share, in every draw nearly."""
    generator = np.random.default_rng(3)
    shares = np.where(np.isin(AGES, (20, 21)), 0.25, 0.5 * SHAPE / SHAPE.sum())
    table = rows(generator.multinomial(20_000, shares / shares.sum(), size=4))
    found = recorded_rates([table], RESIDENTS, 0, 2024.75, 300, generator)[0]
    told = found.samples * RESIDENTS.isel(year=-1).to_numpy()
    share = told[:, 18:25].sum(axis=1) / told.sum(axis=1)
    truth = shares[18:25].sum() / shares.sum()
    assert abs(share.mean() - truth) < 0.01


def test_draws_hold_the_drift_that_past_years_had() -> None:
    """Ages that change from year to year have wider draws than ages that stay, and wider ones in later years."""
    generator = np.random.default_rng(4)
    steady = [generator.multinomial(5000, SHAPE / SHAPE.sum(), size=6) for _ in range(6)]
    drifting = []
    for _ in range(6):
        walk = np.cumsum(generator.normal(0, 0.3, (6, 10)), axis=0)[:, np.minimum(AGES // 10, 9)]
        shares = SHAPE * np.exp(walk)
        drifting.append(np.stack([generator.multinomial(5000, year / year.sum()) for year in shares]))
    wide, narrow = (
        np.mean([each.samples.std(axis=0) / each.rate for each in of_kind])
        for of_kind in (
            recorded_rates([rows(each) for each in kind], RESIDENTS, 0, 2024.75, 200, generator)
            for kind in (drifting, steady)
        )
    )
    assert wide > 2 * narrow
