"""Wide tables of the years ahead: a row an area and crime type, beside what was recorded.

Walks in: `Contents`. Walks out: recorded offences, the first year's change and its chance, and each year's median, 80 %
interval and mean. The median leads; the mean is what adds up over areas, types and months.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from publication.numbers.chance import chance_of_more
from publication.numbers.recorded import CELL, last_twelve, members, recorded_as_told, told, whole_totals
from publication.release.contents import Contents, CrimeTypes
from publication.words import year_label

WORDS = {"q50": "median", "q10": "80 % from", "q90": "80 % to", "mean": "mean"}


def years_ahead(contents: Contents, area_level: str, scenario: str | None = None) -> pd.DataFrame:
    """Return a row an area and crime type, in reading order, with what was recorded and what each year is to bring.

    Columns: area_code, area_name, crime_level, crime_type, recorded (last twelve months), change (of the first year's
    median on that) and chance (of more than that in the first year), and for each year `<label> median`,
    `<label> 80 % from`, `<label> 80 % to` and `<label> mean`, as `year_columns` lists them. No rows where the forecast
    is shorter than a year. Of all recorded offences, where the level tells those
    (`publication.numbers.recorded.told`).
    """
    cells = told(contents.ahead, area_level)
    cells = cells[(cells["period"] == "year") & (cells["scenario"] == (scenario or contents.facts.scenarios[0]))]
    cells = whole_totals(cells, contents.crime)
    table = wide_years(cells, ["area_code", "area_name", "crime_level", "crime_type"])
    counts = recorded_as_told(contents, area_level, last_twelve(contents))
    recorded = counts.reindex(pd.MultiIndex.from_frame(table[CELL])).to_numpy()
    first = cells[cells["month"] == cells["month"].min()].astype(dict.fromkeys(CELL, str)).set_index(CELL)
    first = first.reindex(pd.MultiIndex.from_frame(table[CELL]))
    table.insert(4, "recorded", recorded)
    table.insert(5, "change", first["q50"].to_numpy() / np.where(recorded > 0, recorded, np.nan) - 1)
    table.insert(6, "chance", chance_of_more(first, recorded))
    return in_reading_order(table, contents.crime)


def wide_years(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return yearly rows of a forecast table with a row a key and the columns that `year_columns` lists."""
    indexed = cells.astype(dict.fromkeys(keys, str)).set_index(["month", *keys])
    years = {month: indexed.loc[month][list(WORDS)] for month in sorted(cells["month"].unique())}
    named = [
        table.set_axis([f"{year_name(month)} {word}" for word in WORDS.values()], axis="columns")
        for month, table in years.items()
    ]
    return pd.concat(named, axis="columns").reset_index() if named else pd.DataFrame(columns=keys)


def year_columns(cells: pd.DataFrame) -> list[str]:
    """Return the names of the columns of `years_ahead` that hold figures of the years ahead."""
    months = sorted(pd.DatetimeIndex(cells.loc[cells["period"] == "year", "month"].unique()))
    return [f"{year_name(month)} {word}" for month in months for word in WORDS.values()]


def year_name(first_month: pd.Timestamp) -> str:
    """Return the name of a year as a heading begins with it: `2025/26`, or `Year to Sep 2026`."""
    label = year_label(first_month)
    return f"Year {label}" if label.startswith("to ") else label


def in_reading_order(table: pd.DataFrame, crime: CrimeTypes) -> pd.DataFrame:
    """Return rows by name of area, and within it by crime type as `members` has them."""
    ordered = table.assign(_type=reading_places(table, crime)).sort_values(["area_name", "area_code", "_type"])
    return ordered.drop(columns="_type").reset_index(drop=True)


def reading_places(table: pd.DataFrame, crime: CrimeTypes) -> pd.Series:
    """Return the place of each row's crime type in reading order; types that `members` does not know come last."""
    places = {key: number for number, key in enumerate(members(crime))}
    keys = zip(table["crime_level"].astype(str), table["crime_type"].astype(str), strict=True)
    return pd.Series([places.get(key, len(places)) for key in keys], index=table.index)
