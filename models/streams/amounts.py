"""Amounts as spells: minutes and money come in pieces, so their noise is that of a number of pieces of random size.

    amount = sum of N pieces, exponential with mean s, N a Poisson number of mean rate / s

so its mean is the rate and its variance 2 s x rate (a compound Poisson or Tweedie distribution: Jørgensen 1987). In
units of 2 s an amount has the mean and variance of a Poisson count, so everything that is learnt from counts can be
learnt from amounts.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

SMALLEST = 1.0  # units; a piece is no smaller
TYPICAL = 0.5  # quantile of the series' sizes that stands for all of them


def poisson_unit(values: np.ndarray) -> float:
    """Return the size 2 s in which amounts, (area, series, month), vary like counts; 1 where they do not vary.

    Squared second differences of months, 1.5 times the variance of one, are laid out as unit x mean + spread x mean^2
    by non-negative least squares, each series apart.
    """
    units = [_of_series(values[:, series]) for series in range(values.shape[1])]
    found = [unit for unit in units if unit > 0]
    return max(SMALLEST, float(np.quantile(found, TYPICAL))) if found else SMALLEST


def amounts_of_pieces(generator: np.random.Generator, pieces: np.ndarray, unit: float) -> np.ndarray:
    """Return whole amounts, float32, of numbers of pieces of mean size `unit` / 2."""
    amounts = generator.standard_gamma(np.maximum(pieces, TINY), dtype=np.float32)
    amounts *= np.float32(unit / 2) * (pieces > 0)
    return np.rint(amounts, out=amounts)


TINY = np.float32(1e-6)


def _of_series(values: np.ndarray) -> float:
    middle = (values[:, :-2] + values[:, 2:]) / 2
    squared, mean = (values[:, 1:-1] - middle) ** 2 / 1.5, (values[:, :-2] + values[:, 1:-1] + values[:, 2:]) / 3
    chosen = np.isfinite(squared) & (mean > 0)
    squared, mean = squared[chosen], mean[chosen]
    if len(mean) < 3:
        return 0.0
    # Divided by the mean, so that the largest cells do not decide alone.
    coefficients, _ = nnls(np.column_stack([np.ones_like(mean), mean]), squared / mean)
    return float(coefficients[0])
