"""Watching forecasts: telling a broken forecast from a noisy month.

Walk in: forecasts made before their months, and what was recorded. Walk out: surprises, in units of what the forecast
expected of chance, and the alarms that two control charts raise over them: one for single months, one for shifts.

    surprise z    normal score of the recorded count in the forecast's own distribution, so that it is about standard
                  normal month after month while the forecast is honest
    single month  |z| past a limit (Shewhart 1931)
    shift         an exponentially weighted mean of z past its limit (Roberts 1959); it starts anew after an alarm

Limits are set so that, with honest forecasts, all charts of a force together raise one false alarm in so many months.
The series are not independent, which makes false alarms rarer than stated, not more frequent. One month's surprise is
not independent of the next one's either, which makes shifts alarm more often: their limit is widened for that, by the
autocorrelation that the surprises themselves show (Lu and Reynolds 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, poisson

from models.forecast.vocabulary import QUANTILES
from sources.files.errors import InputError

CELL = ["area_level", "area_code", "crime_level", "crime_type"]
MONTHS_BETWEEN_FALSE_ALARMS = 24.0
MEMORY = 0.25  # weight of the newest month in the weighted mean
FEWEST_PAIRS = 500  # of months, over all series, to tell how far surprises persist
MOST_PERSISTENT = 0.8
GREATEST_SURPRISE = 6.0  # so that one impossible month does not keep the chart of shifts alarmed for a year
KINDS = ("single month", "shift")


@dataclass(frozen=True)
class Limits:
    """Limits of the two charts, for z and for its weighted mean."""

    single_month: float
    shift: float


def limits(series: int, months_between: float = MONTHS_BETWEEN_FALSE_ALARMS, persistence: float = 0.0) -> Limits:
    """Return the limits at which `series` honest charts of each kind together alarm once in `months_between` months.

    Half of the alarms are allowed to each kind. The weighted mean of standard normal values has the variance
    MEMORY / (2 - MEMORY) x (1 + q) / (1 - q), where q is 1 - MEMORY times their autocorrelation `persistence`, of a
    process of first order. Bonferroni's inequality bounds the rate whatever the dependence between series.
    """
    if series < 1 or months_between <= 0:
        raise ValueError("limits need at least one series and a positive number of months")
    each_way = 1 / months_between / 2 / series / 2
    single = float(norm.isf(each_way))
    return Limits(single, single * _spread_of_mean(persistence))


def _spread_of_mean(persistence: float) -> float:
    """Return the standard deviation of the weighted mean."""
    carried = (1 - MEMORY) * persistence
    return float(np.sqrt(MEMORY / (2 - MEMORY) * (1 + carried) / (1 - carried)))


def persistence_of(z: np.ndarray) -> float:
    """Return the autocorrelation of z, (series, month), from one month to the next, pooled over series; never negative.

    Nothing where fewer than FEWEST_PAIRS pairs are known. Each value counts up to two standard deviations, so that a
    few broken series do not widen the limits of all.
    """
    tame = np.clip(z, -2, 2)
    before, after = tame[:, :-1], tame[:, 1:]
    known = np.isfinite(before) & np.isfinite(after)
    if known.sum() < FEWEST_PAIRS:
        return 0.0
    before, after = before[known], after[known]
    scale = np.sqrt((before**2).sum() * (after**2).sum())
    return float(np.clip((before * after).sum() / max(scale, 1e-9), 0, MOST_PERSISTENT))


def surprises(forecasts: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Return one row a cell and month: CELL, area_name, month, origin, recorded, mean, z.

    forecasts : monthly rows of `forecast` tables of any number of origins; of each month the newest made before it
        counts. recorded : CELL, month, count. Months that nothing forecast or that are not recorded have no row.
    Raises InputError when forecasts hold an origin that is not before its months.
    """
    if (forecasts["origin"] >= forecasts["month"]).any():
        raise InputError(
            "A forecast is of a month that its origin had seen",
            column="origin",
            remedy="Watch forecasts of months to come only.",
        )
    texts = dict.fromkeys([*CELL, "area_name"], str)
    newest = forecasts.astype(texts).sort_values("origin").drop_duplicates([*CELL, "month"], keep="last")
    both = newest.merge(recorded.astype(dict.fromkeys(CELL, str)), on=[*CELL, "month"])
    both = both.rename(columns={"count": "recorded"})
    came, expected = both["recorded"].to_numpy(float), both["mean"].to_numpy(float)
    z = normal_scores(came, both[list(QUANTILES)].to_numpy(float))
    # Nine quantiles say little of counts that are mostly zero; no count surprises more than under the narrowest noise.
    both["z"] = np.sign(z) * np.minimum(np.abs(z), np.abs(poisson_scores(came, expected)))
    shown = [*CELL, "area_name", "month", "origin", "recorded", "mean", "z"]
    return both[shown].sort_values([*CELL, "month"], ignore_index=True)


