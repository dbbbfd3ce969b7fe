"""Estimates of residents: of wards by year, and of wards and boroughs by single year of age.

Walks in: estimates as publishers lay them out. Walks out: `ward_population` and `population_by_age`, complete for
every area, year and age, with the day on which they became public.

Areas outside the force (the City of London; Inner, Outer and Greater London) are left out; any other area
that the ward lookup does not know is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.places.geography import lsoas_to_wards, read_lsoa_weights, rows_of_force
from sources.residents.age_columns import by_age_heading, columns_like
from sources.tables.columns_read import NAMES_OF_AREAS, SEX_COLUMNS, SUMS, refuse_one_sex, refuse_unread
from sources.tables.contracts import OLDEST_AGE, POPULATION_BY_AGE, WARD_POPULATION, checked

ESTIMATE = "estimate"

_AGES = pd.Series(range(OLDEST_AGE + 1))
_NO_AGES = frozenset({"ward22cd", "year", *NAMES_OF_AREAS, *SUMS, *SEX_COLUMNS})  # columns of tables by age


def read_ward_population(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return estimates of residents by ward and year, contract `WARD_POPULATION`, variant "estimate".

    Columns of the file: ward22cd, year, population.

    Raises
    ------
    InputError
        If a cell is no number of at least zero, a ward is unknown, a ward and year repeat or are missing, or rows are
        of one sex.
    """
    table = read_table(path, ["ward22cd", "year", "population"])
    refuse_one_sex(table, path)
    table = rows_of_force(table, "ward22cd", areas["ward_code"], path)
    persons = pd.DataFrame(
        {
            "ward_code": table["ward22cd"],
            "year": _years(table, path),
            "persons": numbers(table, ["population"], path)["population"],
        }
    )
    return _ward_population(persons, known_from, areas, path)


