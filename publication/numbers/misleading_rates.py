"""Wards where a rate per resident misleads.

Walks in: expected crime and residents by ward. Walks out: for each ward why, or nothing.
"""

from __future__ import annotations

import numpy as np

FEW_RESIDENTS = 1_000  # a handful of offences moves the rate of a ward as small as this


BUSY = 2.5  # times the rate of the middle ward: most of the people there live elsewhere


def misleading_rates(expected: np.ndarray, residents: np.ndarray) -> list[str]:
    """Return for each ward why a rate per resident misleads: `few`, `busy`, or nothing.

    expected : recorded crime of all types in the first year, (ward). residents : (ward).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = expected / residents
    usual = np.nanmedian(rate[np.isfinite(rate)]) if np.isfinite(rate).any() else np.inf
    few = ~(residents >= FEW_RESIDENTS)
    return ["few" if one else "busy" if high else "" for one, high in zip(few, rate > BUSY * usual, strict=True)]
