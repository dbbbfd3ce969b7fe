"""Published age groups hold everyone once, or are refused."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from features.population.age_groups import AGE_GROUPS, population_groups
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
BY_AGE = xr.DataArray(np.arange(182.0).reshape(2, 91), dims=("ward", "age"), coords={"age": np.arange(91)})


def test_groups_sum_to_everyone_in_the_order_given() -> None:
    grouped = population_groups(BY_AGE)
    assert grouped.dims == ("ward", "age_group")
    assert list(grouped["age_group"].to_numpy()) == [group.label for group in AGE_GROUPS]
    np.testing.assert_array_equal(grouped.sum("age_group"), BY_AGE.sum("age"))
    np.testing.assert_array_equal(grouped.sel(age_group="10-17"), BY_AGE.sel(age=slice(10, 17)).sum("age"))


@pytest.mark.parametrize(
    ("groups", "says"),
    [
        ([("young", 0, 30), ("old", 30, 90)], "overlap: one should begin at 31, not 30"),
        ([("young", 0, 29), ("old", 31, 90)], "leave ages out: one should begin at 30, not 31"),
        ([("young", 1, 29), ("old", 30, 90)], "should begin at 0"),
        ([("young", 0, 29), ("old", 30, 89)], "end at 89"),
        ([("young", 0, 29), ("old", 30, 120)], "end at 120"),
        ([("all", 0, 29), ("all", 30, 90)], "same label"),
        ([("young", 29, 0), ("old", 30, 90)], "ends before it begins"),
    ],
)
def test_uneven_groups_are_refused(groups: list[tuple[str, int, int]], says: str) -> None:
    with pytest.raises(InputError, match=says):
        population_groups(BY_AGE, groups)
