"""Features of history: recent levels, seasons and lags of counts.

Walks in: counts whose last dimension is month, ending at the origin. Walks out: arrays of the same areas and types.
All of them look backwards only.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

YEAR = 12


def recency_weights(months: int, half_life: float) -> np.ndarray:
    """Return weights, (month), that halve every `half_life` months back from the last, which has weight 1."""
    return 0.5 ** (np.arange(months)[::-1] / half_life)


def recent_mean(counts: xr.DataArray, half_life: float) -> xr.DataArray:
    """Return the exponentially weighted mean of the months, offences a month; missing months are left out."""
    weights = xr.DataArray(
        recency_weights(counts.sizes["month"], half_life), dims="month", coords={"month": counts["month"]}
    )
    return counts.weighted(weights).mean("month").fillna(0.0)


def pooled_season(counts: xr.DataArray, usual: np.ndarray) -> xr.DataArray:
    """Return seasonal indices, (..., month_of_year 1..12), with mean one, of counts pooled over wards beforehand.

    The index of a calendar month is its mean ratio to the centred twelve-month average around it (ratio to moving
    average: Shiskin, Young & Musgrave 1967), over the months marked `usual`, (month) bool. A calendar month that was
    never usual, or with no offences around it, has index 1.
    """
    month_of_year = counts["month"].dt.month.to_numpy()
    year = counts.rolling(month=YEAR, center=True).mean()
    centred = (year + year.shift(month=-1)) / 2
    ratio = (counts / centred.where(centred > 0)).where(xr.DataArray(usual, dims="month"))
    ratio = ratio.assign_coords(month_of_year=("month", month_of_year))
    index = ratio.groupby("month_of_year").mean().reindex(month_of_year=np.arange(1, YEAR + 1)).fillna(1.0)
    index = index.clip(min=0.05)
    return index / index.mean("month_of_year")
