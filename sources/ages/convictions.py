"""People convicted in Scottish courts by single year of age: the shape of adults' rates, where nothing else shows it.

Walks in: a table of years x crime types x ages. Walks out: a proxy of the ages of suspects, contract `AGE_EVIDENCE`,
and what was left out of it. The counts are of another country and of convictions: only their shape is of use.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.ages.bands import whole, with_bands
from sources.ages.groups import Faults, harmonised
from sources.crime.months import months_of
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.contracts import AGE_EVIDENCE, checked, quarantined

SCOTTISH_CONVICTIONS = "scottish_convictions"
MONTHS_TO_PUBLISH = 12

_COLUMNS = ["Age", "Crime Type", "Year", "Convictions"]
_ALL_AGES = "All"


def read_scottish_convictions(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return convictions by single year of age (90 = 90 and over), and the quarantine of what was left out.

    Columns of the file: Age, Crime Type, Year (a financial year, by the calendar year in which it ends), Convictions.
    Totals over ages and over types are left out, being in the file once more by their parts.

    Raises
    ------
    InputError
        If a number is negative or no whole number, a type or an age cannot be told, an age between the youngest and the
        oldest is missing, or a year, type and age repeat.
    """
    table = read_table(path, _COLUMNS)[_COLUMNS]
    refuse_repeats(table, ["Age", "Crime Type", "Year"], path)
    table = table[table["Age"].astype("str") != _ALL_AGES]
    faults: Faults = []
    figures = numbers(table, ["Convictions", "Year"], path, whole=True)
    years = months_of(figures.assign(Year=figures["Year"].astype("int64").astype("str") + "-04"), "Year", path)
    table = with_bands(table[["Age", "Crime Type"]], "Age", path).astype({"age_low": "int64", "age_high": "int64"})
    table = table.assign(count=figures["Convictions"], first_month=years - pd.DateOffset(years=1))
    table = harmonised(table, "Crime Type", SCOTTISH_CONVICTIONS, path, faults)
    evidence = whole(table, ["crime_type", "quality", "first_month"]).assign(
        last_month=lambda rows: rows["first_month"] + pd.DateOffset(months=11),
        known_from=lambda rows: rows["first_month"] + pd.DateOffset(months=12 + MONTHS_TO_PUBLISH),
        basis="suspect",
        borough_code="",
        source=SCOTTISH_CONVICTIONS,
    )
    return checked(AGE_EVIDENCE, evidence, path), quarantined(path.name, faults)
