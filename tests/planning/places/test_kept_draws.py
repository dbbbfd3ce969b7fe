"""Draws that a run keeps, summed up by ward and by borough."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from models.draws.kept import KeptDraws
from planning.places.kept_draws import kept_by_borough, kept_by_ward
from tests.planning.places.ward_posts.test_posts import wards

pytestmark = pytest.mark.unit


def kept(months: int = 30) -> KeptDraws:
    generator = np.random.default_rng(2)
    codes = ["E09000000", "E09000001", "E09000000", "E09000001", "E23000001"]
    measure = ["located", "located", "unlocated", "unlocated", "unlocated"]
    by_month = xr.DataArray(
        generator.integers(0, 50, (5, 2, months, 3)),
        dims=("area", "crime_type", "month", "draw"),
        coords={"area_code": ("area", codes), "measure": ("area", measure), "crime_type": ["ARSON", "RAPE"]},
    )
    by_year = xr.DataArray(
        generator.integers(0, 500, (4, 2, 2, 3)),
        dims=("ward", "crime_type", "year", "draw"),
        coords={
            "ward": wards(4)["ward_code"].to_numpy(),
            "borough_code": ("ward", wards(4)["borough_code"].to_numpy()),
            "crime_type": ["ARSON", "RAPE"],
            "year": pd.to_datetime(["2025-04-01", "2026-04-01"]),
        },
    )
    nothing = xr.DataArray(0.0)
    return KeptDraws(np.datetime64("2025-03"), by_month, by_year, nothing, nothing, nothing, nothing)


def test_only_types_that_count_are_summed_by_ward() -> None:
    drawn = kept_by_ward(kept(), ["ARSON", "HOMICIDE"])
    assert drawn.dims == ("draw", "year", "ward")
    assert drawn["year"].to_numpy().tolist() == [1, 2]
    arson = kept().by_year.sel(crime_type="ARSON")
    assert drawn.sel(ward="E05000002", year=2).to_numpy().tolist() == arson[2, 1].to_numpy().tolist()


def test_unlocated_offences_count_with_their_borough_and_unknown_ones_with_none() -> None:
    drawn = kept_by_borough(kept(), wards(4))
    assert drawn.dims == ("draw", "year", "area")
    assert drawn.sizes["year"] == 2  # the last six months are no year
    months = kept().by_month.sum("crime_type")
    second = months[[0, 2], 12:24].sum(("area", "month"))
    assert drawn.sel(area="E09000000", year=2).to_numpy().tolist() == second.to_numpy().tolist()
    assert drawn.sum() == months[:4, :24].sum()
