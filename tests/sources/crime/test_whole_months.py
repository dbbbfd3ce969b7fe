"""Months that are whole and months that are not, where the days are known exactly."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.crime.whole_months import STUB, UNFINISHED, partial_months, stubs
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

FILE = Path("extract.csv")
FIRST, LAST = pd.Timestamp("2023-04-01"), pd.Timestamp("2024-03-01")
EVERY_DAY = pd.Series(pd.date_range("2023-04-01", "2024-03-31"))


def partial(days: pd.Series) -> dict[pd.Timestamp, str]:
    return partial_months(days.reset_index(drop=True), FILE, "recorded_date")


def volumes(*counts: int) -> pd.Series:
    return pd.Series(counts, index=pd.date_range("2024-01-01", periods=len(counts), freq="MS"))


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_day_missing_at_either_end_shows_where_every_day_has_records(at_first: int, at_last: int) -> None:
    found = partial(EVERY_DAY[at_first : len(EVERY_DAY) - at_last])
    assert set(found) == ({FIRST} if at_first else set()) | ({LAST} if at_last else set())


@given(st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter(random) -> None:
    days = EVERY_DAY[2:].sample(frac=2, replace=True, random_state=random.randrange(1000))
    assert partial(days) == partial(days.sort_values().drop_duplicates())


def test_weekends_and_holidays_without_records_are_no_fault() -> None:
    """Good Friday to Easter Monday lie at the end of March and the beginning of April 2024."""
    working = EVERY_DAY[EVERY_DAY.dt.day_of_week < 5]
    before_easter = working[~working.between("2024-03-29", "2024-04-01") & ~working.between("2023-12-23", "2023-12-26")]
    assert partial(before_easter) == {}
    assert partial(before_easter[:-2]) == {LAST: UNFINISHED}


def test_a_stub_is_told_from_a_month_that_lacks_days() -> None:
    days = pd.concat([EVERY_DAY] * 10 + [pd.Series(pd.to_datetime(["2023-03-11", "2023-03-30"]))])
    assert partial(days) == {pd.Timestamp("2023-03-01"): STUB}


def test_a_single_day_is_no_month() -> None:
    assert partial(EVERY_DAY[:1]) == {FIRST: UNFINISHED}


def test_a_month_without_records_is_refused() -> None:
    days = EVERY_DAY[(EVERY_DAY < "2023-06-01") | (EVERY_DAY >= "2023-08-01")]
    with pytest.raises(InputError, match="in 2023-06,") as caught:
        partial(days)
    assert (caught.value.row, caught.value.column) == (0, "recorded_date")


def test_a_hollow_month_is_refused() -> None:
    with pytest.raises(InputError, match="2024-02, a month within") as caught:
        stubs(volumes(900, 4, 1000, 950), FILE)
    assert (caught.value.column, caught.value.value) == ("202402", 4)


def test_few_offences_are_no_stub_where_there_are_never_many() -> None:
    assert stubs(volumes(0, 12, 0, 15, 11), FILE) == []
    assert stubs(volumes(40, 1000, 900, 950, 30), FILE) == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-05-01")]
