"""How far a forecast was from what happened: one function a metric.

Walk in: arrays of actual counts and of forecasts of the same shape. Walk out: losses of each cell, or their
total relative to the total of actual offences. How `models.scoring.scores` puts them together is told in
docs/scoring.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import poisson


def wape(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Return the weighted absolute percentage error: sum |actual - forecast| / sum actual.

    Source: Kolassa and Schütz (2007), "Advantages of the MAD/mean ratio over the MAPE", Foresight 6.
    """
    return relative(np.abs(actual - forecast), actual)


def bias(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Return sum (forecast - actual) / sum actual, above zero when too much was forecast."""
    return relative(forecast - actual, actual)


def relative(losses: np.ndarray, actual: np.ndarray) -> float:
    """Return sum losses / sum actual, the losses of cells as a share of the offences; missing without any."""
    offences = actual.sum()
    return float(losses.sum() / offences) if offences > 0 else float("nan")


def seasonal_scale(history: np.ndarray, season: int = 12) -> np.ndarray:
    """Return each series' mean squared error of seasonal naive within its history, (...,) from (..., month).

    mean over t of (y[t] - y[t - season])^2, missing values left out; missing where the history holds no pair.
    The denominator of `rmsse`. Lag 12 and not the lag 1 of the M5, so that the scale is the error of the same
    seasonal naive that stands beside every score: Hyndman and Koehler (2006), "Another look at measures of
    forecast accuracy", International Journal of Forecasting 22.
    """
    squared = (history[..., season:] - history[..., :-season]) ** 2.0
    pairs = np.isfinite(squared).sum(axis=-1)
    return np.divide(np.nansum(squared, axis=-1), pairs, out=np.full(pairs.shape, np.nan), where=pairs > 0)


def rmsse(actual: np.ndarray, forecast: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return each series' root mean squared scaled error, (...,) from (..., month).

    sqrt(mean over months of (actual - forecast)^2 / scale), `scale` by `seasonal_scale`; missing where the
    scale is zero or missing, since such a series never moved. Source: Makridakis, Spiliotis and
    Assimakopoulos (2022), "M5 accuracy competition", International Journal of Forecasting 38.
    """
    squared = ((actual - forecast) ** 2.0).mean(axis=-1)
    return np.sqrt(np.divide(squared, scale, out=np.full(squared.shape, np.nan), where=scale > 0))


def pinball_loss(actual: np.ndarray, quantile: np.ndarray, level: float | np.ndarray) -> np.ndarray:
    """Return the pinball (quantile) loss of each cell, offences.

    (actual - q) x level when actual >= q, else (q - actual) x (1 - level). Source: Koenker and Bassett
    (1978), "Regression quantiles", Econometrica 46.
    """
    error = actual - quantile
    return np.maximum(level * error, (level - 1) * error)


def weighted_interval_score(actual: np.ndarray, quantiles: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Return the weighted interval score of each cell, (...,) offences, from quantiles, (..., quantile).

    The mean over the levels of twice the pinball loss; with the median and pairs of levels it is the weighted
    sum of interval scores, and for a point forecast it is the absolute error. Source: Bracher, Ray, Gneiting
    and Reich (2021), "Evaluating epidemic forecasts in an interval format", PLOS Computational Biology 17.
    """
    return 2 * pinball_loss(actual[..., None], quantiles, np.array(levels)).mean(axis=-1)


def crps_from_draws(actual: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return the continuous ranked probability score of each cell, (...,) offences, from draws, (..., draw).

    E|X - y| - E|X - X'| / 2 of the draws' own distribution; the second term is taken from the sorted draws as
    sum (2i - n - 1) x[i] / n^2, i = 1..n. Source: Gneiting and Raftery (2007), "Strictly proper scoring
    rules, prediction, and estimation", Journal of the American Statistical Association 102; Jordan, Krüger
    and Lerch (2019), "Evaluating probabilistic forecasts with scoringRules", Journal of Statistical Software
    90.
    """
    count = draws.shape[-1]
    distance = np.abs(draws - actual[..., None]).mean(axis=-1)
    weights = 2.0 * np.arange(1, count + 1) - count - 1
    return distance - np.sort(draws, axis=-1) @ weights / count**2


def poisson_mean_absolute_deviation(mean: np.ndarray) -> np.ndarray:
    """Return E|X - m| of a Poisson count X about its median m, offences, from its mean.

    The error left to an oracle that knows each cell's mean, of which the Poisson floor is made: it forecasts
    the median, which has the least expected absolute error, so that no honest forecast of Poisson counts does
    better. In closed form 2 (m F(m) - mean F(m - 1)) + mean - m, F the distribution function, since the sum
    over k <= m of k p(k) is mean F(m - 1).
    """
    median = poisson.ppf(0.5, mean)
    below = median * poisson.cdf(median, mean) - mean * poisson.cdf(median - 1, mean)
    return 2 * below + mean - median
