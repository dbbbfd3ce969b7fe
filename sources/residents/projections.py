"""Projections of residents by single year of age: of boroughs, and of wards where a force has one.

Walks in: a table of one row for each area and age, one column for each year, laid out as the GLA or the ONS do. Walks
out: `population_by_age`, complete for every area, year and age, with the day on which it became public.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import read_table
from sources.places.geography import rows_of_force
from sources.residents.age_columns import age_of, by_year_heading
from sources.residents.estimates import population_by_age, refuse_other_sums

GLA_2016_HOUSING_LED = "gla_2016_housing_led"
WARD_PROJECTION = "ward_projection"

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
        borough, year and age repeat or are missing, or the ages of a borough do not sum to those of all ages.
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
        persons = table[layout.sex].str.casefold() == "persons"
        table = table[(table[layout.component].str.casefold() == "population") & persons]
    table = rows_of_force(table, layout.area, codes, path)
    table = table.drop(columns={"area_code", "age"} - {layout.area, layout.age}, errors="ignore")
    table = table.rename(columns={layout.area: "area_code", layout.age: "age"})
    of_all_ages = table["age"].str.casefold().isin(_ALL_AGES)
    each, sums = table[~of_all_ages], table[of_all_ages]
    labels = each["age"].drop_duplicates()
    ages = {label: age_of(label.replace(" and over", "+"), path, row=row) for row, label in labels.items()}
    projected = by_year_heading(each.assign(age=each["age"].map(ages)), path)
    if not sums.empty:
        by_year = ["area_code", "year"]
        stated = by_year_heading(sums, path).set_index(by_year)["persons"]
        refuse_other_sums(projected.groupby(by_year)["persons"].sum(), stated, path)
    return population_by_age(projected, variant, known_from, codes, path)


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
