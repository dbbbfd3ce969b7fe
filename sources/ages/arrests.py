"""Arrests by offence group and age, as the Home Office publishes them by police force.

Walks in: a table of one force, financial years x offence groups x ages. Walks out: evidence of the ages of suspects,
contract `AGE_EVIDENCE`, and what was left out of it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from sources.ages.bands import whole, with_bands
from sources.ages.groups import Faults, harmonised, without_unknown_ages
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.contracts import AGE_EVIDENCE, checked, quarantined

ARRESTS = "arrests"
# The bulletins of 2013 and 2014 came out a year and a few days after the year that they are of, later ones sooner.
MONTHS_TO_PUBLISH = 13

_COLUMNS = ["financial_year", "offence_group", "age_group", "arrests"]


def read_arrests(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return arrests as evidence of suspects' ages, and the quarantine of what was left out.

    Columns of the file: financial_year ("2017/18"), offence_group, age_group, arrests. A row that is absent is zero.
    Groups changed in 2015/16; see `age_groups.csv`.

    Raises
    ------
    InputError
        If a number is negative or no whole number, a year, a group or an age cannot be told, bands of age overlap or
        leave a gap, or a year, group and age repeat.
    """
    table = read_table(path, _COLUMNS)[_COLUMNS]
    refuse_repeats(table, _COLUMNS[:3], path)
    faults: Faults = []
    table = table.assign(
        count=numbers(table, ["arrests"], path, whole=True)["arrests"], first_month=_starts(table, path)
    )
    table = with_bands(table.drop(columns=["arrests", "financial_year"]), "age_group", path)
    table = without_unknown_ages(harmonised(table, "offence_group", ARRESTS, path, faults), faults)
    evidence = whole(table, ["crime_type", "quality", "first_month"]).assign(
        last_month=lambda rows: rows["first_month"] + pd.DateOffset(months=11),
        known_from=lambda rows: rows["first_month"] + pd.DateOffset(months=12 + MONTHS_TO_PUBLISH),
        basis="suspect",
        borough_code="",
        source=ARRESTS,
    )
    return checked(AGE_EVIDENCE, evidence, path), quarantined(path.name, faults)


def _starts(table: pd.DataFrame, path: Path) -> pd.Series:
    years = table["financial_year"].astype("str")
    wrong = years[~years.map(_is_financial_year)]
    if len(wrong):
        raise InputError(
            "A financial year is written as 2017/18",
            file=path,
            row=str(wrong.index[0]),
            column="financial_year",
            value=wrong.iloc[0],
            remedy="Correct the year.",
        )
    return pd.to_datetime(years.str[:4] + "-04-01")


def _is_financial_year(text: str) -> bool:
    named = re.fullmatch(r"((?:19|20)[0-9]{2})/([0-9]{2})", text)
    return named is not None and (int(named[1]) + 1) % 100 == int(named[2])
