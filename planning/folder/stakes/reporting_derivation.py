"""Shares of incidents that reach the police, derived from a survey's yearly shares and from another source beside it.

Walk in: shares by category and year, and crimes per recorded crime. Walk out: rows of `reporting`.

    p50 = mean of the last three years' log-odds; p10, p90 = 1.2816 x the standard deviation of a year around it
    standard deviation of a year = that of changes from year to year over ten years / square root of two
    implied share = 1 / (crimes per recorded crime x share of reported crime that is recorded)

The interval reaches to the implied share, for two public sources that disagree are less sure than either says. Of
several categories that make a crime type p50 is between them, p10 and p90 are the outermost.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

LAST_YEARS = 3
_Z90 = 1.2816
_MOST = 0.99
_SOURCE = "CSEW annual trend tables D10, ten years to March 2019: {categories}"
_BESIDE = "; reaching to what crimes per recorded crime imply (Home Office RR99, 2018)"


def derived_reporting(shares: pd.DataFrame, multipliers: pd.DataFrame, accuracy: float) -> pd.DataFrame:
    """Return what, p10, p50, p90, source.

    shares : crime_type, category, year_ending, share. multipliers : crime_type, crimes_per_recorded_crime.
    """
    implied = (1 / (multipliers.set_index("crime_type")["crimes_per_recorded_crime"] * accuracy)).clip(upper=_MOST)
    rows = []
    for crime_type, of_type in shares.groupby("crime_type", sort=False):
        middles, spreads = zip(*(_of_category(held["share"]) for _, held in of_type.groupby("category")), strict=True)
        middle = np.array(middles)
        low, high = (middle - _Z90 * np.array(spreads)).min(), (middle + _Z90 * np.array(spreads)).max()
        values = [_share(one) for one in (low, middle.mean(), high)]
        source = _SOURCE.format(categories=", ".join(dict.fromkeys(of_type["category"])))
        if crime_type in implied.index:
            other = float(implied[crime_type])
            values = [min(values[0], other), values[1], max(values[2], other)]
            source += _BESIDE
        rows.append((crime_type, *(round(value, 4) for value in values), source))
    return pd.DataFrame(rows, columns=["what", "p10", "p50", "p90", "source"])


def _of_category(share: pd.Series) -> tuple[float, float]:
    odds = np.log((share / (1 - share)).to_numpy(float))
    return float(odds[-LAST_YEARS:].mean()), float(np.diff(odds).std() / np.sqrt(2))


def _share(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))
