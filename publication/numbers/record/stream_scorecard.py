"""The scorecard's figures of flags: the last twelve months against the forecast of them, and the quarter ahead.

Walks in: `Contents`. Walks out: one table, of streams that cut across crime types: knife crime, serious youth violence,
violence against women and girls. They are never added to a crime type.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from publication.numbers.recorded import YEAR
from publication.release.contents import Contents, Geography, OtherDemand

LEVELS = ("force", "borough")
KEYS = ["stream", "series", "area_level", "area_code", "area_name"]
COLUMNS = [*KEYS, "first_month", "last_month", "middle", "low", "high", "recorded", "outcome"]
COLUMNS += ["quarter", "quarter_middle", "quarter_low", "quarter_high", "quarter_year_before", "chance_of_rise"]


def stream_scorecard(contents: Contents) -> pd.DataFrame:
    """Return a row a flag, series and area, the force first, then boroughs by name.

    middle, low, high : the forecast of the last twelve months, made before them, with its 80 % interval; `outcome`
    whether what was recorded came in `inside`, `above` or `below`. quarter_... : the three months from `quarter`;
    chance_of_rise : that they hold more than a year before. What is not known is missing.
    """
    other = contents.other_demand
    flags = set(other.streams.loc[other.streams["overlaps"] != "", "stream"]) if len(other.streams) else set()
    ahead = other.stream_forecast
    if not flags or ahead.empty:
        return pd.DataFrame(columns=COLUMNS)
    first = ahead.groupby("stream")["month"].transform("min")
    chosen = ahead["stream"].isin(flags) & ahead["area_level"].isin(LEVELS) & (ahead["month"] == first)
    quarter = ahead[chosen & (ahead["period"] == "quarter")].rename(
        columns={
            "month": "quarter",
            "q50": "quarter_middle",
            "q10": "quarter_low",
            "q90": "quarter_high",
            "year_before": "quarter_year_before",
        }
    )
    table = quarter[[*KEYS, "origin", *COLUMNS[-6:]]]
    past = other.stream_last_year
    if len(past):
        past = past[past["period"] == "year"].rename(columns={"q50": "middle", "q10": "low", "q90": "high"})
        table = table.merge(past[[*KEYS, "middle", "low", "high"]], on=KEYS, how="left")
    table = table.merge(
        _recorded(other, contents.geography, flags), on=["stream", "series", "area_level", "area_code"], how="left"
    )
    table["last_month"] = table.pop("origin")
    table["first_month"] = table["last_month"] - pd.DateOffset(months=YEAR - 1)
    table = table.reindex(columns=COLUMNS)
    outcome = np.select(
        [table["recorded"] < table["low"], table["recorded"] > table["high"]], ["below", "above"], "inside"
    )
    table["outcome"] = np.where(table["low"].isna() | table["recorded"].isna(), "", outcome)
    place = table["area_level"].map(LEVELS.index)
    order = table.assign(place=place).sort_values(["stream", "series", "place", "area_name"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _recorded(other: OtherDemand, geography: Geography, flags: set[str]) -> pd.DataFrame:
    """Return what the last twelve months of each flag hold, by borough and for the force, which counts the unknown."""
    values = other.stream_values[other.stream_values["stream"].isin(flags)]
    last = values.groupby("stream")["start"].transform("max")
    year = values[values["start"] > last - pd.DateOffset(months=YEAR)]
    keys = ["stream", "series"]
    areas = geography.areas
    boroughs = year[year["area_code"].isin(areas["borough_code"])]
    of_boroughs = boroughs.groupby([*keys, "area_code"], observed=True)["value"].sum().reset_index()
    of_force = year.groupby(keys, observed=True)["value"].sum().reset_index()
    parts = [
        of_boroughs.assign(area_level="borough"),
        of_force.assign(area_level="force", area_code=areas["force_code"].iloc[0]),
    ]
    return pd.concat(parts, ignore_index=True).rename(columns={"value": "recorded"})
