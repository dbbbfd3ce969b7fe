"""What the uncertainty of a gap comes from: demand, and each group of assumptions that err together.

Walk in: a plan, its demand and one group alone. Walk out: shares of the gap's variance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

DEMAND, TOGETHER = "demand", "acting together"


def variance_shares(
    whole: np.ndarray, demand_alone: np.ndarray, alone: Callable[[str], np.ndarray], groups: Sequence[str]
) -> pd.DataFrame:
    """Return assumption, year (place), variance, share: of demand, of each group alone, and of what is left.

    whole, demand_alone : officers needed, (year, draw). alone(group) : the same with that group alone uncertain and
    demand at its mean. The rest is what acts only together; it may be below zero, and shares sum to one.
    """
    total = whole.var(axis=-1)
    parts = {DEMAND: demand_alone.var(axis=-1), **{group: alone(group).var(axis=-1) for group in groups}}
    parts[TOGETHER] = total - sum(parts.values())
    rows = [
        (name, year, variance[year], variance[year] / total[year] if total[year] > 0 else 0.0)
        for name, variance in parts.items()
        for year in range(len(total))
    ]
    return pd.DataFrame(rows, columns=["assumption", "year", "variance", "share"])
