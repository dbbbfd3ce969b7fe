"""The figures of the scorecard: each borough's last twelve months against the forecast of them, and the quarter ahead.

Walks in: `Contents`. Walks out: one table, of all recorded offences where the forecast tells them. Knife crime is
a flag on offences counted elsewhere: it stands apart and is not forecast.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

from models.forecast.vocabulary import ALL_RECORDED
from publication.numbers.record.past_year import last_months, past_year
from publication.numbers.recorded import (
    CELL,
    NEIGHBOURHOOD,
    YEAR,
    area_column,
    first_forecast_month,
    measure_told,
    members,
    recorded_as_told,
    told_ahead,
)
from publication.release.contents import Contents, CrimeTypes

QUARTER = 3  # months
KNIFE_CRIME = ["knife crime with injury", "knife injury victims aged 1 to 24"]
COLUMNS = [
    "part",
    "area_level",
    "area_code",
    "area_name",
    "crime_level",
    "crime_type",
    "first_month",
    "last_month",
    "expected",
    "middle",
    "low",
    "high",
    "recorded",
    "recorded_before",
    "outcome",
]
COUNTS = ["middle", "low", "high", "recorded", "recorded_before"]  # the columns of whole numbers
LEVELS = ("force", "borough")
BEYOND_CHANCE = 0.05  # two-sided


def scorecard(contents: Contents) -> pd.DataFrame:
    """Return every figure of the scorecard, columns `COLUMNS`: the force first, then boroughs by name.

    part : `last_year` (expected a year before; `recorded_before` is missing), `next_quarter` (`recorded_before`: the
        same quarter of the last year) or `knife_crime` (twelve months, `recorded_before`: the twelve before; not
        forecast).
    outcome : of last_year whether the recorded number is inside, above or below the 80 % interval; of knife_crime
        whether it rose, fell or differs by no more than chance; else empty. What is not known is missing.
    """
    parts = [_last_year(contents), _next_quarter(contents), _knife_crime(contents)]
    table = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
    return table.reindex(columns=COLUMNS)


def wanted_types(crime: CrimeTypes) -> list[tuple[str, str]]:
    """Return the crime types of the scorecard: all, the sum of the neighbourhood crimes, and each of them."""
    found = members(crime)
    return [("all", crime.total)] + [
        key for key in (NEIGHBOURHOOD, *(("minor", name) for name in found.get(NEIGHBOURHOOD, []))) if key in found
    ]


def _last_year(contents: Contents) -> pd.DataFrame:
    months = last_months(contents.track_record)
    if months is None:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat([past_year(contents, level).assign(area_level=level) for level in LEVELS], ignore_index=True)
    table = _chosen(_with_sum(table, contents.crime), contents.crime)
    inside = np.select(
        [table["recorded"] < table["low"], table["recorded"] > table["high"]], ["below", "above"], "inside"
    )
    outcome = pd.Series(inside, index=table.index).where(table["low"].notna(), "")
    return table.assign(part="last_year", first_month=months[0], last_month=months[1], outcome=outcome)


def _next_quarter(contents: Contents) -> pd.DataFrame:
    """Return the three months from the first: of the table of quarters, else sums of months, which have no interval."""
    first = first_forecast_month(contents)
    every = contents.ahead.all_recorded[contents.ahead.all_recorded["period"] == "quarter"]
    if len(contents.ahead.quarters):
        parts = [
            (every if measure_told(contents.ahead, level) == ALL_RECORDED else contents.ahead.quarters).query(
                "area_level == @level"
            )
            for level in LEVELS
        ]
        cells = pd.concat(parts, ignore_index=True)
        cells = cells[cells["month"] == first]
        names = {"mean": "expected", "q50": "middle", "q10": "low", "q90": "high"}
        table: pd.DataFrame = cells.rename(columns=names)
    else:
        cells = pd.concat([told_ahead(contents, level) for level in LEVELS], ignore_index=True)
        cells = cells[cells["period"] == "month"]
        cells = cells[cells["month"] < first + pd.DateOffset(months=QUARTER)]
        if cells["month"].nunique() < QUARTER:
            return pd.DataFrame(columns=COLUMNS)
        keys = ["area_level", "area_code", "area_name", "crime_level", "crime_type"]
        table = cells.astype(dict.fromkeys(keys, str)).groupby(keys)[["mean"]].sum().reset_index()
        table = table.rename(columns={"mean": "expected"}).assign(middle=np.nan, low=np.nan, high=np.nan)
    table = table[table["area_level"].isin(LEVELS)].assign(recorded=np.nan)
    table = _chosen(_with_sum(table, contents.crime), contents.crime)
    year_before = first - pd.DateOffset(years=1)
    before = pd.concat([recorded_as_told(contents, level, year_before, QUARTER) for level in LEVELS])
    return table.assign(
        part="next_quarter",
        first_month=first,
        last_month=first + pd.DateOffset(months=QUARTER - 1),
        recorded_before=before.reindex(pd.MultiIndex.from_frame(table[CELL])).to_numpy(),
        outcome="",
    )


def _with_sum(table: pd.DataFrame, crime: CrimeTypes) -> pd.DataFrame:
    """Return the table with the sum of the neighbourhood crimes; where it is made here, it has no interval."""
    if (table["crime_level"] == NEIGHBOURHOOD[0]).any() or NEIGHBOURHOOD not in (found := members(crime)):
        return table
    of_sum = table[(table["crime_level"] == "minor") & table["crime_type"].isin(found[NEIGHBOURHOOD])]
    keys = ["area_level", "area_code", "area_name"]
    total = of_sum.groupby(keys, as_index=False, observed=True)[["expected", "recorded"]].sum(min_count=1)
    return pd.concat(
        [table, total.assign(crime_level=NEIGHBOURHOOD[0], crime_type=NEIGHBOURHOOD[1])], ignore_index=True
    )


def _chosen(table: pd.DataFrame, crime: CrimeTypes) -> pd.DataFrame:
    """Return the rows of the wanted crime types: by type, the force first, then boroughs by name."""
    places = {key: place for place, key in enumerate(wanted_types(crime))}
    keys = list(zip(table["crime_level"], table["crime_type"], strict=True))
    table = table.assign(place=[places.get(key, -1) for key in keys], borough=table["area_level"] != "force")
    table = table[table["place"] >= 0].sort_values(["place", "borough", "area_name", "area_code"])
    return table.drop(columns=["place", "borough"]).reset_index(drop=True)


def _knife_crime(contents: Contents) -> pd.DataFrame:
    """Return the twelve months to the origin, or to the last that the file has, beside the twelve before."""
    counts = contents.recorded.knife_crime
    if counts.empty:
        return pd.DataFrame(columns=COLUMNS)
    last = min(counts["month"].max(), contents.facts.origin)
    first, before = last - pd.DateOffset(months=YEAR - 1), last - pd.DateOffset(months=2 * YEAR - 1)
    counts = counts[counts["series"].isin(KNIFE_CRIME)]
    if counts["month"].min() > before:
        return pd.DataFrame(columns=COLUMNS)
    year = np.select(
        [counts["month"].between(first, last), counts["month"].between(before, first)],
        ["recorded", "recorded_before"],
        "",
    )
    sums = counts.assign(year=year).groupby(["series", "area_code", "year"])["count"].sum().unstack(fill_value=0)
    table = sums.reset_index()
    whole_force = sums.groupby(level="series").sum().reset_index()
    areas = contents.geography.areas.drop_duplicates(area_column("borough")).set_index("borough_code")["borough_name"]
    table["area_name"] = table["area_code"].map(areas).fillna("No known borough")
    table["area_level"] = np.where(table["area_code"].isin(areas.index), "borough", "unlocated")
    force = contents.geography.areas.iloc[0]
    names = {"area_level": "force", "area_code": force["force_code"], "area_name": force["force_name"]}
    table = pd.concat([whole_force.assign(**names), table], ignore_index=True)
    order = {"force": 0, "borough": 1, "unlocated": 2}
    table = table.assign(place=table["area_level"].map(order)).sort_values(["series", "place", "area_name"])
    return table.rename(columns={"series": "crime_type"}).assign(
        part="knife_crime", crime_level="flag", first_month=first, last_month=last, outcome=_beyond_chance(table)
    )


def _beyond_chance(table: pd.DataFrame) -> np.ndarray:
    """Say whether two counts differ by more than chance: were both of one rate, the first is binomial given the sum."""
    now, total = table["recorded"].to_numpy(), (table["recorded"] + table["recorded_before"]).to_numpy()
    fell, rose = binom.cdf(now, total, 0.5), binom.sf(now - 1, total, 0.5)
    return np.select([fell < BEYOND_CHANCE / 2, rose < BEYOND_CHANCE / 2], ["fell", "rose"], "no more than chance")
