"""Rolling origins split as scikit-learn does, never ahead of the origin, and pass over disruptions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyRegressor
from sklearn.model_selection import TimeSeriesSplit, cross_val_score

from features.rolling_origin import RollingOrigin

pytestmark = pytest.mark.unit
MONTHS = pd.date_range("2015-04-01", periods=96, freq="MS")
COVID = pd.DataFrame(
    {
        "kind": ["disruption"],
        "crime_type": ["all"],
        "first_month": pd.to_datetime(["2020-03-01"]),
        "last_month": pd.to_datetime(["2021-04-01"]),
    }
)
DISRUPTED = set(np.flatnonzero((MONTHS >= "2020-03-01") & (MONTHS <= "2021-04-01")))


@given(st.integers(1, 24), st.integers(2, 6), st.integers(0, 12), st.integers(40, 120))
def test_without_breaks_it_splits_as_time_series_split(horizon: int, number: int, gap: int, months: int) -> None:
    if number * horizon + gap >= months:
        return
    ours = RollingOrigin(horizon, spacing=horizon, shortest=1, n_splits=number, gap=gap)
    theirs = TimeSeriesSplit(n_splits=number, test_size=horizon, gap=gap)
    values = np.zeros((months, 1))
    pairs = list(zip(ours.split(values), theirs.split(values), strict=True))
    assert len(pairs) == ours.get_n_splits(values) == theirs.get_n_splits(values)
    for one, other in pairs:
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_scikit_learn_takes_it_as_a_splitter() -> None:
    y = np.arange(96.0)
    scores = cross_val_score(DummyRegressor(), y[:, None], y, cv=RollingOrigin(n_splits=3), scoring="neg_max_error")
    assert len(scores) == 3
    assert scores[2] == pytest.approx(-(95 - y[:84].mean()))


@given(
    st.builds(
        RollingOrigin,
        horizon=st.integers(1, 36),
        spacing=st.integers(1, 12),
        shortest=st.integers(0, 60),
        gap=st.integers(0, 24),
        ages=st.none() | st.lists(st.integers(0, 100), unique=True),
        whole=st.booleans(),
        quiet_before=st.integers(0, 12),
        keep_part=st.booleans(),
        breaks=st.sampled_from([None, COVID]),
    )
)
def test_what_always_holds(splitter: RollingOrigin) -> None:
    splits = list(splitter.split(MONTHS))
    assert [len(seen) for seen, _ in splits] == sorted({len(seen) for seen, _ in splits})
    for seen, ahead in splits:
        np.testing.assert_array_equal(seen, np.arange(len(seen)))
        assert len(seen) >= splitter.shortest
        assert 0 < len(ahead) <= splitter.horizon
        assert seen[-1] + splitter.gap < ahead[0]
        assert ahead[-1] < min(len(MONTHS), len(seen) + splitter.gap + splitter.horizon)
        if splitter.whole and not splitter.keep_part:
            assert len(ahead) == splitter.horizon
        if splitter.breaks is not None:
            assert not DISRUPTED & set(ahead)
            assert not DISRUPTED & set(range(len(seen) - splitter.quiet_before, len(seen)))


def test_a_disruption_takes_out_splits_or_only_its_months() -> None:
    splitter = RollingOrigin(breaks=COVID)
    origins = [MONTHS[seen[-1]].year for seen, _ in splitter.split(MONTHS)]
    assert origins == [2017, 2018, 2022]  # the years from March of 2019, 2020 and 2021 touch it
    part = replace(splitter, keep_part=True)
    assert {MONTHS[seen[-1]].year: len(ahead) for seen, ahead in part.split(MONTHS)} == {
        2017: 12, 2018: 12, 2019: 11, 2021: 11, 2022: 12,
    }  # fmt: skip
    quiet = replace(part, quiet_before=1)
    assert [MONTHS[seen[-1]].year for seen, _ in quiet.split(MONTHS)] == [2017, 2018, 2019, 2022]


def test_splits_cut_short_begin_near_the_end() -> None:
    splitter = RollingOrigin(horizon=36, spacing=3, whole=False, n_splits=2)
    assert [(len(seen), len(ahead)) for seen, ahead in splitter.split(MONTHS)] == [(90, 6), (93, 3)]


def test_too_short_a_history_has_no_splits() -> None:
    assert RollingOrigin().get_n_splits(MONTHS[:30]) == 0
