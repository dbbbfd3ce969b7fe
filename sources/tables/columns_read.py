"""Which columns of a publisher's table are read, so that none is left out without a word.

Walks in: a table and the columns that its reader takes or knows to be of no use. Walks out: nothing, or an `InputError`
that names the first other column.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError

# What a column that tells sexes apart may be called, and what stands in it where a row is of everyone.
SEX_COLUMNS = frozenset({"sex", "sex_code", "sex_name", "gender"})
PERSONS = frozenset(
    {"persons", "person", "people", "all", "all persons", "all people", "both", "both sexes", "total", "t", "p"}
)
# Names beside codes, and sums that are checked elsewhere or not needed, in tables of residents.
NAMES_OF_AREAS = frozenset(
    {
        *("area_code", "area_name", "district", "borough", "borough_name", "gss_code_borough", "la_name", "name"),
        *("ward_name", "ward22nm", "lad22cd", "lad22nm", "lad_code", "lad_name", "lsoa21nm", "lsoa_name", "bcu"),
    }
)
SUMS = frozenset({"all", "total", "all ages", "total_population", "population", "area_sqkm"})
_SHOWN = 12


def refuse_unread(table: pd.DataFrame, known: Collection[str], path: Path, remedy: str) -> None:
    """Refuse a table with a column of another name than those `known`, case aside, unless it is empty throughout.

    For tables with a column for each month, year or age: one whose name is not understood would be lost.
    """
    understood = {name.casefold() for name in known}
    unread = [name for name in table.columns if name.casefold() not in understood and _holds_anything(table[name])]
    if unread:
        raise InputError(
            f"{len(unread)} columns would not be read: {', '.join(unread[:_SHOWN])}"
            if len(unread) > 1
            else "A column would not be read",
            file=path,
            row=1,
            column=unread[0] or "without a name",
            remedy=remedy,
        )


def refuse_one_sex(table: pd.DataFrame, path: Path) -> None:
    """Refuse a table of residents by sex: its rows are not of persons.

    Raises
    ------
    InputError
        At the first row that a column of sexes says is not of everyone.
    """
    for name in table.columns:
        if name.casefold() not in SEX_COLUMNS:
            continue
        other = ~table[name].astype(str).str.strip().str.casefold().isin(PERSONS)
        if other.any():
            raise InputError(
                "A row is of one sex, where residents of all sexes together are needed",
                file=path,
                row=str(table.index[other][0]),
                column=name,
                value=str(table.loc[other, name].iloc[0]),
                remedy="Supply the rows of persons, or add the sexes up and leave the column out.",
            )


def _holds_anything(cells: pd.Series | pd.DataFrame) -> bool:
    return bool((cells.notna() & (cells != "")).to_numpy().any())
