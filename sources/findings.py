"""What was found in a data folder, summed up for the person who supplied it.

Walks in: `ForceTables`. Walks out: small tables to show; nothing is printed or judged here.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.catalogue.catalogue import FORCE_ENTRY, PLAN_FOLDER
from sources.streams.tables import Stream, stream_named
from sources.tables.force_tables import ForceTables


def files_found(tables: ForceTables) -> pd.DataFrame:
    """Return the files read, in order: dataset, file, rows, first_month, last_month, bytes, sha256."""
    return tables.manifest[["dataset", "file", "rows", "first_month", "last_month", "bytes", "sha256"]]


def files_not_read(tables: ForceTables, data: Path) -> list[str]:
    """Return the files of the data folder that no reader took, hidden ones and those of a plan apart."""
    files = (file.relative_to(data) for file in data.rglob("*") if file.is_file())
    visible = {file.as_posix() for file in files if not any(part.startswith(".") for part in file.parts)}
    return sorted(
        file for file in visible - {*tables.manifest["file"], FORCE_ENTRY} if not file.startswith(f"{PLAN_FOLDER}/")
    )


def coverage_by_month(tables: ForceTables) -> pd.DataFrame:
    """Return by month the offences with a known ward and without, and the share that has one.

    Columns: month, located, unlocated, coverage (0 to 1; missing in a month without offences).
    """
    by_month = _by_month(tables)
    return by_month.assign(coverage=by_month["located"] / by_month.sum(axis="columns")).reset_index()


def totals_by_financial_year(tables: ForceTables) -> pd.DataFrame:
    """Return offences by year from April to March.

    Columns: financial_year (as 2023/24), months (that the data has), partial (fewer than twelve), located,
    unlocated, offences (both), coverage (located of both, 0 to 1).
    """
    by_month = _by_month(tables)
    start = pd.PeriodIndex(by_month.index, freq="Y-MAR").year - 1
    year = pd.Index([f"{first}/{(first + 1) % 100:02}" for first in start], name="financial_year")
    totals = by_month.groupby(year).sum()
    months = by_month.groupby(year).size()
    totals.insert(0, "months", months)
    totals.insert(1, "partial", months < 12)
    every = totals["located"] + totals["unlocated"]
    return totals.assign(offences=every, coverage=totals["located"] / every.where(every > 0)).reset_index()


def offences_by_year_and_month(tables: ForceTables) -> pd.DataFrame:
    """Return offences of all types, with a known ward or without, a row a year from April to March.

    Columns: financial_year (as 2023/24), then Apr to Mar; missing where the data have no such month.
    """
    by_month = _by_month(tables).sum(axis="columns")
    years = pd.PeriodIndex(by_month.index, freq="Y-MAR").year - 1
    table = pd.DataFrame(
        {
            "financial_year": [f"{first}/{(first + 1) % 100:02}" for first in years],
            "month": pd.DatetimeIndex(by_month.index).strftime("%b"),
            "offences": by_month.to_numpy(),
        }
    )
    months = pd.date_range("2020-04-01", periods=12, freq="MS").strftime("%b")
    folded = table.pivot(index="financial_year", columns="month", values="offences").reindex(columns=months)
    return folded.astype("Int64").rename_axis(columns=None).reset_index()


def overlaps_summary(tables: ForceTables) -> pd.DataFrame:
    """Return, for each pair of editions, over how many months they overlap and where they differ most.

    Columns: dataset, other, months, largest_difference (signed share of other), month (of that difference).
    """
    overlaps = tables.overlaps.reset_index(drop=True)
    pairs = overlaps.groupby(["dataset", "other"], sort=False)
    largest = overlaps.loc[
        overlaps["difference"].abs().groupby([overlaps["dataset"], overlaps["other"]], sort=False).idxmax()
    ]
    summary = largest.assign(months=pairs["month"].transform("size")).rename(
        columns={"difference": "largest_difference"}
    )
    return summary[["dataset", "other", "months", "largest_difference", "month"]].reset_index(drop=True)


def quarantine_summary(tables: ForceTables) -> pd.DataFrame:
    """Return what was set aside, by file and reason: file, reason, entries, count (offences or rows held)."""
    return (
        tables.quarantine.groupby(["file", "reason"], sort=False)
        .agg(entries=("count", "size"), count=("count", "sum"))
        .reset_index()
    )


def streams_found(tables: ForceTables) -> pd.DataFrame:
    """Return what streams of other demand were found, one row each.

    Columns: stream, category, areas (how many, and of what level), period, first, last, total (of nested series the one
    that holds the others), unit, set_aside (total of periods set aside), odd (a period that holds under a third of what
    its neighbours hold, the first; empty if none), forecast (or why not).
    """
    rows = []
    for row in tables.streams.itertuples():
        stream = stream_named(tables.streams, tables.stream_values, str(row.stream))
        about = stream.about
        rows.append(
            {
                "stream": about.name,
                "category": about.category,
                "areas": f"{stream.table['area_code'].nunique()} {about.areas}",
                "period": about.period,
                "first": row.first,
                "last": row.last,
                "total": row.total,
                "unit": about.unit,
                "set_aside": row.set_aside,
                "odd": _odd_period(stream),
                "forecast": "yes" if about.forecast else about.not_forecast_because,
            }
        )
    return pd.DataFrame(rows)


def _odd_period(stream: Stream) -> str:
    """Return the first month or week that holds under a third of the median of the six on either side."""
    if stream.about.period == "day":
        return ""
    totals = stream.table.groupby("start")["value"].sum()
    usual = totals.rolling(13, center=True, min_periods=7).median()
    odd = totals.index[totals < usual / 3]
    return f"{odd[0]:%Y-%m-%d}" if len(odd) else ""


def _by_month(tables: ForceTables) -> pd.DataFrame:
    """Return located and unlocated offences of all crime types, indexed by month."""
    return (
        pd.DataFrame(
            {
                "located": tables.offences.groupby("month")["count"].sum(),
                "unlocated": tables.unlocated_offences.groupby("month")["count"].sum(),
            }
        )
        .fillna(0)
        .astype("int64")
    )
