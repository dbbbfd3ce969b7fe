"""Years ahead: blocks of twelve months from the first forecast month, and the months left over; and quarters.

Walk in: values by month ahead. Walk out: their sums by block.
"""

from __future__ import annotations

import numpy as np

MONTHS_A_YEAR = 12
MONTHS_A_QUARTER = 3
QUARTERS_TOLD = 4


def block_starts(months: int) -> np.ndarray:
    """Return the first month, 0-based, of each whole year and of what is left after the last, if anything is."""
    return np.arange(0, months, MONTHS_A_YEAR)


def whole_years(months: int) -> int:
    """Return how many whole years there are."""
    return months // MONTHS_A_YEAR


def sum_blocks(by_month: np.ndarray) -> np.ndarray:
    """Return sums by block, (area, block, ...), of values by month, (area, month, ...), in the same type."""
    starts = block_starts(by_month.shape[1])
    if not np.issubdtype(by_month.dtype, np.integer):
        return np.add.reduceat(by_month, starts, axis=1, dtype=by_month.dtype)
    # The same sums, faster where there are many draws; of other numbers the last digits would be others.
    blocks = np.split(by_month, starts[1:], axis=1)
    return np.stack([block.sum(axis=1, dtype=by_month.dtype) for block in blocks], axis=1)


def sum_years(by_month: np.ndarray) -> np.ndarray:
    """Return sums by whole year, (area, year, ...)."""
    return sum_blocks(by_month)[:, : whole_years(by_month.shape[1])]


def years_beside(by_month: np.ndarray) -> np.ndarray:
    """Return months, then whole years, along the second dimension of (area, month, ...)."""
    return np.concatenate([by_month, sum_years(by_month)], axis=1)


def whole_quarters(months: int) -> int:
    """Return how many quarters are told: blocks of three months from the first, up to four."""
    return min(months // MONTHS_A_QUARTER, QUARTERS_TOLD)


def sum_quarters(by_month: np.ndarray) -> np.ndarray:
    """Return sums by quarter, (area, quarter, ...), of values by month, (area, month, ...), in the same type."""
    quarters = whole_quarters(by_month.shape[1])
    whole = by_month[:, : quarters * MONTHS_A_QUARTER]
    blocks = whole.reshape(len(whole), quarters, MONTHS_A_QUARTER, *whole.shape[2:])
    return blocks.sum(axis=2, dtype=by_month.dtype)
