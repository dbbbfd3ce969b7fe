"""Months as publishers write them, and what is none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.crime.months import months_of
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("cell", ["2003-01", "Jan-03", "2003-01-31", " 2003-01 ", pd.Timestamp(2003, 1, 31, 7)])
def test_a_month_is_told_by_its_first_day(cell: object) -> None:
    months = months_of(pd.DataFrame({"month": [cell]}, index=[2]), "month", Path("a.csv"))
    assert months.to_dict() == {2: pd.Timestamp(2003, 1, 1)}
    assert months.dtype == "datetime64[us]"


@pytest.mark.parametrize(
    "cell", ["", "2003-13", "9999-01", "0001-01", "Foo-03", None, pd.Timestamp(2500, 1, 1), pd.NaT, 7]
)
def test_what_is_no_month_is_named(cell: object) -> None:
    table = pd.DataFrame(
        {"month": pd.Series(["2003-01", cell] if isinstance(cell, str) else [cell, cell], index=[2, 3])}
    )
    with pytest.raises(InputError, match="month cannot be told") as caught:
        months_of(table, "month", Path("a.csv"))
    assert caught.value.column == "month"
