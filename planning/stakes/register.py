"""A risk register in the shape of MoRiLE: what the force says of a threat, with likelihood and trend from the draws.

    impact = sum of weight x score / sum of weights, over physical, psychological, financial, community, environment
    risk   = impact x likelihood + weight of position x (capacity + capability) / 2          (in every draw)

Walk in: counts of each threat, its scores, scales and errors. Walk out: risk and ranks by threat and draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.assumed import Errors, positive, row_of
from planning.folder.stakes.risk_scales import IMPACTS, POSITION, RiskScales
from planning.stakes.harm import ranks


@dataclass(frozen=True, eq=False)
class Scored:
    """Threats scored, the first dimension in the order of the register; draws may be one.

    likelihood, trend : (threat, draw) place of the word on its scale; trend is -1 where no draws tell it. impact,
    position, risk : (threat, draw). rank : (threat, draw), one for the greatest risk.
    """

    likelihood: np.ndarray
    trend: np.ndarray
    impact: np.ndarray
    position: np.ndarray
    risk: np.ndarray

    @property
    def rank(self) -> np.ndarray:
        """Ranks in each draw."""
        return ranks(self.risk)


def score(
    register: pd.DataFrame,
    counts: Mapping[str, np.ndarray],
    base: Mapping[str, np.ndarray | float],
    scales: RiskScales,
    errors: Errors,
    draws: int,
) -> Scored:
    """Return the scores of a register's rows.

    counts : by threat, of the first year of the plan, (draw); base : of the last recorded year. A threat that is not
    among them has its likelihood from its own word, and no trend.
    """
    steps = np.array([one.a_year for one in scales.likelihood])
    changes = np.array([one.change for one in scales.trend])
    likelihood = np.zeros((len(register), draws), dtype=int)
    trend = np.full((len(register), draws), -1)
    for place, (threat, word) in enumerate(zip(register["threat"], register["likelihood"], strict=True)):
        if threat in counts:
            likelihood[place] = np.searchsorted(steps, counts[threat], side="right") - 1
            change = counts[threat] / np.maximum(base[threat], 1e-9) - 1
            trend[place] = np.searchsorted(changes, change, side="right") - 1
        else:
            likelihood[place] = scales.words("likelihood").index(word)
    weights = {
        name: positive(row_of(weight.model_dump(), f"weight of {name}"), errors)[0]
        for name, weight in scales.weights.items()
    }
    impact = _impact(register, scales, weights, errors)
    held = [register[name].map(getattr(scales, name)).to_numpy(float) for name in ("capacity", "capability")]
    position = (held[0] + held[1])[:, None] / 2 * weights[POSITION]
    worth = np.array([one.score for one in scales.likelihood])[likelihood]
    return Scored(likelihood, trend, impact, position, impact * worth + position)


def _impact(
    register: pd.DataFrame, scales: RiskScales, weights: Mapping[str, np.ndarray], errors: Errors
) -> np.ndarray:
    """Return impact, (threat, draw): scores of a threat are off together, as far as its confidence says."""
    spread = register["confidence"].map(scales.confidence).to_numpy(float)[:, None]
    off = spread * np.stack([errors.of(f"scores of {threat}") for threat in register["threat"]])
    most = max(scales.impact.values())
    total = np.sum([weights[name] for name in IMPACTS], axis=0)
    parts = [
        weights[name] * np.clip(register[name].map(scales.impact).to_numpy(float)[:, None] + off, 0, most)
        for name in IMPACTS
    ]
    return np.sum(parts, axis=0) / total
