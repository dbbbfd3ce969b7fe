"""Which months of a source are whole, so that a month just begun does not pass for a fall in crime.

Walks in: the offences of each month, or the days on which they were recorded. Walks out: the months that are not whole.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sources.files.errors import InputError

# A rolling file may open with a month of a few dozen offences, or end with one just begun. No whole month
# comes near a twentieth of a usual one (London's lowest, in the first lockdown, held 73 %), unless a usual
# month holds next to nothing.
STUB_SHARE = 0.05
USUAL_MONTH = 20

STUB = "a stub: the month holds under a twentieth of a usual month's offences, so all of it is left out"
UNFINISHED = "a month whose first or last days have no record: all of it is left out"


def stubs(volumes: pd.Series, file: Path, column: str | None = None) -> list[pd.Timestamp]:
    """Return the first and the last month if they are stubs; volumes are offences by month, ascending.

    column: that of the file which gives the month, where each month has none of its own.

    Raises
    ------
    InputError
        A month within the file that is nearly empty.
    """
    usual = volumes.median()
    low = volumes[(volumes < STUB_SHARE * usual) & (usual >= USUAL_MONTH)]
    within = low.drop(volumes.index[[0, -1]], errors="ignore")
    if len(within):
        month = within.index[0]
        raise InputError(
            f"{month:%Y-%m}, a month within the file, holds under a twentieth of a usual month's offences",
            file=file,
            column=column or f"{month:%Y%m}",
            value=int(within.iloc[0]),
            remedy="Obtain the file again, whole; only its first or last month may be unfinished.",
        )
    return list(low.index)


def partial_months(days: pd.Series, file: Path, column: str) -> dict[pd.Timestamp, str]:
    """Return the first and the last month of records with the reason, where they are not whole.

    days: the day on which each offence was recorded, indexed by row of the file. column: that of the days.

    A month is not whole if it is a stub, or if more days pass before the first record of the extract, or after the
    last, than ever do between two of its records. Where every day has records, the last must be of a month's last
    day; where working days have, a weekend may be missing, or as many days as the longest holiday.

    Raises
    ------
    InputError
        A month without records, or nearly so, between the first and the last.
    """
    months = days.to_numpy().astype("datetime64[M]").astype("datetime64[us]")
    volumes = pd.Series(months).value_counts().sort_index()
    every_month = pd.date_range(volumes.index[0], volumes.index[-1], freq="MS")
    absent = every_month[~every_month.isin(volumes.index)]
    if len(absent):
        fewer = min(days[days < absent[0]], days[days > absent[0]], key=len)
        raise InputError(
            f"No offence was recorded in {absent[0]:%Y-%m}, though some were before and after it",
            file=file,
            row=int(fewer.index[0]),
            column=column,
            remedy="Add the records of that month; or correct the date in this row, if it is a slip.",
        )
    reasons = dict.fromkeys(stubs(volumes, file, column), STUB)
    recorded = days[~np.isin(months, np.array(list(reasons), "datetime64[us]"))].drop_duplicates().sort_values()
    first, last = recorded.iloc[0], recorded.iloc[-1]
    longest_step = recorded.diff().max() if first < last else pd.Timedelta(days=1)
    first_day, last_day = first.replace(day=1), last + pd.offsets.MonthEnd(0)
    if first - first_day >= longest_step:
        reasons[first_day] = UNFINISHED
    if last_day - last >= longest_step:
        reasons[last.replace(day=1)] = UNFINISHED
    return reasons
