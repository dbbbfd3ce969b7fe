"""How sure a score is: bootstrap intervals that resample whole months.

Walk in: sums by month, each over all areas and crime types. Walk out: intervals. Errors of one month are
shared by wards and crime types, so the month is the unit to resample: Efron and Tibshirani (1993), "An
introduction to the bootstrap", chapters 8 and 13 (percentile intervals). Errors also persist from month to
month, so that intervals from few origins are still too narrow.
"""

from __future__ import annotations

import numpy as np

RESAMPLES = 2000


def coverage_interval(
    covered: np.ndarray,
    cells: np.ndarray,
    generator: np.random.Generator,
    *,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the interval of a coverage, sum covered / sum cells, each (month) a number of cells."""
    chosen = _months(len(cells), generator)
    return _interval(covered[chosen].sum(axis=1) / cells[chosen].sum(axis=1), confidence)


def gain_interval(
    losses: np.ndarray,
    reference_losses: np.ndarray,
    generator: np.random.Generator,
    *,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the interval of the gain over a reference, 1 - sum losses / sum reference losses.

    Both, (month), are summed losses (WIS, CRPS or absolute errors, in offences) of the same cells; each
    resample takes the same months of both.
    """
    chosen = _months(len(losses), generator)
    return _interval(1 - losses[chosen].sum(axis=1) / reference_losses[chosen].sum(axis=1), confidence)


def _months(count: int, generator: np.random.Generator) -> np.ndarray:
    return generator.integers(count, size=(RESAMPLES, count))


def _interval(values: np.ndarray, confidence: float) -> tuple[float, float]:
    lower, upper = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(lower), float(upper)
