"""The last twelve months beside the forecast that was made of them a year before.

Walks in: `Contents`. Walks out: a row an area, crime type and year or month, with what was expected, its 80 % interval
and what was recorded; and how far the two lie apart over many rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.vocabulary import ALL_RECORDED, LOCATED
from publication.numbers.recorded import CELL, YEAR, all_recorded, area_column, members, recorded, whole_totals
from publication.release.contents import Contents, TrackRecord, once

FIGURES = ["expected", "middle", "low", "high", "recorded"]


@once
def past_year(contents: Contents, area_level: str) -> pd.DataFrame:
    """Return the twelve months that were forecast a year before: area_code, area_name, crime_level, crime_type,
    expected, middle (median), low, high (80 % interval), recorded. Of all recorded offences where that forecast told
    them, else of those with a known ward. Without rows where there is no such forecast or recorded numbers are
    withheld.
    """
    every = measure_of_last_year(contents.track_record, area_level) == ALL_RECORDED
    cells = contents.track_record.last_year_all_recorded if every else contents.track_record.last_year
    cells = whole_totals(cells[(cells["area_level"] == area_level) & (cells["period"] == "year")], contents.crime)
    if cells.empty:
        return pd.DataFrame(columns=[*CELL, "area_name", *FIGURES])
    first = pd.Timestamp(cells["month"].min())
    table = _plain(cells[cells["month"] == first])
    counts = (all_recorded if every else recorded)(contents, area_level, first)
    table["recorded"] = counts.reindex(pd.MultiIndex.from_frame(table[CELL])).to_numpy()
    return table.dropna(subset=["recorded"]).reset_index(drop=True)


def measure_of_last_year(record: TrackRecord, area_level: str) -> str:
    """Return what the forecast made a year before tells of a level: `all recorded`, or `located`."""
    every = record.last_year_all_recorded
    return ALL_RECORDED if (every["area_level"] == area_level).any() else LOCATED


def past_months(contents: Contents, area_level: str) -> pd.DataFrame:
    """Return the same by month, of all crime with a known ward, with a column month."""
    cells = contents.track_record.last_year
    cells = cells[(cells["area_level"] == area_level) & (cells["period"] == "month") & (cells["crime_level"] == "all")]
    cells = whole_totals(cells, contents.crime)
    crime_types = cells["crime_type"].astype(str).unique()
    if len(crime_types) != 1 or set(minors := members(contents.crime)[("all", crime_types[0])]) & set(
        contents.crime.withheld_counts
    ):
        return pd.DataFrame(columns=[*CELL, "area_name", "month", *FIGURES])
    table = _plain(cells).assign(month=cells["month"].to_numpy())
    chosen = contents.recorded.offences[
        contents.recorded.offences["month"].isin(table["month"]) & contents.recorded.offences["crime_type"].isin(minors)
    ]
    codes = chosen["ward_code"].map(
        contents.geography.areas.set_index("ward_code", drop=False)[area_column(area_level)]
    )
    counts = chosen["count"].groupby([codes.rename("area_code"), chosen["month"]]).sum()
    table["recorded"] = counts.reindex(pd.MultiIndex.from_frame(table[["area_code", "month"]]), fill_value=0).to_numpy()
    return table


def apart(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return how forecast and recorded numbers lie apart, a row a group of `by`.

    Columns: cells, recorded, expected, error (sum of absolute differences) and bias (expected less recorded), both as
    shares of the recorded; coverage_low and coverage_high: shares of recorded numbers inside the 80 % interval, its
    ends counted as outside and as inside; width: mean width of the interval as a share of the mean recorded.
    """
    low, high, actual = (table[name].to_numpy(dtype=float) for name in ("low", "high", "recorded"))
    measured = table.assign(
        absolute=(table["expected"] - table["recorded"]).abs(),
        strict=(actual > low) & (actual < high),
        inclusive=(actual >= low) & (actual <= high),
        span=high - low,
    )
    sums = measured.groupby(by, sort=False, observed=True).agg(
        cells=("recorded", "size"),
        recorded=("recorded", "sum"),
        expected=("expected", "sum"),
        absolute=("absolute", "sum"),
        span=("span", "sum"),
        coverage_low=("strict", "mean"),
        coverage_high=("inclusive", "mean"),
    )
    total = sums["recorded"].where(sums["recorded"] > 0, np.nan)
    found = sums.assign(error=sums["absolute"] / total, bias=sums["expected"] / total - 1, width=sums["span"] / total)
    return found.drop(columns=["absolute", "span"]).reset_index()


def last_months(record: TrackRecord) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return the first and the last of the twelve months, or None where there is no such forecast."""
    years = record.last_year[record.last_year["period"] == "year"]
    if years.empty:
        return None
    first = pd.Timestamp(years["month"].min())
    return first, first + pd.DateOffset(months=YEAR - 1)


def _plain(cells: pd.DataFrame) -> pd.DataFrame:
    names = {"mean": "expected", "q50": "middle", "q10": "low", "q90": "high"}
    table = cells[[*CELL, "area_name", *names]].rename(columns=names)
    return table.astype(dict.fromkeys([*CELL, "area_name"], str)).reset_index(drop=True)