def lsoa_population(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the same table as `read_ward_population` where LSOAs are the force's areas; other LSOAs are left out.

    Columns of the file: as in `ward_population_from_lsoa`.

    Raises
    ------
    InputError
        As `read_ward_population`.
    """
    by_lsoa = _persons_by_lsoa(path)
    of_force = by_lsoa[by_lsoa.index.isin(areas["ward_code"])].rename_axis(index="ward_code")
    return _ward_population(_long(of_force), known_from, areas, path)


def ward_population_from_lsoa(
    lsoa_path: Path, weights_path: Path, known_from: date, areas: pd.DataFrame
) -> pd.DataFrame:
    """Return the same table as `read_ward_population` from LSOA estimates x share of each LSOA in each ward.

    Columns of the estimates: lsoa21cd, pop_2011, pop_2012 and so on; of the weights: lsoa21cd, ward22cd,
    weight.

    Raises
    ------
    InputError
        As `read_ward_population` and `sources.places.geography.read_lsoa_weights`; if an LSOA is in one file only.
    """
    persons = _persons_by_lsoa(lsoa_path)
    by_ward = lsoas_to_wards(persons, read_lsoa_weights(weights_path, areas), areas, lsoa_path)
    return _ward_population(_long(by_ward), known_from, areas, lsoa_path)


def read_ward_population_by_age(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return estimates of residents by ward, year and age, contract `POPULATION_BY_AGE`, variant "estimate".

    Columns of the file: ward22cd, year, and one for each single year of age, the last "90+".

    Raises
    ------
    InputError
        If a cell is no number of at least zero, a ward is unknown, a heading gives an age below 0 or above
        120, or a ward, year and age repeat or are missing.
    """
    table = read_table(path, ["ward22cd", "year"])
    refuse_one_sex(table, path)
    table = rows_of_force(table, "ward22cd", areas["ward_code"], path)
    persons = by_age_heading(table, table["ward22cd"], _years(table, path), path, _NO_AGES)
    return population_by_age(persons, ESTIMATE, known_from, areas["ward_code"], path)


def read_borough_estimates_by_age(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return estimates of residents by borough and age, contract `POPULATION_BY_AGE`, variant "estimate".

    Columns of the file: lad_code, all, and one for each single year of age, the last "90+". It is of one
    year, which stands nowhere but in the file's name, as in "..._mid2023_...".

    Raises
    ------
    InputError
        As `read_ward_population_by_age`; if the name gives no year, or a row's ages do not sum to its `all`.
    """
    named = re.search(r"mid(\d{4})", path.name)
    if not named:
        raise InputError(
            "The file's name does not say which year it is of",
            file=path,
            remedy="Put the year into the name, as in ons_borough_single_year_age_mid2023_london.csv.",
        )
    table = read_table(path, ["lad_code", "all"])
    refuse_one_sex(table, path)
    table = rows_of_force(table, "lad_code", areas["borough_code"], path)
    years = pd.Series(int(named[1]), index=table.index)
    persons = by_age_heading(table, table["lad_code"], years, path, _NO_AGES)
    stated = numbers(table, ["all"], path).set_index(table["lad_code"])["all"]
    refuse_other_sums(persons.groupby("area_code")["persons"].sum(), stated, path)
    return population_by_age(persons, ESTIMATE, known_from, areas["borough_code"], path)


def known_year_by_year(estimates: pd.DataFrame, days: Mapping[int, date]) -> pd.DataFrame:
    """Return estimates of several years with `known_from` of the years in `days` replaced: those were public before."""
    earlier = estimates["year"].map({year: pd.Timestamp(day) for year, day in days.items()})
    known_from = pd.to_datetime(earlier).astype("datetime64[us]").fillna(estimates["known_from"])
    return estimates.assign(known_from=known_from)


def _persons_by_lsoa(path: Path) -> pd.DataFrame:
    """Return persons by LSOA code and year."""
    table = read_table(path, ["lsoa21cd"])
    refuse_one_sex(table, path)
    refuse_repeats(table, ["lsoa21cd"], path)
    years = columns_like(r"pop_\d{4}", table, path)
    known = {*years, "lsoa21cd", *NAMES_OF_AREAS, *SUMS, *SEX_COLUMNS}
    refuse_unread(table, known, path, "Name each column of residents by its year, as pop_2022.")
    persons = numbers(table, years, path).set_index(table["lsoa21cd"])
    persons.columns = pd.Index([int(column.removeprefix("pop_")) for column in years])
    return persons


def _long(by_ward: pd.DataFrame) -> pd.DataFrame:
    long = by_ward.reset_index().melt("ward_code", var_name="year", value_name="persons")
    return long.astype({"year": "int64"})


def _ward_population(persons: pd.DataFrame, known_from: date, areas: pd.DataFrame, file: Path) -> pd.DataFrame:
    refuse_repeats(persons, ["ward_code", "year"], file)
    refuse_missing(persons, {"ward_code": areas["ward_code"], "year": persons["year"]}, file)
    table = persons.assign(variant=ESTIMATE, known_from=pd.Timestamp(known_from))
    return checked(WARD_POPULATION, table, file).sort_values(["ward_code", "year"], ignore_index=True)


def population_by_age(
    persons: pd.DataFrame, variant: str, known_from: date, areas: pd.Series, file: Path
) -> pd.DataFrame:
    """Gather the oldest ages into one, and check that no area, year and age is missing."""
    keys = ["area_code", "year", "age"]
    gathered = persons.assign(age=persons["age"].clip(upper=OLDEST_AGE)).groupby(keys)["persons"].sum()
    table = gathered.reset_index()
    refuse_missing(table, {"area_code": areas, "year": table["year"], "age": _AGES}, file)
    table = table.assign(variant=variant, known_from=pd.Timestamp(known_from))
    return checked(POPULATION_BY_AGE, table, file)


def _years(table: pd.DataFrame, file: Path) -> pd.Series:
    years = numbers(table, ["year"], file, whole=True)["year"].astype("int64")
    strange = years[~years.between(1990, 2100)]
    if not strange.empty:
        raise InputError(
            "A year lies outside 1990 to 2100",
            file=file,
            row=int(strange.index[0]),
            column="year",
            value=int(strange.iloc[0]),
            remedy="Correct the year.",
        )
    return years


def refuse_missing(table: pd.DataFrame, wanted: dict[str, pd.Series], file: Path) -> None:
    """Refuse a table that lacks a row for any combination of the wanted areas, years and ages."""
    combinations = pd.MultiIndex.from_product([each.unique() for each in wanted.values()], names=list(wanted))
    missing = combinations.difference(pd.MultiIndex.from_frame(table[list(wanted)]))
    if len(missing) or table.empty:
        raise InputError(
            f"The file lacks {len(missing)} figures" if len(missing) else "The file has no row for the force",
            file=file,
            column=", ".join(wanted),
            value=", ".join(map(str, missing[0])) if len(missing) else None,
            remedy="Obtain the file again, whole: every area needs every year, and every age from 0 to 90.",
        )


def refuse_other_sums(sums: pd.Series, stated: pd.Series, file: Path) -> None:
    """Refuse ages that do not sum to what the file states for all of them, but for rounding."""
    # Ages are rounded one by one: a sum of n of them may be n / 2 off.
    differences = (sums - stated).dropna().abs()
    if (differences > len(_AGES) / 2).any():
        worst = differences.sort_values().index[-1]
        raise InputError(
            f"The ages sum to {sums[worst]:,.0f} where the file states {stated[worst]:,.0f} for all ages",
            file=file,
            value=", ".join(map(str, worst)) if isinstance(worst, tuple) else worst,
            remedy="Obtain the file again, or correct it.",
        )
