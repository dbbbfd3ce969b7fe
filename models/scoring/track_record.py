"""The record of past forecasts: whole years, one to four ahead, as they were forecast and as they came.

Walks in: `forecast` tables of past origins and what was recorded. Walks out: a row an origin, area, crime type and
year. Intervals are those that the forecast of that day gave, of what a page quotes: all recorded offences where it told
them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.breaks import months_of
from features.panel import Panel
from models.draws.all_recorded import all_recorded, parts_that_add_up
from models.forecast.forecast import months_ahead
from models.forecast.vocabulary import ALL_RECORDED, LOCATED
from models.scoring.observed import Observed

LEVELS = ("force", "bcu", "borough")
YEAR = 12  # months
YEARS_SCORED = 4
BEGINS_IN = 4  # the month in which the years of the record begin, so that they stay the same from month to month
SHORTEST_HISTORY = 47  # months before an origin, so that a model can learn how far it errs
COLUMNS = [
    "origin",
    "years_ahead",
    "area_level",
    "area_code",
    "crime_level",
    "crime_type",
    "measure",
    "middle",
    "low",
    "high",
    "recorded",
]


def record_origins(panel: Panel, count: int, without: list[pd.Timestamp]) -> list[pd.Timestamp]:
    """Return the newest origins of the record, up to `count`: years that begin in April and were ordinary.

    without : origins whose forecasts are at hand already. A year that a disruption touches is passed over.
    """
    months = panel.months
    unlike = months_of(panel.breaks, "disruption", months)
    usable = [
        origin
        for origin in months[SHORTEST_HISTORY : len(months) - YEAR]
        if origin.month == BEGINS_IN - 1 and origin not in without and not unlike[months_ahead(origin, YEAR)].any()
    ]
    return usable[::-1][:count]


def years_to_score(panel: Panel, origin: pd.Timestamp) -> int:
    """Return how many whole years after an origin have been recorded, up to four."""
    return min(len(panel.months[panel.months > origin]) // YEAR, YEARS_SCORED)


def yearly_record(forecast: pd.DataFrame, observed: Observed, breaks: pd.DataFrame) -> pd.DataFrame:
    """Return the years of a `forecast` table of one origin beside what was recorded, columns `COLUMNS`.

    Force, BCUs and boroughs, in ordinary years that have been recorded whole. `observed`: of minor types up the trees.
    """
    parts = [all_recorded(forecast), parts_that_add_up(forecast)]
    rows = []
    for level in LEVELS:
        every = parts[0][(parts[0]["area_level"] == level)]
        cells, measure = (every, ALL_RECORDED) if len(every) else (parts[1], LOCATED)
        cells = cells[(cells["area_level"] == level) & (cells["period"] == "year")]
        counts = _yearly(observed, level, measure, pd.DatetimeIndex(cells["month"].unique()), breaks)
        keys = ["area_code", "crime_level", "crime_type", "month"]
        found = cells.astype(dict.fromkeys(keys[:3], str)).merge(counts, on=keys)
        rows.append(found.assign(measure=measure))
    table = pd.concat(rows, ignore_index=True).rename(columns={"q50": "middle", "q10": "low", "q90": "high"})
    ahead = (table["month"].dt.year - table["origin"].dt.year) * YEAR + table["month"].dt.month
    table["years_ahead"] = (ahead - table["origin"].dt.month - 1) // YEAR + 1
    return table.dropna(subset=["recorded"])[COLUMNS].reset_index(drop=True)


def _yearly(
    observed: Observed, level: str, measure: str, starts: pd.DatetimeIndex, breaks: pd.DataFrame
) -> pd.DataFrame:
    """Return offences of ordinary years by area_code, crime_level, crime_type, month (the first), recorded."""
    unlike = months_of(breaks, "disruption", observed.months).to_numpy()
    chosen = (observed.areas.table["area_level"] == level).to_numpy()
    codes = observed.areas.table.loc[chosen, "area_code"].to_numpy()
    located = observed.located[chosen]
    lost = _lost(observed, level, codes) if measure == ALL_RECORDED else None
    parts = []
    for start in sorted(starts):
        span = observed.months.get_indexer(months_ahead(start - pd.DateOffset(months=1), YEAR))
        if (span < 0).any() or unlike[span].any():
            continue
        sums = located[:, :, span].sum(axis=2).astype(float)
        if lost is not None:
            sums = sums + lost[:, :, span].sum(axis=2)
        crimes = observed.crimes.table
        parts.append(
            pd.DataFrame(
                {
                    "area_code": np.repeat(codes, len(crimes)),
                    "crime_level": np.tile(crimes["crime_level"].to_numpy(), len(codes)),
                    "crime_type": np.tile(crimes["crime_type"].to_numpy(), len(codes)),
                    "month": start,
                    "recorded": sums.ravel(),
                }
            )
        )
    empty = pd.DataFrame(columns=["area_code", "crime_level", "crime_type", "month", "recorded"])
    found = pd.concat(parts, ignore_index=True) if parts else empty
    return found.astype({"area_code": str, "crime_level": str, "crime_type": str, "month": "datetime64[us]"})


def _lost(observed: Observed, level: str, codes: np.ndarray) -> np.ndarray:
    """Return offences with no known ward by area of a level, (area, crime_type, month); the force has them all."""
    lost = observed.unlocated
    if level == "force":
        return np.nansum(lost, axis=0, keepdims=True)
    table = observed.areas.table
    boroughs = table.loc[table["area_level"] == "borough", "area_code"].tolist()
    place = pd.Index(observed.unlocated_areas).get_indexer(pd.Index(boroughs))
    by_borough = np.where((place >= 0)[:, None, None], lost[place], np.nan)
    if level == "borough":
        return by_borough
    _, first_ward = np.unique(observed.areas.borough_of_ward, return_index=True)
    bcu = observed.areas.bcu_of_ward[first_ward]
    return np.stack([by_borough[bcu == one].sum(axis=0) for one in range(len(codes))])
