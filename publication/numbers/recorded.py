"""What was recorded, and the rows of the forecast beside it: what workbook, scorecard, documents and page share.

Walks in: `Contents`. Walks out: counts by area and crime type, and rows of the forecast that count the same. From
borough up those are all recorded offences, located or not, wherever the forecast tells them; wards are of offences with
a known ward.
"""

from __future__ import annotations

import pandas as pd

from models.forecast.vocabulary import ALL_RECORDED, EXCLUDING, LOCATED
from publication.release.contents import Ahead, Contents, CrimeTypes, once

YEAR = 12  # months
NEIGHBOURHOOD = ("group", "NEIGHBOURHOOD CRIME")
CELL = ["area_code", "crime_level", "crime_type"]


def members(crime: CrimeTypes) -> dict[tuple[str, str], list[str]]:
    """Return the minor types of each crime type, in the order to read them: all, then each major type with its minors.

    Keys are (crime_level, crime_type), totals without the protected types and the neighbourhood crimes among them.
    """
    types = crime.crime_types.sort_values(["major_type", "crime_type"])
    neighbourhood = types.loc[types["neighbourhood_crime"], "crime_type"].tolist()
    found = _with_and_without("all", "all", types["crime_type"].tolist(), crime)
    found |= {NEIGHBOURHOOD: neighbourhood} if neighbourhood else {}
    for major, minors in types.groupby("major_type")["crime_type"]:
        found |= _with_and_without("major", str(major), minors.tolist(), crime)
        found |= {("minor", minor): [minor] for minor in minors}
    return found


def _with_and_without(level: str, name: str, minors: list[str], crime: CrimeTypes) -> dict[tuple[str, str], list[str]]:
    """Return a total and, where it has protected types beside others, the total without them."""
    others = [minor for minor in minors if minor not in crime.protected_types]
    without = {(level, name + EXCLUDING): others} if 0 < len(others) < len(minors) else {}
    return {(level, name): minors, **without}


def told_types(crime: CrimeTypes) -> dict[tuple[str, str], list[str]]:
    """Return of `members` the types that both recorded counts and forecasts of boroughs and above tell.

    Where counts of some minor types are withheld, a total without them stands for the whole one.
    """
    found, withheld = members(crime), set(crime.withheld_counts)
    told = {key: minors for key, minors in found.items() if not withheld.intersection(minors)}
    return {
        (level, name): minors
        for (level, name), minors in told.items()
        if not name.endswith(EXCLUDING) or (level, name.removesuffix(EXCLUDING)) not in told
    }


def recorded_as_told(contents: Contents, area_level: str, first: pd.Timestamp, months: int = YEAR) -> pd.Series:
    """Return offences recorded in the months from the first, by `CELL`, of what the level's forecast counts."""
    every = measure_told(contents.ahead, area_level) == ALL_RECORDED
    return (all_recorded if every else recorded)(contents, area_level, first, months)


def all_recorded(contents: Contents, area_level: str, first: pd.Timestamp, months: int = YEAR) -> pd.Series:
    """Return offences recorded in the months from the first, located or not, by `CELL`, for boroughs and above.

    Missing for an area whose unlocated offences were not published in every month.
    """
    located = recorded(contents, area_level, first, months)
    return (located + unlocated(contents, area_level, first, months).reindex(located.index)).rename("count")


@once
def unlocated(contents: Contents, area_level: str, first: pd.Timestamp, months: int = YEAR) -> pd.Series:
    """Return offences recorded with no known ward in the months from the first, by `CELL`, for boroughs and above.

    Missing for an area of which not every month was published; the force counts whatever was, with a borough or not.
    """
    last = first + pd.DateOffset(months=months - 1)
    chosen = contents.recorded.unlocated_offences[contents.recorded.unlocated_offences["month"].between(first, last)]
    column = area_column(area_level)
    home = (
        contents.geography.areas.drop_duplicates("borough_code").set_index("borough_code", drop=False)[column]
        if column != "force_code"
        else None
    )
    force = contents.geography.areas["force_code"].iloc[0]
    codes = chosen["area_code"].map(home) if home is not None else pd.Series(force, index=chosen.index)
    everywhere = pd.Index(contents.geography.areas[column].unique(), name="area_code")
    by_minor = chosen["count"].groupby([codes, chosen["crime_type"]], observed=True).sum().unstack(fill_value=0)
    by_minor = by_minor.reindex(
        index=everywhere, columns=contents.crime.crime_types["crime_type"], fill_value=0
    ).astype(float)
    by_minor[list(contents.crime.withheld_counts)] = float("nan")
    if home is not None and len(contents.recorded.unlocated_offences):
        published = chosen.groupby("area_code")["month"].nunique().reindex(home.index, fill_value=0)
        partly = home[published < months].unique()
        by_minor.loc[by_minor.index.isin(partly)] = float("nan")
    sums = {key: by_minor[minors].sum(axis="columns", skipna=False) for key, minors in members(contents.crime).items()}
    return pd.concat(sums, names=["crime_level", "crime_type"]).reorder_levels(CELL).rename("count")


