"""Sums of located and unlocated offences in the same draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.draws.all_recorded import AllRecorded, all_recorded, parts_that_add_up
from models.forecast.hierarchy import AreaTree

pytestmark = pytest.mark.unit

AREAS = pd.DataFrame(
    {
        "ward_code": list("abcd"),
        "ward_name": list("abcd"),
        "borough_code": ["X", "X", "Y", "Z"],
        "borough_name": ["X", "X", "Y", "Z"],
        "bcu_code": ["B1", "B1", "B1", "B2"],
        "bcu_name": ["B1", "B1", "B1", "B2"],
        "force_code": "F",
        "force_name": "F",
    }
)
TREE = AreaTree.of(AREAS)


@given(st.lists(st.integers(0, 50), min_size=8, max_size=8))
def test_each_offence_is_counted_once_at_every_level(counts: list[int]) -> None:
    lost = np.array(["Y", "X", "Z", "F"])
    base = np.array(counts)[:, None]
    a, b, c, d, in_y, in_x, in_z, in_force = counts
    sums = AllRecorded(TREE, lost).sums(base)[:, 0].tolist()
    x, y, z = a + b + in_x, c + in_y, d + in_z
    assert sums == [x, y, z, x + y, z, x + y + z + in_force]


def test_boroughs_are_told_only_where_all_of_them_tell_their_unlocated() -> None:
    for lost, told in (
        (["F"], False),
        (["X", "F"], False),
        (["X", "Y", "Z", "F"], True),
        (["X", "Y", "Z"], True),
        ([], True),
    ):
        sums = AllRecorded(TREE, np.array(lost, dtype=object))
        base = np.ones((4 + len(lost), 2))
        assert sums.boroughs_told == told
        assert sums.sums(base)[-1].tolist() == [4 + len(lost)] * 2
        assert len(sums.sums(base)) == len(sums.areas)


def test_a_table_of_others_has_no_rows_of_all_recorded() -> None:
    table = pd.DataFrame({"area_level": ["ward", "force"]})
    assert len(parts_that_add_up(table)) == 2
    assert all_recorded(table).empty
    table["measure"] = ["located", "all recorded"]
    assert parts_that_add_up(table)["area_level"].tolist() == ["ward"]
    assert all_recorded(table)["area_level"].tolist() == ["force"]
