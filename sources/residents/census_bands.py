"""Residents of wards by bands of age, as a census gives them.

Walks in: a table of one row for each ward and band. Walks out: `population_by_band`, bands that cover every age once,
with the day on which they became public.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import date
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.places.geography import rows_of_force
from sources.residents.age_columns import age_of
from sources.residents.estimates import refuse_missing
from sources.tables.columns_read import refuse_one_sex
from sources.tables.contracts import OLDEST_AGE, POPULATION_BY_BAND, checked

CENSUS = "census"

_REMEDY = "Supply bands that cover every age from 0 once, the last open, as 85+."


def read_ward_population_by_band(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return residents by ward and band of age, contract `POPULATION_BY_BAND`, variant "census".

    Columns of the file: ward22cd, age_band ("0-4", "5-9", the last "85+"), population. It is of one census, whose year
    stands in the file's name, as in "..._census2021_...".

    Raises
    ------
    InputError
        If the name gives no year, a cell is no number of at least zero, a ward is unknown, a band is none from 0 to
        120, bands overlap or leave a gap, or a ward and band repeat or are missing.
    """
    named = re.search(r"census(\d{4})", path.name)
    if not named:
        raise InputError(
            "The file's name does not say which census it is of",
            file=path,
            remedy="Put the year into the name, as in ward22_census2021_age5.csv.gz.",
        )
    table = read_table(path, ["ward22cd", "age_band", "population"])
    refuse_one_sex(table, path)
    table = rows_of_force(table, "ward22cd", areas["ward_code"], path)
    refuse_repeats(table, ["ward22cd", "age_band"], path)
    bands = _bands(table["age_band"].drop_duplicates(), path)
    persons = pd.DataFrame(
        {
            "area_code": table["ward22cd"],
            "year": int(named[1]),
            "age_low": table["age_band"].map(bands["age_low"]),
            "age_high": table["age_band"].map(bands["age_high"]),
            "persons": numbers(table, ["population"], path)["population"],
            "variant": CENSUS,
            "known_from": pd.Timestamp(known_from),
        }
    )
    refuse_missing(persons, {"area_code": areas["ward_code"], "age_low": persons["age_low"]}, path)
    return checked(POPULATION_BY_BAND, persons, path).sort_values(["area_code", "age_low"], ignore_index=True)


def _bands(labels: pd.Series, file: Path) -> pd.DataFrame:
    """Return age_low and age_high of each label, indexed by it; refuse bands that do not cover every age once."""
    bands = pd.DataFrame([_ages(label, row, file) for row, label in labels.items()], index=labels)
    bands = bands.set_axis(["age_low", "age_high"], axis="columns").sort_values("age_low")
    rows = pd.Series(labels.index, index=labels)
    expected = 0
    for label, low, high in zip(bands.index, bands["age_low"].to_list(), bands["age_high"].to_list(), strict=True):
        if low != expected or high < low:
            raise InputError(
                f"The bands of age {'overlap' if low < expected else 'leave a gap'}: one should begin at {expected}",
                file=file,
                row=rows[label],
                column="age_band",
                value=label,
                remedy=_REMEDY,
            )
        expected = high + 1
    if expected <= OLDEST_AGE:
        raise InputError(f"The bands of age end at {expected - 1}", file=file, column="age_band", remedy=_REMEDY)
    return bands


def _ages(label: str, row: Hashable, file: Path) -> tuple[int, int]:
    low, _, high = label.removesuffix("+").partition("-")
    youngest, oldest = (age_of(age, file, row=row, column="age_band") for age in (low, high or low))
    return youngest, OLDEST_AGE if label.endswith("+") else min(oldest, OLDEST_AGE)
