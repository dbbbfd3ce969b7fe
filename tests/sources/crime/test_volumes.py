"""Months that are not whole, found by their volume, last or in the middle; none of London's is taken for one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.crime.volumes import WHOLE, departures, doubtful_months, doubtful_parts, refuse_partial_month
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

SEASON = 1 + 0.15 * np.sin(2 * np.pi * np.arange(12) / 12)


def history(months: int = 72, level: float = 1000.0, seed: int = 1) -> pd.Series:
    """Return counts by month with a season, a slow fall and chance."""
    every = pd.date_range("2019-04-01", periods=months, freq="MS")
    mean = level * SEASON[every.month - 1] * np.linspace(1.1, 0.9, months)
    return pd.Series(np.random.default_rng(seed).poisson(mean), index=every)


@pytest.mark.unit
@settings(max_examples=60, deadline=None)
@given(st.integers(26, 90), st.integers(0, 89), st.floats(0.05, 0.5), st.sampled_from([300.0, 1000.0, 60_000.0]))
def test_a_month_that_is_half_there_is_refused_wherever_it_is(
    months: int, place: int, left: float, level: float
) -> None:
    volumes = history(months, level, seed=months)
    cut = volumes.copy()
    month = cut.index[place % months]
    cut[month] = int(cut[month] * left)
    refuse_partial_month(volumes, [], "files")
    with pytest.raises(InputError, match=f"{month:%Y-%m} holds {cut[month]:,} offences where") as caught:
        refuse_partial_month(cut, [], "files")
    assert ("last_month" in caught.value.remedy) == (month == cut.index[-1])
    refuse_partial_month(cut, [f"{month:%Y-%m}"], "files")


@pytest.mark.unit
@pytest.mark.parametrize("factor", [0.8, 0.85, 1.5])
@pytest.mark.parametrize("place", [-1, -7, 30, 0])
def test_a_month_that_stands_out_is_told(factor: float, place: int) -> None:
    volumes = history(level=20_000)
    assert doubtful_months(volumes).empty
    volumes.iloc[place] = int(volumes.iloc[place] * factor)
    found = doubtful_months(volumes)
    assert found["month"].to_list() == [volumes.index[place]]
    assert found["share"].iloc[0] == pytest.approx(factor, abs=0.1)


@pytest.mark.unit
def test_a_season_is_no_fault() -> None:
    assert departures(history(level=50_000).to_frame())[0].between(0.97, 1.03).mean() > 0.9


@pytest.mark.unit
def test_a_history_of_a_year_tells_nothing() -> None:
    assert doubtful_months(history(12)).empty


@pytest.mark.unit
def test_an_area_or_a_type_that_falls_out_of_a_month_is_told() -> None:
    table = pd.DataFrame({name: history(level=level, seed=at) for at, (name, level) in enumerate(LEVELS.items())})
    assert doubtful_parts(table).empty
    table.loc[table.index[-1], ["large", "middling", "small"]] = 0
    table.loc[table.index[20], "large"] //= 4
    found = doubtful_parts(table)
    assert set(zip(found["month"], found["part"], strict=True)) == {
        (table.index[-1], "large"),
        (table.index[-1], "middling"),
        (table.index[20], "large"),
    }


LEVELS = {"large": 400.0, "middling": 60.0, "small": 8.0}


@pytest.mark.integration
def test_no_month_of_london_is_refused_and_those_told_have_their_reasons(london_tables: ForceTables) -> None:
    """Snow in December 2010; two closures of 2020 and 2021."""
    counts = [
        table.groupby("month")["count"].sum() for table in (london_tables.offences, london_tables.unlocated_offences)
    ]
    volumes = counts[0].add(counts[1], fill_value=0)
    refuse_partial_month(volumes, [], "files")
    found = doubtful_months(volumes)
    assert found["month"].dt.strftime("%Y-%m").to_list() == [
        *("2010-12", "2020-03", "2020-04", "2020-05", "2020-06", "2021-01", "2021-02"),
    ]
    assert found["share"].min() > WHOLE + 0.1
