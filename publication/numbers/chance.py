"""The direction of a change, from the chance of it: what a sentence may say, and what it may not.

Walks in: quantiles of what is to come, and what was recorded. Walks out: the chance of more than was recorded, and
words. The mean of a skewed forecast can lie above last year while most of its draws lie below: means are for adding up.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from models.forecast.vocabulary import QUANTILES
from models.scoring.control_charts import normal_scores

LIKELY = 0.75  # chance from which a direction is named; "likely" of the PHIA probability yardstick ends here
NEARLY_SURE = 0.95


def chance_of_more(cells: pd.DataFrame, recorded: pd.Series | np.ndarray) -> np.ndarray:
    """Return the chance, (row), that more will be recorded than was; missing where what was is.

    cells : rows of a forecast table. Between the nine quantiles the distribution is taken as normal in pieces; half of
    the chance of the very same number counts.
    """
    before = np.asarray(recorded, dtype=float)
    if not len(cells):
        return np.zeros(0)
    scores = normal_scores(np.nan_to_num(before), cells[list(QUANTILES)].to_numpy(dtype=float))
    return np.where(np.isnan(before), np.nan, norm.sf(scores))


def tenths(chance: float) -> str:
    """Return a chance as a reader meets it: `4 in 10`; at its ends `under 1 in 20`, `over 19 in 20`."""
    if np.isnan(chance):
        return ""
    if chance < 1 - NEARLY_SURE:
        return "under 1 in 20"
    if chance > NEARLY_SURE:
        return "over 19 in 20"
    return f"{min(max(int(np.floor(10 * chance + 0.5)), 1), 9)} in 10"


def direction(chance: float) -> str:
    """Return `up`, `down` or `either`: which way a number is likely to go; empty where the chance is not known."""
    if np.isnan(chance):
        return ""
    return "up" if chance >= LIKELY else "down" if chance <= 1 - LIKELY else "either"


def outlook_in_words(chance: float) -> str:
    """Say which way a number is likely to go and how likely: `likely to rise (chance 8 in 10)`."""
    words = {
        "up": f"likely to rise (chance {tenths(chance)})",
        "down": f"likely to fall (chance {tenths(1 - chance)})",
        "either": f"could go either way (chance of a rise {tenths(chance)})",
    }
    return words.get(direction(chance), "")