def normal_scores(values: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """Return the normal score of each value, (cell), in the distribution that nine quantiles, (cell, 9), draw.

    Linear between quantiles, in the middle of those that a value equals, as counts often do; past the outermost the
    slope is that from the median to them, or to half an offence where they coincide.
    """
    scores = norm.ppf(list(QUANTILES.values()))
    values = values[:, None]
    below, up_to = (quantiles < values).sum(axis=1), (quantiles <= values).sum(axis=1)
    last = len(scores) - 1
    lower, upper = np.clip(below - 1, 0, last), np.clip(below, 0, last)
    left, right = (np.take_along_axis(quantiles, place[:, None], axis=1) for place in (lower, upper))
    share = (values - left) / np.where(right > left, right - left, 1.0)
    inside = scores[lower] + (scores[upper] - scores[lower]) * share[:, 0]
    equal = (scores[upper] + scores[np.clip(up_to - 1, 0, last)]) / 2
    median = quantiles[:, [last // 2]]
    edge = np.where(values < median, median - quantiles[:, [0]], quantiles[:, [last]] - median)
    outside = ((values - median) / np.maximum(edge, 0.5) * scores[last])[:, 0]
    z = np.where(up_to > below, equal, np.where((below == 0) | (below > last), outside, inside))
    return np.clip(z, -GREATEST_SURPRISE, GREATEST_SURPRISE)


def poisson_scores(values: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Return the normal score of each count in the Poisson distribution of its mean, half of its own chance below."""
    below, own = poisson.cdf(values - 1, mean), poisson.pmf(values, mean)
    above = poisson.sf(values, mean)
    # From the nearer tail, where digits are not lost.
    return np.where(below < above, norm.ppf(below + own / 2), norm.isf(above + own / 2))


def alarms(
    surprised: pd.DataFrame,
    months_between: float = MONTHS_BETWEEN_FALSE_ALARMS,
    unusual: Sequence[pd.Timestamp] = (),
) -> pd.DataFrame:
    """Return the alarms over the rows of `surprises`, one row each: CELL, area_name, month, kind, z, recorded, mean.

    `z` is that of the month for `single month`, the weighted mean over its standard deviation for `shift`. What is
    learnt of the persistence of surprises leaves `unusual` months out, such as those of a pandemic.
    """
    columns = [*CELL, "area_name", "month", "kind", "z", "recorded", "mean"]
    if surprised.empty:
        return pd.DataFrame(columns=columns)
    by_month = surprised.pivot_table(index=CELL, columns="month", values="z")
    z = by_month.to_numpy()
    persistence = persistence_of(np.where(by_month.columns.isin(list(unusual)), np.nan, z))
    limit = limits(len(by_month), months_between, persistence)
    shift, alarmed = weighted_means(z, limit.shift)
    scale = _spread_of_mean(persistence)
    rows = []
    for kind, values, raised in (
        ("single month", z, np.abs(z) > limit.single_month),
        ("shift", shift / scale, alarmed),
    ):
        cell, month = np.nonzero(raised)
        rows.append(
            by_month.index[cell]
            .to_frame(index=False)
            .assign(month=by_month.columns[month], kind=kind, z=values[cell, month])
        )
    found = pd.concat(rows, ignore_index=True)
    told = surprised[[*CELL, "area_name", "month", "recorded", "mean"]]
    return found.merge(told, on=[*CELL, "month"])[columns].sort_values(["month", *CELL], ignore_index=True)


def weighted_means(z: np.ndarray, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Return exponentially weighted means of z, (series, month), and where they pass the limit; each alarm starts anew.

    Missing months leave the mean as it is.
    """
    means, alarmed = np.zeros_like(z), np.zeros(z.shape, dtype=bool)
    mean = np.zeros(len(z))
    for month in range(z.shape[1]):
        known = np.isfinite(z[:, month])
        mean = np.where(known, (1 - MEMORY) * mean + MEMORY * np.nan_to_num(z[:, month]), mean)
        means[:, month], alarmed[:, month] = mean, known & (np.abs(mean) > limit)
        mean = np.where(alarmed[:, month], 0.0, mean)
    return means, alarmed
