"""Projections of residents by single year of age: of boroughs, and of wards where a force has one.

Walks in: a table of one row for each area and age, one column for each year, laid out as the GLA or the ONS do. Walks
out: `population_by_age`, complete for every area, year and age, with the day on which it became public.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_table
from sources.places.geography import rows_of_force
from sources.residents.age_columns import age_of, by_year_heading, columns_like
from sources.residents.estimates import population_by_age, refuse_other_sums
from sources.tables.columns_read import NAMES_OF_AREAS, refuse_one_sex

GLA_2016_HOUSING_LED = "gla_2016_housing_led"
WARD_PROJECTION = "ward_projection"

_ROUNDED = 2.0  # persons by which two rounded sexes and their sum may be apart
_SEXES_APART = 0.02  # share, of larger numbers

_ALL_AGES = ("all persons", "all ages", "total")


class _Layout(NamedTuple):
    """Headings of a publisher's file; `component` and `sex` only where it has them."""

    area: str
    age: str
    component: str | None = None
    sex: str | None = None

    def columns(self) -> list[str]:
        return [column for column in self if column]


_BOROUGHS = (
    _Layout("gss_code", "age", "Component", "sex"),
    _Layout("AREA_CODE", "AGE_GROUP", "COMPONENT", "SEX"),
)
_WARDS = (_Layout("gss_code_ward", "age"), _Layout("AREA_CODE", "AGE_GROUP", "COMPONENT", "SEX"))


def read_borough_projection(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return a projection of boroughs, contract `POPULATION_BY_AGE`, variant "gla_2016_housing_led".

    Columns of the file as the GLA has them: gss_code, Component, sex, age (0 to 90, and "All Persons"), and one for
    each year; or as the ONS: AREA_CODE, COMPONENT, SEX, AGE_GROUP (0 to 89, "90 and over", "All ages"). Rows of other
    components than Population and of other sexes than Persons are not read; those of all ages are a check.

    Raises
    ------
    InputError
        If a cell is no number of at least zero, a borough is unknown or missing, an age is below 0 or above 120, a
        borough, year and age repeat or are missing, the ages of a borough do not sum to those of all ages, or its sexes
        not to its persons; if a column gives no year.
    """
    return _projection(path, _BOROUGHS, GLA_2016_HOUSING_LED, known_from, areas["borough_code"])


def read_ward_projection(path: Path, known_from: date, areas: pd.DataFrame) -> pd.DataFrame:
    """Return a projection of wards, contract `POPULATION_BY_AGE`, variant "ward_projection".

    Columns of the file as the GLA has them: gss_code_ward, age (0 to 90, and "total"), and one for each year; or as the
    ONS: see `read_borough_projection`. Wards must be those of the ward lookup, all of them. Raises as that does.
    """
    return _projection(path, _WARDS, WARD_PROJECTION, known_from, areas["ward_code"])


def _projection(
    path: Path, layouts: tuple[_Layout, ...], variant: str, known_from: date, codes: pd.Series
) -> pd.DataFrame:
    table = read_table(path)
    layout = _layout_of(table, layouts, path)
    if layout.component and layout.sex:
        of_people = table[table[layout.component].str.casefold() == "population"]
        persons = of_people[layout.sex].str.casefold() == "persons"
        _refuse_other_sexes(of_people[~persons], of_people[persons], layout, path)
        table = of_people[persons]
    else:
        refuse_one_sex(table, path)
    table = rows_of_force(table, layout.area, codes, path)
    table = table.drop(columns={"area_code", "age"} - {layout.area, layout.age}, errors="ignore")
    table = table.rename(columns={layout.area: "area_code", layout.age: "age"})
    known = {*layout.columns(), *NAMES_OF_AREAS, "sex", "component"}
    of_all_ages = table["age"].str.casefold().isin(_ALL_AGES)
    each, sums = table[~of_all_ages], table[of_all_ages]
    labels = each["age"].drop_duplicates()
    ages = {label: age_of(label.replace(" and over", "+"), path, row=row) for row, label in labels.items()}
    projected = by_year_heading(each.assign(age=each["age"].map(ages)), path, known)
    if not sums.empty:
        by_year = ["area_code", "year"]
        stated = by_year_heading(sums, path, known).set_index(by_year)["persons"]
        refuse_other_sums(projected.groupby(by_year)["persons"].sum(), stated, path)
    return population_by_age(projected, variant, known_from, codes, path)


def _refuse_other_sexes(sexes: pd.DataFrame, persons: pd.DataFrame, layout: _Layout, path: Path) -> None:
    """Refuse rows of single sexes that do not add up to those of persons, but for rounding; none is no fault."""
    if sexes[layout.sex].str.casefold().nunique() < 2:
        return
    keys = [layout.area, layout.age]
    years = columns_like(r"\d{4}", sexes, path)
    sums = numbers(sexes, years, path).groupby([sexes[key] for key in keys]).sum()
    stated = numbers(persons, years, path).groupby([persons[key] for key in keys]).sum()
    apart = (sums - stated).abs().fillna(np.inf).max(axis="columns")  # nothing stands beside some
    wrong = apart[
        apart > np.maximum(_ROUNDED, _SEXES_APART * stated.max(axis="columns").reindex(apart.index).fillna(0))
    ]
    if len(wrong):
        raise InputError(
            f"Females and males do not add up to persons for {len(wrong)} areas and ages",
            file=path,
            column=layout.sex,
            value=", ".join(map(str, wrong.index[0])),
            remedy="Obtain the file again, whole: each area and age needs persons, and each sex or none.",
        )


def _layout_of(table: pd.DataFrame, layouts: tuple[_Layout, ...], file: Path) -> _Layout:
    for layout in layouts:
        if set(layout.columns()) <= set(table.columns):
            return layout
    wanted = " or ".join(", ".join(layout.columns()) for layout in layouts)
    nearest = max(layouts, key=lambda layout: len(set(layout.columns()) & set(table.columns)))
    raise InputError(
        f"The file lacks a column that is needed; it should have {wanted}",
        file=file,
        column=", ".join(column for column in nearest.columns() if column not in table.columns),
        remedy="Obtain the file in the form that docs/data.md describes, or give its columns these names.",
    )
