"""What was recorded, beside what is expected: the figures that workbook, scorecard, documents and page share.

Walks in: `Contents`. Walks out: counts by area and crime type, and wide tables with a row an area and type and columns
of recorded offences and of each year ahead with its 80 % interval. Offences with a known ward throughout.
"""

from __future__ import annotations

import pandas as pd

from models.forecast.vocabulary import EXCLUDING
from publication.release.contents import Contents, once
from publication.words import year_label

YEAR = 12  # months
NEIGHBOURHOOD = ("group", "NEIGHBOURHOOD CRIME")
CELL = ["area_code", "crime_level", "crime_type"]


def members(contents: Contents) -> dict[tuple[str, str], list[str]]:
    """Return the minor types of each crime type, in the order to read them: all, then each major type with its minors.

    Keys are (crime_level, crime_type), totals without the protected types and the neighbourhood crimes among them.
    """
    types = contents.crime_types.sort_values(["major_type", "crime_type"])
    neighbourhood = types.loc[types["neighbourhood_crime"], "crime_type"].tolist()
    found = _with_and_without("all", "all", types["crime_type"].tolist(), contents)
    found |= {NEIGHBOURHOOD: neighbourhood} if neighbourhood else {}
    for major, minors in types.groupby("major_type")["crime_type"]:
        found |= _with_and_without("major", str(major), minors.tolist(), contents)
        found |= {("minor", minor): [minor] for minor in minors}
    return found


def _with_and_without(level: str, name: str, minors: list[str], contents: Contents) -> dict[tuple[str, str], list[str]]:
    """Return a total and, where it has protected types beside others, the total without them."""
    others = [minor for minor in minors if minor not in contents.protected_types]
    without = {(level, name + EXCLUDING): others} if 0 < len(others) < len(minors) else {}
    return {(level, name): minors, **without}


def told_types(contents: Contents) -> dict[tuple[str, str], list[str]]:
    """Return of `members` the types that both recorded counts and forecasts of boroughs and above tell.

    Where counts of some minor types are withheld, a total without them stands for the whole one.
    """
    found, withheld = members(contents), set(contents.withheld_counts)
    told = {key: minors for key, minors in found.items() if not withheld.intersection(minors)}
    return {
        (level, name): minors
        for (level, name), minors in told.items()
        if not name.endswith(EXCLUDING) or (level, name.removesuffix(EXCLUDING)) not in told
    }


@once
def recorded(contents: Contents, area_level: str, first: pd.Timestamp, months: int = YEAR) -> pd.Series:
    """Return offences recorded in the months from the first, by `CELL`.

    A type of which the contents may not tell every offence is missing, never too small.
    """
    last = first + pd.DateOffset(months=months - 1)
    chosen = contents.offences[contents.offences["month"].between(first, last)]
    areas = contents.areas.set_index("ward_code")[area_column(area_level)] if area_level != "ward" else None
    codes = chosen["ward_code"] if areas is None else chosen["ward_code"].map(areas)
    everywhere = pd.Index(contents.areas[area_column(area_level)].unique(), name="area_code")
    by_minor = chosen["count"].groupby([codes, chosen["crime_type"]], observed=True).sum().unstack(fill_value=0)
    by_minor = by_minor.reindex(index=everywhere, columns=contents.crime_types["crime_type"], fill_value=0).astype(
        float
    )
    by_minor[list(contents.withheld_counts)] = float("nan")
    sums = {key: by_minor[minors].sum(axis="columns", skipna=False) for key, minors in members(contents).items()}
    table = pd.concat(sums, names=["crime_level", "crime_type"])
    return table.reorder_levels(CELL).rename("count")


def area_column(area_level: str) -> str:
    """Return the column of `areas` with the codes of a level."""
    return f"{area_level}_code"


def first_forecast_month(contents: Contents) -> pd.Timestamp:
    """Return the month after the origin."""
    return contents.facts.origin + pd.DateOffset(months=1)


