"""Raking: tables of wards by age made to agree with totals that are known better.

Walks in: a first guess, (ward, age) persons, with totals of wards, of bands of age or of boroughs by age. Walks out:
the table nearest to the guess that meets them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

TOLERANCE = 1e-9  # largest relative miss of a total
_STEPS = 500
_SMOOTH_STEPS = 40
_LARGEST_STEP = 2.0  # of a logarithm


def smoothly_to_bands(guess: np.ndarray, bands: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the guess, (place, age), with the sums of bands, (place, band), as near as a smooth correction brings it.

    `starts`: first age of each band. The logarithm of the correction runs straight from the middle of one band to the
    middle of the next, so that no step appears where bands meet (calibration to continuous covariates, Deville and
    Sarndal 1992).
    """
    ages = np.arange(guess.shape[1])
    middles = starts + (np.diff([*starts, guess.shape[1]]) - 1) / 2
    shape = np.stack([np.interp(ages, middles, one) for one in np.eye(len(starts))])
    log_correction = np.zeros(bands.shape)
    for _ in range(_SMOOTH_STEPS):
        corrected = guess * np.exp(log_correction @ shape)
        sums = np.add.reduceat(corrected, starts, axis=1)
        step = np.log((bands + 0.5) / (sums + 0.5))  # half a person keeps empty bands from running away
        log_correction += np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        np.clip(log_correction, -20.0, 20.0, out=log_correction)
    return guess * np.exp(log_correction @ shape)


def to_margins(guess: np.ndarray, rows: np.ndarray, columns: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return the guess, (row, column) not negative, with sums of rows and, within each group of rows, of columns.

    `rows`: (row); `columns`: (group, column), whose sums are those of the rows; `group`: (row) position of its group,
    none empty.
    Iterative proportional fitting (Deming and Stephan 1940).
    """
    return _fitted(guess, lambda table: _row_factor(table, rows), columns, group)


def to_bands_and_columns(
    guess: np.ndarray, bands: np.ndarray, starts: np.ndarray, columns: np.ndarray, group: np.ndarray
) -> np.ndarray:
    """Return the guess with sums of bands of columns, (row, band), and of columns by group, as `to_margins`."""
    band_of = np.repeat(np.arange(len(starts)), np.diff([*starts, guess.shape[1]]))

    def factor(table: np.ndarray) -> np.ndarray:
        return _ratio(bands, np.add.reduceat(table, starts, axis=1))[:, band_of]

    return _fitted(guess, factor, columns, group)


def sums_by_group(table: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return sums of rows by group, (group, ...)."""
    order = np.argsort(group, kind="stable")
    return np.add.reduceat(table[order], np.searchsorted(group[order], np.arange(group.max() + 1)), axis=0)


def _fitted(
    guess: np.ndarray, row_factor: Callable[[np.ndarray], np.ndarray], columns: np.ndarray, group: np.ndarray
) -> np.ndarray:
    table = guess
    for _ in range(_STEPS):
        table = table * row_factor(table)
        factor = _ratio(columns, sums_by_group(table, group))
        table = table * factor[group]
        if np.abs(row_factor(table)[table.sum(axis=1) > 0] - 1).max(initial=0.0) < TOLERANCE:
            break
    return table


def _row_factor(table: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return _ratio(rows, table.sum(axis=1))[:, None]


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)
