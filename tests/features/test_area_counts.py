"""Sums of groups of areas, whatever their order and kind of number."""

from __future__ import annotations

import numpy as np
import pytest

from features.area_counts import sum_groups

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("kind", ["int32", "int64", "float32", "float64"])
@pytest.mark.parametrize("shape", [(7,), (7, 3), (7, 3, 5)])
@pytest.mark.parametrize("group", [[0, 0, 1, 1, 1, 2, 2], [2, 0, 1, 0, 2, 1, 1]])
def test_sums_are_those_of_the_groups_members(kind: str, shape: tuple[int, ...], group: list[int]) -> None:
    values = np.random.default_rng(0).integers(0, 1000, shape).astype(kind)
    sums = sum_groups(values, np.array(group))
    assert sums.dtype == values.dtype
    for number, found in enumerate(sums):
        members = [value for value, place in zip(values, group, strict=True) if place == number]
        assert np.array_equal(found, np.sum(members, axis=0))
