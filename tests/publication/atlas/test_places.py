"""Areas in order, their parents, and sums up the tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from publication.atlas.places import Places
from publication.release.manifest import ReleaseError

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def areas(make: Callable[..., Any]) -> pd.DataFrame:
    """Eight wards of four boroughs of two BCUs."""
    return make(wards=8, boroughs=4).areas


def test_every_area_is_there_once_and_lies_in_its_parents(areas: pd.DataFrame) -> None:
    places = Places.of(areas, ["E23000099", "E09000001"])
    sizes = {"ward": 8, "borough": 4, "bcu": 2, "force": 1, "unlocated": 2}
    assert places.table["level"].value_counts().to_dict() == sizes
    wards = places.table[:8].merge(areas, left_on="code", right_on="ward_code")
    for parent in ("borough", "bcu"):
        assert (places.table["code"].to_numpy()[wards[parent]] == wards[f"{parent}_code"]).all()
    assert places.table.loc[places.table["level"] == "unlocated", "name"].tolist() == [
        "Market & Quay 1",
        "Fictional Police",
    ]


def test_figures_find_their_area_by_level_and_code(areas: pd.DataFrame) -> None:
    places = Places.of(areas, ["E09000001"])
    named = places.table.sample(frac=3, replace=True, random_state=1)
    np.testing.assert_array_equal(places.rows(named["level"], named["code"]), named.index)
    with pytest.raises(ReleaseError, match="ward E05999999"):
        places.rows("ward", pd.Series(["E05000001", "E05999999"]))


def test_totals_add_up_and_a_missing_part_makes_its_totals_missing(areas: pd.DataFrame) -> None:
    places = Places.of(areas, [])
    wards = np.arange(8.0)
    totals = places.summed_up(wards)
    assert totals[places.table["level"] == "borough"].sum() == totals[places.table["level"] == "force"] == wards.sum()
    wards[0] = np.nan
    missing = np.isnan(places.summed_up(wards))
    home = places.table.iloc[0]
    assert set(np.flatnonzero(missing)) == {0, home["borough"], home["bcu"], len(places) - 1}
