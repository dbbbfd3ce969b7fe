"""Our count calibration for peers: a negative binomial around their mean, as dispersed as they erred before.

Walks in: a peer's past forecasts of a level beside what came. Walks out: the nine quantiles of its new forecast.

    offences ~ negative binomial with mean m and variance m + a m^2

The dispersion a, of each crime type and group of months ahead, has the highest likelihood over past errors that were
known at the origin, to which the errors of all crime types of the level together are added with the weight of
PRIOR_CELLS, so that a type with few errors borrows from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from levels import QUANTILES
from scipy.special import gammaln
from scipy.stats import nbinom

HORIZON_GROUPS = ((1, 3), (4, 6), (7, 12), (13, 24), (25, 36))
DISPERSIONS = np.geomspace(1e-5, 3, 60)
PRIOR_CELLS = 24
LEAST_MEAN = 0.02  # offences a month; a peer that says 0 must still allow for one
# A single past forecast that ran away would make all later intervals useless, so misses by more than this factor are
# left out: (m + OFFSET) / (y + OFFSET) or its inverse. That favours the peer.
RUNAWAY, OFFSET = 4, 3


@dataclass(frozen=True)
class PastForecast:
    """What a peer said before and what came: (series, month ahead); kind, (series); usable, (month ahead) bool."""

    kind: np.ndarray
    mean: np.ndarray
    came: np.ndarray
    usable: np.ndarray


def dispersions(past: Sequence[PastForecast], kinds: int) -> np.ndarray:
    """Return the dispersion by (crime type, group of months ahead); groups without errors take the one before."""
    found = np.full((kinds, len(HORIZON_GROUPS)), DISPERSIONS[0])
    for group, (first, last) in enumerate(HORIZON_GROUPS):
        likelihood, cells = np.zeros((kinds, len(DISPERSIONS))), np.zeros(kinds)
        for one in past:
            chosen = np.flatnonzero(one.usable[first - 1 : last]) + first - 1
            if not len(chosen):
                continue
            came, mean = one.came[:, chosen], one.mean[:, chosen]
            kept = np.abs(np.log((mean + OFFSET) / (came + OFFSET))) <= np.log(RUNAWAY)
            np.add.at(likelihood, one.kind, _log_likelihood(came, mean, kept))
            np.add.at(cells, one.kind, kept.sum(axis=1))
        if not cells.any():
            found[:, group] = found[:, group - 1]
            continue
        prior = PRIOR_CELLS * likelihood.sum(axis=0) / cells.sum()
        found[:, group] = DISPERSIONS[np.argmax(likelihood + prior, axis=1)]
    return found


def calibrated_quantiles(mean: np.ndarray, kind: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Return the nine quantiles, (series, month ahead, quantile) offences, of means (series, month ahead)."""
    ahead = np.arange(1, mean.shape[1] + 1)
    group = np.searchsorted([last for _, last in HORIZON_GROUPS], ahead)
    size = 1 / dispersion[kind][:, group]
    share = size / (size + np.maximum(mean, LEAST_MEAN))
    return np.stack([nbinom.ppf(level, size, share) for level in QUANTILES.values()], axis=-1)


def _log_likelihood(came: np.ndarray, mean: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Return the log-likelihood of each series' kept cells, (series, dispersion), up to a constant."""
    mean = np.maximum(mean, LEAST_MEAN)
    by_dispersion = []
    for dispersion in DISPERSIONS:
        size = 1 / dispersion
        terms = gammaln(came + size) - gammaln(size) - size * np.log1p(mean * dispersion)
        terms += came * (np.log(mean) - np.log(size + mean))
        by_dispersion.append((terms * kept).sum(axis=1))
    return np.stack(by_dispersion, axis=-1)
