"""School holidays, from a file of the force's: weeks of them are unlike others.

Walks in: `streams/school_holidays.csv` of a data folder. Walks out: a table of spans of days.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import read_table
from sources.streams.long_table import days_of

SCHOOL_HOLIDAYS = "school_holidays.csv"
_COLUMNS = ["first_day", "last_day", "known_from"]


def read_school_holidays(file: Path) -> pd.DataFrame:
    """Return first_day, last_day and known_from of school holidays, one row a holiday; none where there is no file.

    Raises
    ------
    InputError
        If a column is missing, a day cannot be told, or a holiday ends before it begins.
    """
    if not file.is_file():
        return pd.DataFrame({name: pd.Series(dtype="datetime64[us]") for name in _COLUMNS})
    table = read_table(file, _COLUMNS)
    days = pd.DataFrame({name: days_of(table, name, file) for name in _COLUMNS})
    wrong = days.index[days["last_day"] < days["first_day"]]
    if len(wrong):
        raise InputError(
            "A holiday ends before it begins",
            file=file,
            row=int(wrong[0]),
            column="last_day",
            value=f"{days.loc[wrong[0], 'last_day']:%Y-%m-%d}",
            remedy="Correct the row.",
        )
    return days.reset_index(drop=True)
