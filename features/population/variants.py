"""Variants of the projected population: how far off it may be, by how far off it has been.

Walks in: the path of the boroughs' residents. Walks out: by single year of age, the log ratio of a variant to the
central one for each year of lead.
"""

from __future__ import annotations

import numpy as np

from features.population.boroughs import BoroughPath, log_ratio
from features.population.cohorts import carried
from sources.files.errors import InputError
from sources.tables.contracts import OLDEST_AGE

VARIANTS = {"low": -1.0, "central": 0.0, "high": 1.0}  # in typical errors
UNMEASURED = 0.006  # typical log error a year where no estimate has yet shown one
_SHORTEST_LEAD = 3  # years: over fewer an error says more of the estimates than of the projection
_AGES_TOGETHER = 9


def variant_spread(path: BoroughPath, variant: str) -> np.ndarray:
    """Return log ratio to the central variant for each year of lead, (age).

    The typical error is the root mean square, over boroughs, of what came over what the projection said, both set equal
    in the year before it was made; it is taken to grow evenly with lead, as it has, and smoothed over nine ages.

    Raises
    ------
    InputError
        If there is no such variant.
    """
    if variant not in VARIANTS:
        raise InputError(
            "There is no such variant of population", value=variant, remedy=f"Choose one of {', '.join(VARIANTS)}."
        )
    return VARIANTS[variant] * typical_error(path)


def typical_error(path: BoroughPath) -> np.ndarray:
    """Return the typical log error of the projection a year of lead, (age)."""
    reference = path.reference
    if reference.made is None:
        return np.full(OLDEST_AGE + 1, UNMEASURED)
    base = reference.made.year - 1
    later = [year for year in path.anchors.settled if year - base >= _SHORTEST_LEAD]
    if not later or base < reference.years[0]:
        return np.full(OLDEST_AGE + 1, UNMEASURED)
    at_base = path.anchors.at(base)
    expected = {year: reference.at(year) * np.exp(carried(at_base, year - base)) for year in later}
    by_age = _typical([log_ratio(path.at(year), expected[year]) / (year - base) for year in later])
    window = np.ones(_AGES_TOGETHER)
    smooth = np.convolve(by_age, window, "same") / np.convolve(np.ones_like(by_age), window, "same")
    # Errors of single ages partly make up for each other: all ages together are to be as far off as all ages were.
    residents = path.at(path.last_estimate).sum(axis=0)
    together = _typical(
        [np.log(path.at(year).sum(axis=1) / expected[year].sum(axis=1))[:, None] / (year - base) for year in later]
    )
    return smooth * together / (smooth @ residents / residents.sum())


def _typical(errors: list[np.ndarray]) -> np.ndarray:
    return np.sqrt(np.mean(np.square(errors), axis=(0, 1)))
