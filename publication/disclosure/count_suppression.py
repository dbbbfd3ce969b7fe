"""Suppression of small recorded counts: by borough, crime type and financial year, with the force's total.

Walk in: recorded offences of types that no publisher has released for finer areas. Walks out: the table
`protected_counts`: years apart, so that two releases never differ by a month, and small numbers suppressed together
with as many others as it takes that none can be had from the total.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SUPPRESSED = "suppressed"
COLUMNS = ["area_level", "area_code", "crime_type", "month", "count", "marker"]
COUNTS_FILE = "protected_counts.csv"


def protected_counts(
    offences: pd.DataFrame,
    unlocated_offences: pd.DataFrame,
    areas: pd.DataFrame,
    telling: dict[str, set[tuple[str, str]]],
    smallest: int,
    previous: Path | None,
) -> pd.DataFrame:
    """Return counts by borough and force, crime type and whole financial year, suppressed where small.

    offences, unlocated_offences : of all types, as in `sources.tables.contracts`; those with no known ward count with
    their borough, and with the force alone where none is known. telling : the places, (area_level, area_code), that may
    tell, by crime type to tell of. previous : folder of the release before; what it suppressed stays suppressed, so
    that two
    releases give nothing away.
    """
    place = offences["ward_code"].map(areas.set_index("ward_code")["borough_code"])
    every = pd.concat([offences.assign(area_code=place), unlocated_offences], ignore_index=True)
    year = _financial_year(every["month"])
    months = every.groupby(year)["month"].nunique()
    years = months.index[months == 12]
    every = every.assign(year=year)[every["crime_type"].isin([*telling]) & year.isin(years)]
    boroughs, force = sorted(areas["borough_code"].unique()), areas["force_code"].iloc[0]
    by_area = every.groupby(["crime_type", "year", "area_code"])["count"].sum()
    cells = pd.MultiIndex.from_product([[*telling], years, [*boroughs, force]], names=by_area.index.names)
    table = by_area.reindex(cells, fill_value=0).unstack("area_code")[[*boroughs, force]]
    places = [*(("borough", code) for code in boroughs), ("force", force)]
    markers = _markers(previous)
    parts = []
    for (crime_type, first), values in zip(table.index, table.to_numpy(), strict=True):
        month = pd.Timestamp(first, 4, 1)
        silent = np.array([place not in telling[crime_type] for place in places])
        before = np.array([markers.get((code, crime_type, month)) for _, code in places], dtype=object)
        # Last of `values` are offences with no known borough: without a row, but had from the others and the total.
        hidden = suppressed(
            values,
            smallest,
            np.insert(silent | (before == SUPPRESSED), -1, False),
            np.insert(before[:-1] == "", len(boroughs), False),
        )
        part = pd.DataFrame(places, columns=["area_level", "area_code"])
        told = pd.array(np.append(values[:-1], values.sum()), dtype="Int64")
        part = part.assign(crime_type=crime_type, month=month, count=told)
        part["marker"] = np.where(np.delete(hidden, -2), SUPPRESSED, "")
        part["count"] = part["count"].mask(part["marker"] == SUPPRESSED)
        parts.append(part[~silent])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def suppressed(
    counts: np.ndarray, smallest: int, kept_back: np.ndarray | None = None, told: np.ndarray | None = None
) -> np.ndarray:
    """Return which of the counts, and last whether their total, must not be told.

    Counts from 1 to below `smallest` are suppressed, and with them the next larger ones, until whoever knows the
    total and that each is 1 or more still has `smallest` numbers to choose from for each. Where that cannot be had, the
    total goes. kept_back : counts, and last the total, that must not be told in any case. told : counts that the
    release before told of; where one has become small, or the others do not hide what must be, the total goes, or it
    would be had from the others as they were.
    """
    before = np.zeros(len(counts) + 1, dtype=bool) if kept_back is None else kept_back
    small = (counts > 0) & (counts < smallest)
    hidden = small | before[:-1]
    if told is not None and (small & told).any():
        return np.append(hidden, True)
    total = counts.sum()
    if before[-1] or 0 < total < smallest:
        return np.append(hidden, True)
    # What the release before told of hides nothing when it is kept back now.
    usable = (counts >= smallest) & ~hidden & ~(np.zeros(len(counts), dtype=bool) if told is None else told)
    order = [place for place in np.argsort(counts, kind="stable") if usable[place]]
    while hidden.any() and not _safe(counts[hidden], smallest):
        if not order:
            return np.append(hidden, True)
        hidden[order.pop(0)] = True
    return np.append(hidden, False)


def _financial_year(months: pd.Series) -> pd.Series:
    return months.dt.year - (months.dt.month < 4)


def _safe(hidden: np.ndarray, smallest: int) -> bool:
    spare = hidden.sum() - np.count_nonzero(hidden)
    return bool(np.count_nonzero(hidden) >= 2 and spare >= smallest - 1)


def _markers(previous: Path | None) -> dict[tuple[str, str, pd.Timestamp], str]:
    """Return the markers of the release before, by area, crime type and first month of the year."""
    file = previous / COUNTS_FILE if previous is not None else None
    if file is None or not file.exists():
        return {}
    table = pd.read_csv(file, parse_dates=["month"], keep_default_na=False)
    return table.set_index(["area_code", "crime_type", "month"])["marker"].to_dict()  # type: ignore[return-value]
