"""Knife crime: flags on offences that other tables hold already, as series of their own.

Walks in: the Metropolitan Police's monthly dashboard file of knife crime by borough and by team. Walks out:
`knife_crime`, by borough and month. It is never added to a crime type: most are robberies and violence counted there.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.crime.months import months_of
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.contracts import KNIFE_CRIME, checked

# The publisher's subtypes. They are nested: each counts some of the offences of those above it.
SERIES = {
    "Knife Crime": "knife crime",
    "Knife Crime with Injury": "knife crime with injury",
    "Knife Injury Victims (1-24)": "knife injury victims aged 1 to 24",
    "Knife Injury Victims (non DA 1-24)": "knife injury victims aged 1 to 24, domestic abuse left out",
    "Knife Crime with Injury (Personal Robbery)": "knife crime with injury in personal robbery",
}
BOROUGH_ROWS = "Borough"  # team rows repeat the same offences by ward
OFFENCES = "Offences"  # the other measure is positive outcomes

_COLUMNS = ["month_year", "area_type", "area_code", "crime_subtype", "measure", "count"]


def read_knife_crime(path: Path, areas: pd.DataFrame) -> pd.DataFrame:
    """Return offences by borough, series and month, contract `KNIFE_CRIME`, whole from the first month to the last.

    Offences of no known borough, of the airports' police and of other forces stand under the force's code. A borough,
    series and month without a row had none.

    Raises
    ------
    InputError
        If a column is missing, a count is no whole number, a row repeats another, a subtype is unknown, or a month is
        missing.
    """
    table = read_table(path, _COLUMNS)
    rows = table[(table["area_type"].astype(str) == BOROUGH_ROWS) & (table["measure"].astype(str) == OFFENCES)]
    refuse_repeats(rows, [*_COLUMNS[:-1], "area_name"] if "area_name" in rows else _COLUMNS[:-1], path)
    if rows.empty:
        raise InputError(
            f"The file has no rows of {OFFENCES.lower()} by {BOROUGH_ROWS.lower()}",
            file=path,
            column="area_type, measure",
            remedy="Obtain the file again, whole.",
        )
    series = rows["crime_subtype"].astype(str).str.strip()
    _refuse_unknown(series, path)
    codes = rows["area_code"].astype(str).str.strip()
    counts = pd.DataFrame(
        {
            "area_code": codes.where(codes.isin(areas["borough_code"]), areas["force_code"].iloc[0]),
            "series": series.map(SERIES),
            "month": months_of(rows, "month_year", path),
            "count": numbers(rows, ["count"], path, whole=True)["count"],
        }
    )
    summed = counts.groupby(["area_code", "series", "month"])["count"].sum()
    months = pd.date_range(counts["month"].min(), counts["month"].max(), freq="MS", unit="us")
    if missing := sorted(set(months) - set(counts["month"])):
        raise InputError(
            "A month between the first and the last has no rows",
            file=path,
            column="month_year",
            value=f"{missing[0]:%Y-%m}",
            remedy="Obtain the file again, whole.",
        )
    whole = pd.MultiIndex.from_product(
        [sorted({*areas["borough_code"], areas["force_code"].iloc[0]}), list(SERIES.values()), months],
        names=summed.index.names,
    )
    return checked(KNIFE_CRIME, summed.reindex(whole, fill_value=0).reset_index(), path)


def _refuse_unknown(series: pd.Series, path: Path) -> None:
    unknown = series[~series.isin(list(SERIES))]
    if not unknown.empty:
        raise InputError(
            "The file has a subtype that is not known",
            file=path,
            row=int(unknown.index[0]),
            column="crime_subtype",
            value=str(unknown.iloc[0]),
            remedy=f"Known are: {'; '.join(SERIES)}. Add the new one to sources/crime/knife_crime.py.",
        )
