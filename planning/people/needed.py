"""Officers needed to hold the base year's service, and the gap to those there.

    needed = posts of the base year x hours of the year / hours of the base year     (draw by draw)
    gap    = needed - there

Walk in: hours and posts. Walk out: needed and gap in every draw; the month from which there is a gap for good.
"""

from __future__ import annotations

import numpy as np

from models.forecast.years import MONTHS_A_YEAR


def officers(hours: np.ndarray, productive: np.ndarray) -> np.ndarray:
    """Return officers that hours of a year take, (..., draw), from productive hours of one a year, (draw)."""
    return hours / productive


def needed(hours: np.ndarray, base_hours: np.ndarray, posts: np.ndarray | float) -> np.ndarray:
    """Return officers needed to hold the service of the base year, of the shape of `hours`.

    hours : (..., year, draw); base_hours : (..., draw); posts : (...). Where the base year had no hours the posts stay.
    """
    before = base_hours[..., None, :]
    ratio = np.divide(hours, before, out=np.ones(np.broadcast_shapes(hours.shape, before.shape)), where=before > 0)
    return np.asarray(posts)[..., None, None] * ratio


def rolling_years(by_month: np.ndarray) -> np.ndarray:
    """Return sums of the twelve months up to each month from the twelfth on, along the second to last dimension."""
    sums = np.cumsum(by_month, axis=-2)
    later = sums[..., MONTHS_A_YEAR - 1 :, :].copy()
    later[..., 1:, :] -= sums[..., :-MONTHS_A_YEAR, :]
    return later


def break_even(needed_by_month: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the place of the first rolling year with a gap, (draw); the number of them where there is none.

    needed_by_month : (rolling year, draw); there : (rolling year).
    """
    short = needed_by_month > there[:, None]
    return np.where(short.any(axis=0), short.argmax(axis=0), len(short))
