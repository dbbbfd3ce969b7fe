"""Months that hold far fewer or far more offences than those beside them and the same months of other years.

Walks in: counts by month, of one series or of many. Walks out: what each month could be expected to hold, and which
months stand out.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from sources.files.errors import InputError

BESIDE = 12  # months whose middle is usual: six before and six after, or the last or first twelve at either end
FEWEST_YEARS = 2  # other years that a season is taken from
SEASONAL = 100.0  # offences a month, from which a series shows its season

TOO_FEW, TOO_MANY = 0.90, 1.25  # shares of what is expected, outside which a month of all offences is told
SPREADS = 3.0  # usual departures from what is expected, that a month of all offences exceeds before it is told
PART_TOO_FEW = 0.4  # the same share of one area or one crime type
PART_SPREADS = 5.0
SMALLEST_PART = 30.0  # offences expected, from which a month of an area or type is looked at
WHOLE = 0.6  # share of what is expected, under which a month is refused; London's lowest whole month held 72 %
LEAST_SPREAD = 0.01


def expected(volumes: pd.DataFrame) -> pd.DataFrame:
    """Return what each month (rows, in order and without a gap) of each series (columns) could be expected to hold.

    The middle of the twelve months beside it, times what the same month of other years held over theirs, middle of
    those years, where there are two and the series is large. Missing where a history has no thirteen months.
    """
    counts = volumes.to_numpy(float)
    months = len(counts)
    if months <= BESIDE:
        return pd.DataFrame(np.nan, index=volumes.index, columns=volumes.columns)
    beside = np.empty_like(counts)
    for month in range(months):
        first = min(max(month - BESIDE // 2, 0), months - BESIDE - 1)
        others = [each for each in range(first, first + BESIDE + 1) if each != month]
        beside[month] = np.median(counts[others], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(beside > 0, counts / beside, np.nan)
    season = np.ones_like(counts)
    for month in range(months):
        years = [each for each in range(month % 12, months, 12) if each != month]
        if len(years) >= FEWEST_YEARS:
            season[month] = pd.DataFrame(over[years]).median().fillna(1.0)
    large = beside >= SEASONAL
    return pd.DataFrame(np.where(large, beside * season, beside), index=volumes.index, columns=volumes.columns)


def departures(volumes: pd.DataFrame) -> pd.DataFrame:
    """Return volumes as shares of what is expected, months x series; missing where nothing is."""
    usual = expected(volumes)
    return (volumes / usual.where(usual > 0)).astype(float)


def doubtful_months(volumes: pd.Series) -> pd.DataFrame:
    """Return the months of all offences together that stand out: month, recorded, expected, share."""
    table = volumes.to_frame("recorded")
    usual = expected(table)["recorded"]
    share = departures(table)["recorded"]
    margin = min(SPREADS * _spread(share.to_frame()).iloc[0], 1 - WHOLE)
    odd = (share < np.minimum(TOO_FEW, 1 - margin)) | (share > np.maximum(TOO_MANY, 1 + margin))
    found = pd.DataFrame({"month": volumes.index, "recorded": volumes, "expected": usual, "share": share})
    return found[odd.to_numpy()].reset_index(drop=True)


def refuse_partial_month(volumes: pd.Series, whole_months: Collection[str], files: str) -> None:
    """Refuse offences by month of which one holds far fewer than usual, unless it is said to be whole (as 2020-04).

    Raises
    ------
    InputError
        At the newest month that holds under `WHOLE` of what is expected, naming both numbers.
    """
    found = doubtful_months(volumes)
    low = found[(found["share"] < WHOLE) & (found["expected"] >= SMALLEST_PART)]
    low = low[~low["month"].dt.strftime("%Y-%m").isin(list(whole_months))]
    if low.empty:
        return
    worst = low.iloc[-1]
    month, newest = f"{worst['month']:%Y-%m}", volumes.index[-1]
    before = f"{worst['month'] - pd.DateOffset(months=1):%Y-%m}"
    leave_out = ""
    if worst["month"] == newest:
        leave_out = f' To leave it out until it is, write in force.toml: last_month = "{before}".'
    raise InputError(
        f"{month} holds {worst['recorded']:,.0f} offences where {worst['expected']:,.0f} are usual "
        f"({worst['share']:.0%}): the month does not seem to be whole",
        file=files,
        column=month,
        value=int(worst["recorded"]),
        remedy=f'Obtain the month whole.{leave_out} If it is whole, say so in force.toml: whole_months = ["{month}"].',
    )


def doubtful_parts(volumes: pd.DataFrame) -> pd.DataFrame:
    """Return the months of areas or crime types (columns) that hold far too few: month, part, recorded, expected."""
    usual, share = expected(volumes), departures(volumes)
    spread = _spread(share).to_numpy()[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        usually = np.log(share.to_numpy()) > -PART_SPREADS * np.maximum(spread, 1 / np.sqrt(usual.to_numpy()))
    low = (usual.to_numpy() >= SMALLEST_PART) & (share.to_numpy() < PART_TOO_FEW) & ~usually
    month, part = np.nonzero(low)
    return pd.DataFrame(
        {
            "month": volumes.index[month],
            "part": volumes.columns[part],
            "recorded": volumes.to_numpy()[month, part],
            "expected": usual.to_numpy()[month, part],
        }
    )


def _spread(share: pd.DataFrame) -> pd.Series:
    """Return how far a series usually departs from what is expected, as a share: from the middle of its departures."""
    logs = share.where(share > 0).transform(np.log)
    return (1.4826 * (logs - logs.median()).abs().median()).clip(lower=LEAST_SPREAD)
