"""What goes undone: in the stated order, never more than there is, and as much as people are short."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.people.undone import cases_left, hours_short, left_undone, open_cases
from planning.tables.undone import leave_first

pytestmark = pytest.mark.unit


def test_the_first_in_the_order_is_left_before_any_of_the_next() -> None:
    hours = np.array([10.0, 20.0, 30.0])[:, None, None]
    left = left_undone(hours, np.array([[25.0]]), [2, 0, 1])
    assert left.ravel().tolist() == [0.0, 0.0, 25.0]
    assert left_undone(hours, np.array([[45.0]]), [2, 0, 1]).ravel().tolist() == [10.0, 5.0, 30.0]


@settings(max_examples=50)
@given(hours=st.lists(st.floats(0, 1e6), min_size=1, max_size=6), part=st.floats(0, 1))
def test_what_is_left_sums_to_what_is_short(hours: list[float], part: float) -> None:
    table = np.array(hours)[:, None, None]
    short = np.array([[part * sum(hours)]])
    left = left_undone(table, short, range(len(hours))[::-1])
    assert left.sum() == pytest.approx(short.item(), abs=1e-6)
    assert ((left >= 0) & (left <= table)).all()


def test_nothing_is_short_where_enough_are_there() -> None:
    hours, needed = np.full((1, 3), 1000.0), np.array([[8.0, 10.0, 20.0]])
    assert hours_short(hours, needed, np.array([10.0])).ravel().tolist() == [0.0, 0.0, 500.0]


def test_cases_follow_from_hours_and_open_ones_from_months() -> None:
    assert cases_left(np.array([30.0, 5.0]), np.array([10.0, 0.0])).tolist() == [3.0, 0.0]
    assert open_cases(np.array([120.0]), np.array([3.0])).tolist() == [30.0]  # Little: 10 a month for 3 months


def test_the_order_is_by_harm_unless_it_is_stated() -> None:
    types, harm = ["a", "b", "c"], {"a": 3.0, "b": 1.0}
    assert leave_first(types, harm, []) == ["b", "a", "c"]
    assert leave_first(types, harm, ["c", "unknown"]) == ["c", "b", "a"]