def last_twelve(contents: Contents) -> pd.Timestamp:
    """Return the first of the twelve months that end with the origin."""
    return contents.facts.origin - pd.DateOffset(months=YEAR - 1)


def shown_scenario(contents: Contents) -> pd.DataFrame:
    """Return the forecast of the scenario that pages show."""
    return contents.forecast[contents.forecast["scenario"] == contents.facts.scenarios[0]]


def years_ahead(contents: Contents, area_level: str, forecast: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a row an area and crime type, in reading order, with what was recorded and what each year is to bring.

    Columns: area_code, area_name, crime_level, crime_type, recorded (last twelve months), and for each year `<label>
    expected`, `<label> low`, `<label> high` (80 % interval), as `year_columns` lists them. No rows where the forecast
    is shorter than a year.
    """
    forecast = shown_scenario(contents) if forecast is None else forecast
    cells = forecast[(forecast["area_level"] == area_level) & (forecast["period"] == "year")]
    cells = whole_totals(cells, contents)
    table = wide_years(cells, ["area_code", "area_name", "crime_level", "crime_type"])
    counts = recorded(contents, area_level, last_twelve(contents))
    table.insert(4, "recorded", counts.reindex(pd.MultiIndex.from_frame(table[CELL])).to_numpy())
    return in_reading_order(table, contents)


def whole_totals(cells: pd.DataFrame, contents: Contents) -> pd.DataFrame:
    """Return rows of one area level without the totals that leave protected types out, where it tells the whole ones.

    Where counts are withheld both stay, since only the former have recorded numbers beside them.
    """
    names = cells["crime_type"].astype(str)
    if contents.withheld_counts or not (reduced := names.str.endswith(EXCLUDING)).any():
        return cells
    keys = cells["crime_level"].astype(str) + " " + names.str.removesuffix(EXCLUDING)
    return cells[~reduced | ~keys.isin(keys[~reduced].unique())]


def wide_years(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return yearly rows of a forecast table with a row a key and the columns that `year_columns` lists."""
    indexed = cells.astype(dict.fromkeys(keys, str)).set_index(["month", *keys])
    words = {"mean": "expected", "q10": "low", "q90": "high"}
    years = {month: indexed.loc[month][list(words)] for month in sorted(cells["month"].unique())}
    named = [
        table.set_axis([f"{year_name(month)} {word}" for word in words.values()], axis="columns")
        for month, table in years.items()
    ]
    return pd.concat(named, axis="columns").reset_index() if named else pd.DataFrame(columns=keys)


def year_columns(cells: pd.DataFrame) -> list[str]:
    """Return the names of the columns of `years_ahead` that hold figures of the years ahead."""
    months = sorted(pd.DatetimeIndex(cells.loc[cells["period"] == "year", "month"].unique()))
    return [f"{year_name(month)} {word}" for month in months for word in ("expected", "low", "high")]


def year_name(first_month: pd.Timestamp) -> str:
    """Return the name of a year as a heading begins with it: `2025/26`, or `Year to Sep 2026`."""
    label = year_label(first_month)
    return f"Year {label}" if label.startswith("to ") else label


def in_reading_order(table: pd.DataFrame, contents: Contents) -> pd.DataFrame:
    """Return rows by name of area, and within it by crime type as `members` has them."""
    ordered = table.assign(_type=reading_places(table, contents)).sort_values(["area_name", "area_code", "_type"])
    return ordered.drop(columns="_type").reset_index(drop=True)


def reading_places(table: pd.DataFrame, contents: Contents) -> pd.Series:
    """Return the place of each row's crime type in reading order; types that `members` does not know come last."""
    places = {key: number for number, key in enumerate(members(contents))}
    keys = zip(table["crime_level"].astype(str), table["crime_type"].astype(str), strict=True)
    return pd.Series([places.get(key, len(places)) for key in keys], index=table.index)
