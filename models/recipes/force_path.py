"""The force's path: how many offences of each crime type the whole force will record.

Walks in: monthly counts of the force by crime type, as known at the origin. Walks out: level, season and damped trend
of each type. A quick smoother, which follows what happened last month, and a slow one with a trend are averaged in
logarithms: the first is right after a break, the second in quiet times.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from features.history import YEAR, recency_weights

Smoother = tuple[float, float, float]  # speed of the level, speed of the trend, damping of the trend a month

FEW_SURROUNDING_MONTHS = 0.4  # weight of months within half a year of either end, whose centred year is guessed
UNUSUAL_MONTH = 0.02  # weight of months of a disruption
CAP = 0.9  # quantile past which what is left after the season counts no more
LEFT_BY_CAP = 0.83  # of a normal variance when squares are capped there: 0.9 - 2 x 1.645 x 0.103 + 0.1 x 2.71
STEP_WINDOW = 6  # months on either side of a step whose means tell its size


def log_season(logs: np.ndarray, usual: np.ndarray, half_life: float) -> np.ndarray:
    """Return seasonal log ratios, (series, calendar month counted from the first month given), shrunk to zero.

    `logs`: (series, month) logarithms of counts; `usual`: (month) bool; `half_life`: in months. For each calendar
    month the mean of the middle half of its distances to a centred year, recent years counting more; then each series'
    season is shrunk by its share of signal, the variance of the season over that variance plus the noise of its
    estimate. The largest tenth of what is left after the season counts as its 90th percentile, so that a few odd months
    do not flatten a season that repeats.
    """
    distance = logs - _centred_year(logs)
    months = logs.shape[1]
    at_the_ends = np.minimum(np.arange(months), np.arange(months)[::-1]) < YEAR // 2
    weight = recency_weights(months, half_life)
    weight = weight * np.where(at_the_ends, FEW_SURROUNDING_MONTHS, 1.0) * np.where(usual, 1.0, UNUSUAL_MONTH)
    season = np.stack([_middle_half_mean(distance[:, m::YEAR], weight[m::YEAR]) for m in range(YEAR)], axis=1)
    season -= season.mean(axis=1, keepdims=True)
    residual = distance - season[:, np.arange(months) % YEAR]
    years_counted = np.mean([weight[m::YEAR].sum() ** 2 / (weight[m::YEAR] ** 2).sum() for m in range(YEAR)])
    squared = residual**2
    squared = np.minimum(squared, np.quantile(squared[:, usual], CAP, axis=1)[:, None])
    counted = weight * usual
    noise = (squared @ counted) / counted.sum() / years_counted / LEFT_BY_CAP
    signal = np.maximum((season**2).mean(axis=1) - noise, 0.0)
    return season * (signal / np.maximum(signal + noise, 1e-12))[:, None]


def without_steps(
    logs: np.ndarray, season: np.ndarray, steps: Sequence[tuple[int, np.ndarray]], window: int = STEP_WINDOW
) -> np.ndarray:
    """Return logarithms, (series, month), whose months before each step stand at the level after it.

    A change of recording is no trend: what came before is moved by the step's size, the difference between the means
    of up to `window` months after and before it, free of season, so that smoothers see neither a jump nor a slope.
    `season`: (series, calendar month counted from the first month); `steps`: position of the first month after it, and
    which series, (series) bool, as `features.breaks.steps_of` gives.
    """
    level = logs.copy()
    free = season[:, np.arange(logs.shape[1]) % YEAR]
    for first, touched in steps:
        without_season = level - free
        after = without_season[:, first : first + window].mean(axis=1)
        before = without_season[:, max(first - window, 0) : first].mean(axis=1)
        level[touched, :first] += (after - before)[touched, None]
    return level


def quick_speed(offences: np.ndarray, prior: float) -> np.ndarray:
    """Return how much of its full speed the quick smoother has, (series) 0 to 1, at so many offences a month.

    The logarithm of a count varies by chance with variance 1 / count, so that what one month says of a rare crime is
    mostly chance: with `prior` offences a month the smoother goes half as far.
    """
    return offences / (offences + prior)


def smoothed(
    logs: np.ndarray, horizon: int, smoothers: Sequence[Smoother], *, quickness: np.ndarray | float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return level, (series), and trend, (series, step), of logarithms free of season, means over the smoothers.

    Each smoother is exponential smoothing with a damped trend (Gardner and McKenzie 1985), run over all series at
    once with its speeds given; that of the first, the quick one, times `quickness`, (series), see `quick_speed`.
    """
    levels, trends = [], []
    for place, (speed, trend_speed, damping) in enumerate(smoothers):
        level_speed = speed * quickness if place == 0 else speed
        level, slope = logs[:, : YEAR // 2].mean(axis=1), np.zeros(len(logs))
        for month in logs.T:
            expected = level + damping * slope
            surprise = month - expected
            level = expected + level_speed * surprise
            slope = damping * slope + level_speed * trend_speed * surprise
        levels.append(level)
        trends.append(slope[:, None] * np.cumsum(damping ** np.arange(1, horizon + 1)))
    return np.mean(levels, axis=0), np.mean(trends, axis=0)


def _centred_year(logs: np.ndarray) -> np.ndarray:
    """Return the mean of the year around each month; past the ends the nearest year's mean stands for it."""
    first, last = (
        np.repeat(part.mean(axis=1, keepdims=True), YEAR // 2, axis=1) for part in (logs[:, :YEAR], logs[:, -YEAR:])
    )
    kernel = np.array([0.5, *np.ones(YEAR - 1), 0.5]) / YEAR
    padded = np.hstack([first, logs, last])
    return np.lib.stride_tricks.sliding_window_view(padded, YEAR + 1, axis=1) @ kernel


def _middle_half_mean(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the weighted mean of each row between its weighted quartiles, so that single odd years do not count."""
    order = np.argsort(values, axis=1)
    share = weight[order] / weight.sum()
    upper = share.cumsum(axis=1)
    inside = np.clip(np.minimum(upper, 0.75) - np.maximum(upper - share, 0.25), 0.0, None)
    return (np.take_along_axis(values, order, axis=1) * inside).sum(axis=1) / inside.sum(axis=1)
