"""One target: the chance of meeting it, the expected miss, and what change a month it needs from here.

    chance        = share of futures at or past the level aimed at
    expected miss = mean over futures of how far the year lies on the wrong side, nothing where it is met
    needed        = the g at which  recorded + sum over months to come of last year's same month x (1 + g) ^ h  is the
                    level aimed at; h counts months from the last recorded one

Walk in: draws of a year. Walk out: numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from planning.folder.goals.contracts_of_goals import AT_MOST

MOST_A_MONTH = 0.5  # a change a month beyond this is told as not to be had


@dataclass(frozen=True)
class Chance:
    """How a year may come out: its mean and 80 % interval, the chance of meeting the target, the expected miss."""

    mean: float
    low: float
    high: float
    met: float
    miss: float


def chance_of(draws: np.ndarray, aim: float, direction: str) -> Chance:
    """Return how a year may come out, from draws, (draw)."""
    wrong = draws - aim if direction == AT_MOST else aim - draws
    low, high = np.quantile(draws, [0.1, 0.9])
    return Chance(
        float(draws.mean()), float(low), float(high), float((wrong <= 0).mean()), float(np.maximum(wrong, 0).mean())
    )


def change_a_month(aim: float, recorded: float, last_year: np.ndarray, months_from_now: np.ndarray) -> float:
    """Return the constant change a month that makes a year come to `aim`; missing where no such change is in reach.

    last_year : the last year's same months as those to come, (month); months_from_now : (month), 1 the next one.
    """

    def off(change: float) -> float:
        return recorded + float((last_year * (1 + change) ** months_from_now).sum()) - aim

    if not len(last_year) or off(-MOST_A_MONTH) > 0 or off(MOST_A_MONTH) < 0:
        return float("nan")
    return float(brentq(off, -MOST_A_MONTH, MOST_A_MONTH))


def survey_interval(share: float, asked: float, level: float = 0.8) -> tuple[float, float]:
    """Return the interval of a share of so many asked (Wilson 1927), as if they had been asked at random."""
    z = float(norm.isf((1 - level) / 2))
    middle = (share + z**2 / (2 * asked)) / (1 + z**2 / asked)
    half = z / (1 + z**2 / asked) * np.sqrt(share * (1 - share) / asked + z**2 / (4 * asked**2))
    return float(middle - half), float(middle + half)
