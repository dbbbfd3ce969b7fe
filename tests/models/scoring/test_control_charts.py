"""The charts alarm as rarely as they say over honest forecasts, and soon over broken ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, poisson

from models.forecast.vocabulary import QUANTILES
from models.scoring.control_charts import (
    CELL,
    MONTHS_BETWEEN_FALSE_ALARMS,
    alarms,
    limits,
    normal_scores,
    persistence_of,
    poisson_scores,
    surprises,
    weighted_means,
)
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
MONTHS = 2400
SERIES = 60


@pytest.fixture(scope="module")
def honest() -> np.ndarray:
    return np.random.default_rng(4).standard_normal((SERIES, MONTHS))


def surprised(z: np.ndarray) -> pd.DataFrame:
    """Rows as `surprises` gives them, of series by month."""
    series, month = (index.ravel() for index in np.indices(z.shape))
    return pd.DataFrame(
        {
            "area_level": "borough",
            "area_code": series.astype(str),
            "crime_level": "all",
            "crime_type": "all",
            "area_name": "Area " + pd.Series(series.astype(str)),
            "month": pd.Timestamp("2000-01-01") + pd.to_timedelta(month, unit="D"),
            "recorded": 1,
            "mean": 1.0,
            "z": z.ravel(),
        }
    )


def test_false_alarms_come_about_as_rarely_as_stated(honest: np.ndarray) -> None:
    months_with_alarm = alarms(surprised(honest))["month"].nunique()
    assert MONTHS_BETWEEN_FALSE_ALARMS * 0.8 < MONTHS / months_with_alarm < MONTHS_BETWEEN_FALSE_ALARMS * 2


def test_shared_shocks_make_false_alarms_rarer(honest: np.ndarray) -> None:
    shared = 0.6 * honest[:1] + 0.8 * honest[1:]
    assert MONTHS / alarms(surprised(shared))["month"].nunique() > MONTHS_BETWEEN_FALSE_ALARMS * 0.8


def test_surprises_that_persist_do_not_alarm_more_often(honest: np.ndarray) -> None:
    persistent = honest.copy()
    for month in range(1, MONTHS):
        persistent[:, month] = 0.4 * persistent[:, month - 1] + np.sqrt(1 - 0.4**2) * honest[:, month]
    assert persistence_of(honest) == pytest.approx(0, abs=0.02)
    assert persistence_of(persistent) == pytest.approx(0.4, abs=0.05)
    between = MONTHS / alarms(surprised(persistent))["month"].nunique()
    assert between > MONTHS_BETWEEN_FALSE_ALARMS * 0.8
    # What is left out counts for nothing: here the persistent half.
    half = surprised(np.concatenate([persistent[:, :1200], honest[:, 1200:]], axis=1))
    first_half = sorted(half["month"].unique())[:1200]
    assert len(alarms(half, unusual=first_half)) > len(alarms(half))


def test_a_lasting_shift_of_two_sd_is_found_within_half_a_year(honest: np.ndarray) -> None:
    z = honest[:, :24].copy()
    z[0, 12:] += 2.0
    found = alarms(surprised(z)).query("area_code == '0' and kind == 'shift'")
    first = found["month"].min()
    assert (
        pd.Timestamp("2000-01-01") + pd.Timedelta(days=12)
        <= first
        <= pd.Timestamp("2000-01-01") + pd.Timedelta(days=18)
    )


def test_one_wild_month_is_no_shift() -> None:
    z = np.zeros((SERIES, 12))
    z[3, 5] = 4.5
    found = alarms(surprised(z))
    assert list(found["kind"]) == ["single month"]
    assert found["area_code"].tolist() == ["3"]


def test_the_mean_starts_anew_after_an_alarm_and_waits_over_gaps() -> None:
    z = np.array([[6.0, 6.0, np.nan, 0.0, 0.0]])
    means, alarmed = weighted_means(z, 1.2)
    assert alarmed.tolist() == [[True, True, False, False, False]]
    assert means[0].tolist() == [1.5, 1.5, 0.0, 0.0, 0.0]


def test_normal_scores_are_those_of_the_distribution() -> None:
    counts = poisson.ppf(list(QUANTILES.values()), 400)
    values = np.array([360.0, 400.0, 440.0, 480.0])
    found = normal_scores(values, np.tile(counts, (4, 1)))
    assert found == pytest.approx(norm.ppf(poisson.cdf(values, 400) - poisson.pmf(values, 400) / 2), abs=0.15)


def test_a_crime_that_never_happens_surprises_by_whole_offences() -> None:
    nothing = np.zeros((2, len(QUANTILES)))
    assert normal_scores(np.array([0.0, 1.0]), nothing) == pytest.approx([0.0, 3.92], abs=0.01)


def test_a_rare_crime_does_not_alarm_whenever_it_happens() -> None:
    assert poisson_scores(np.array([0.0, 1.0, 2.0]), np.array([0.2, 0.2, 0.2])) == pytest.approx(
        [-0.2, 1.3, 2.5], abs=0.3
    )
    assert poisson_scores(np.array([1000.0]), np.array([100.0]))[0] > 6


def test_limits_are_wider_for_more_series_and_fewer_alarms() -> None:
    assert limits(1).single_month < limits(70).single_month < limits(70, 240).single_month
    with pytest.raises(ValueError, match="at least one"):
        limits(0)


def test_of_each_month_the_newest_forecast_made_before_it_counts() -> None:
    cell = dict(zip(CELL, ("force", "E23000001", "all", "all"), strict=True))
    month = pd.Timestamp("2024-06-01")
    row = cell | {"area_name": "Force", "month": month} | dict.fromkeys(QUANTILES, 10)
    forecasts = pd.DataFrame(
        [
            row | {"origin": pd.Timestamp(origin), "mean": mean}
            for origin, mean in (("2024-01-01", 9), ("2024-05-01", 12))
        ]
    )
    recorded = pd.DataFrame([cell | {"month": month, "count": 11}])
    assert surprises(forecasts, recorded)["mean"].tolist() == [12]
    with pytest.raises(InputError, match="had seen"):
        surprises(forecasts.assign(origin=month), recorded)