def months_recorded(contents: Contents) -> pd.Series:
    """Return offences of the force by month, of the measure and without the types that its forecast may not tell."""
    tables = [contents.recorded.offences]
    if measure_told(contents.ahead, "force") == ALL_RECORDED:
        tables.append(contents.recorded.unlocated_offences)
    counts = pd.concat([table[["crime_type", "month", "count"]] for table in tables], ignore_index=True)
    return counts[~counts["crime_type"].isin(contents.crime.withheld_counts)].groupby("month")["count"].sum()


def measure_told(ahead: Ahead, area_level: str) -> str:
    """Return what figures of a level count: `all recorded` where the forecast has rows of it, else `located`."""
    return ALL_RECORDED if (ahead.all_recorded["area_level"] == area_level).any() else LOCATED


def told(ahead: Ahead, area_level: str) -> pd.DataFrame:
    """Return the forecast rows of a level, months and years, every scenario, of the measure that it tells."""
    if measure_told(ahead, area_level) == ALL_RECORDED:
        rows = ahead.all_recorded[ahead.all_recorded["period"] != "quarter"]
    else:
        rows = ahead.forecast
    return rows[rows["area_level"] == area_level]


def told_ahead(contents: Contents, area_level: str) -> pd.DataFrame:
    """Return the same of the scenario that pages show."""
    rows = told(contents.ahead, area_level)
    return rows[rows["scenario"] == contents.facts.scenarios[0]]


@once
def recorded(contents: Contents, area_level: str, first: pd.Timestamp, months: int = YEAR) -> pd.Series:
    """Return offences recorded in the months from the first, by `CELL`.

    A type of which the contents may not tell every offence is missing, never too small.
    """
    last = first + pd.DateOffset(months=months - 1)
    chosen = contents.recorded.offences[contents.recorded.offences["month"].between(first, last)]
    areas = contents.geography.areas.set_index("ward_code")[area_column(area_level)] if area_level != "ward" else None
    codes = chosen["ward_code"] if areas is None else chosen["ward_code"].map(areas)
    everywhere = pd.Index(contents.geography.areas[area_column(area_level)].unique(), name="area_code")
    by_minor = chosen["count"].groupby([codes, chosen["crime_type"]], observed=True).sum().unstack(fill_value=0)
    by_minor = by_minor.reindex(
        index=everywhere, columns=contents.crime.crime_types["crime_type"], fill_value=0
    ).astype(float)
    by_minor[list(contents.crime.withheld_counts)] = float("nan")
    sums = {key: by_minor[minors].sum(axis="columns", skipna=False) for key, minors in members(contents.crime).items()}
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
    return contents.ahead.forecast[contents.ahead.forecast["scenario"] == contents.facts.scenarios[0]]


def whole_totals(cells: pd.DataFrame, crime: CrimeTypes) -> pd.DataFrame:
    """Return rows of one area level without the totals that leave protected types out, where it tells the whole ones.

    Where counts are withheld both stay, since only the former have recorded numbers beside them.
    """
    names = cells["crime_type"].astype(str)
    if crime.withheld_counts or not (reduced := names.str.endswith(EXCLUDING)).any():
        return cells
    keys = cells["crime_level"].astype(str) + " " + names.str.removesuffix(EXCLUDING)
    return cells[~reduced | ~keys.isin(keys[~reduced].unique())]
