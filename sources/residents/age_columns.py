"""Tables of residents with one column for each year or each age, made long.

Walks in: a table as a publisher lays it out. Walks out: one row for each area, year and age, persons checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, refuse_repeats
from sources.tables.columns_read import refuse_unread

_OLDEST_PLAUSIBLE_AGE = 120


def by_year_heading(table: pd.DataFrame, file: Path, known: Collection[str] = ()) -> pd.DataFrame:
    """Return persons by area_code, age and year from a table with area_code, age and one column for each year.

    known: further columns, which are not read.

    Raises
    ------
    InputError
        If there is any other column, a year is missing between the first and the last, an area and age repeat, or a
        cell is no number.
    """
    headings = columns_like(r"\d{4}", table, file)
    refuse_unread(
        table, {*headings, "area_code", "age", *known}, file, "Name each column of residents by its year, as 2025."
    )
    missing = set(range(int(min(headings)), int(max(headings)))) - {int(year) for year in headings}
    if missing:
        raise InputError(
            "The projection lacks a year",
            file=file,
            column=str(min(missing)),
            remedy="Obtain the file again, whole.",
        )
    keys = table[["area_code", "age"]]
    refuse_repeats(keys, ["area_code", "age"], file)
    persons = keys.join(numbers(table, headings, file))
    long = persons.melt(["area_code", "age"], var_name="year", value_name="persons")
    return long.astype({"year": "int64"})


def by_age_heading(
    table: pd.DataFrame, areas: pd.Series, years: pd.Series, file: Path, known: Collection[str] = ()
) -> pd.DataFrame:
    """Return persons by area_code, year and age from a table with one column for each age, rows as areas and years.

    known: further columns, which give no age.

    Raises
    ------
    InputError
        If there is any other column, two columns give one age, an area and year repeat, or a cell is no number.
    """
    headings = columns_like(r"-?\d+\+?", table, file)
    refuse_unread(table, {*headings, *known}, file, "Name each column of residents by its age, as 7, the last as 90+.")
    ages = [age_of(heading, file, column=heading) for heading in headings]
    repeated = [heading for place, heading in enumerate(headings) if ages[place] in ages[:place]]
    if repeated:
        raise InputError("Two columns give the same age", file=file, column=repeated[0], remedy="Keep one of them.")
    keys = pd.DataFrame({"area_code": areas, "year": years})
    refuse_repeats(keys, ["area_code", "year"], file)
    persons = numbers(table, headings, file).set_axis(ages, axis="columns")
    long = keys.join(persons).melt(["area_code", "year"], var_name="age", value_name="persons")
    return long.astype({"age": "int64"})


def age_of(label: str, file: Path, *, row: Hashable = None, column: str = "age") -> int:
    """Return the age that a label as "7" or "90+" gives; `InputError` if it is none from 0 to 120."""
    digits = label.removesuffix("+")
    if not re.fullmatch("[0-9]{1,3}", digits) or int(digits) > _OLDEST_PLAUSIBLE_AGE:
        raise InputError(
            f"An age is a whole number from 0 to {_OLDEST_PLAUSIBLE_AGE}, the last perhaps followed by +",
            file=file,
            row=None if row is None else str(row),
            column=column,
            value=label,
            remedy="Correct the age.",
        )
    return int(digits)


def columns_like(pattern: str, table: pd.DataFrame, file: Path) -> list[str]:
    """Return the columns whose whole name is of the pattern; `InputError` if there is none."""
    found = [column for column in table.columns if re.fullmatch(pattern, column)]
    if not found:
        raise InputError(
            f"No column is named like {pattern}; the file has {', '.join(table.columns[:12])}",
            file=file,
            remedy="Obtain the file in the form that docs/data.md describes.",
        )
    return found
