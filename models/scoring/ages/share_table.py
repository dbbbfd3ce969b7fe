"""What a table of shares of ages must hold to be scored.

Walks in: a table, ours or another's. Walks out: the same, sorted and with months as months, or an error that names the
row to mend.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.vocabulary import BASES
from sources.files.errors import InputError
from sources.tables.contracts import OLDEST_AGE

NEEDED = ["origin", "basis", "source", "series", "first_month", "last_month", "age_low", "age_high", "share"]
KEYS = ["origin", "basis", "source", "series", "first_month", "last_month"]
MONTHS = ["origin", "first_month", "last_month"]
_REMEDY = "See docs/scoring.md for what a table of shares of ages holds; `wardcast backtest --ages` writes one."
_ROUNDING = 1e-3


def checked_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with months as the first days of months.

    Raises
    ------
    InputError
        A missing column; a basis but victim and suspect; a share that is missing, or below nought; shares of a series
        and year that do not add up to one; bands that overlap; a month that cannot be told; draws, where there are any,
        of different numbers or outside 0 to 1.
    """
    for column in NEEDED:
        if column not in table:
            raise InputError("The table of shares of ages lacks a column", column=column, remedy=_REMEDY)
    table = table.reset_index(drop=True)
    table = table.assign(**{column: _months(table[column]) for column in MONTHS})
    _refuse(~table["basis"].isin(BASES), table, "basis", "A basis is victim or suspect")
    for column in ("age_low", "age_high"):
        _refuse(~table[column].between(0, OLDEST_AGE), table, column, f"An age is from 0 to {OLDEST_AGE}")
    _refuse(~(table["share"] >= 0), table, "share", "A share is missing or below nought")
    ordered = table.sort_values([*KEYS, "age_low"], kind="stable")
    overlap = ordered["age_low"] <= ordered.groupby(KEYS)["age_high"].shift(fill_value=-1)
    _refuse(overlap.reindex(table.index), table, "age_low", "Bands of ages of a series overlap")
    whole = table.groupby(KEYS)["share"].transform("sum")
    _refuse((whole - 1).abs() > _ROUNDING, table, "share", "The shares of a series and year do not add up to one")
    if "draws" in table:
        lengths = table["draws"].map(np.size)
        _refuse(lengths != lengths.iloc[0], table, "draws", "Rows have different numbers of draws")
        inside = table["draws"].map(lambda draws: bool(np.all((np.asarray(draws) >= 0) & (np.asarray(draws) <= 1.001))))
        _refuse(~inside, table, "draws", "A draw of a share lies outside 0 to 1")
    return table


def _months(values: pd.Series) -> pd.Series:
    try:
        found = pd.to_datetime(values)
    except (ValueError, TypeError) as error:
        raise InputError("A month cannot be told", column=str(values.name), remedy=_REMEDY) from error
    if found.isna().any():
        row = int(np.flatnonzero(found.isna())[0])
        raise InputError("A month is missing", column=str(values.name), row=row, remedy=_REMEDY)
    return pd.Series(found.dt.to_period("M").dt.to_timestamp())


def _refuse(wrong: pd.Series, table: pd.DataFrame, column: str, problem: str) -> None:
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        value = table[column].iloc[row]
        told = None if np.ndim(value) else str(value)
        raise InputError(problem, column=column, row=row, value=told, remedy=_REMEDY)
