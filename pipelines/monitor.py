"""Monitor: every archived release held against what has been recorded since, and the newest data looked at.

Walks in: the folder of tables and the releases. Walks out: alerts in words, and scores beside what was promised, as
files, a Prefect artifact and lines of the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from features.arrivals import COLUMNS, lost_locations, silent_wards, stalled_feed
from models.crime_sums import EXCLUDING
from models.scores import score, score_summary
from models.watch import CELL, alarms, surprises
from pipelines.settings import Settings, releases_of
from publication.charts import sentence_case
from publication.release import list_releases, read_manifest
from sources.force import ForceTables, load

ALERTS, PROMISES = "alerts.parquet", "promises.parquet"
RELEASES_SCORED = 12  # the newest; older ones have been judged before
MONTHS_SCORED = 12
KEPT_PROMISES = ("wis", "bias", "coverage_80_strict", "coverage_80_inclusive")
TO_DO = {
    "single month": "See whether the month's data are whole; if it repeats, the chart of shifts will alarm",
    "shift": "Ask recording and analysts what changed; add it to features/breaks.csv with its evidence and retrain",
}


@dataclass(frozen=True)
class Watch:
    """Files of what was found: alerts (columns of `features.arrivals`) and scores beside promises."""

    alerts: Path
    promises: Path


@flow(name="monitor", validate_parameters=False)
def monitor(tables_folder: Path, settings: Settings) -> Watch:
    """Score every archived release whose months have been recorded, raise alarms, and look at the newest months."""
    tables = load(tables_folder)
    watch = look(tables, tables_folder, settings)
    found = pd.read_parquet(watch.alerts)
    tell(found[found["month"] >= tables.offences["month"].max()])
    return watch


def look(tables: ForceTables, folder: Path, settings: Settings) -> Watch:
    """Write what is odd about the newest months, and how promises were kept, into a folder; return where."""
    releases = releases_of(settings)
    found = pd.concat(
        [
            forecast_alerts(archived_forecasts(releases, tables), tables),
            lost_locations(tables.offences, tables.unlocated_offences, tables.areas),
            silent_wards(tables.offences, tables.areas),
            stalled_feed(tables.offences, tables.areas, pd.Timestamp(datetime.now(UTC)).tz_localize(None)),
        ],
        ignore_index=True,
    ).sort_values(["month", "kind"], ascending=[False, True], ignore_index=True)
    watch = Watch(folder / ALERTS, folder / PROMISES)
    found.astype({"month": "datetime64[us]"}).to_parquet(watch.alerts, index=False)
    promises_kept(releases, tables).to_parquet(watch.promises, index=False)
    return watch


def archived_forecasts(releases: Path, tables: ForceTables) -> pd.DataFrame:
    """Return what releases said of months since recorded: the force by every type, boroughs by all crime."""
    last = tables.offences["month"].max()
    watched = (ds.field("area_level") == "force") | (
        (ds.field("area_level") == "borough") & (ds.field("crime_level") == "all")
    )
    shown = watched & (ds.field("period") == "month") & (ds.field("scenario") == "central")
    parts = [
        ds.dataset(release / "forecast.parquet").to_table(filter=shown & (ds.field("month") <= last)).to_pandas()
        for release in list_releases(releases)
        if (release / "forecast.parquet").is_file()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def recorded_cells(tables: ForceTables) -> pd.DataFrame:
    """Return located offences of the watched cells by month, zeros included: CELL, month, count."""
    located = tables.offences.merge(tables.areas[["ward_code", "borough_code", "force_code"]], on="ward_code")
    located = located.merge(tables.crime_types[["crime_type", "major_type"]], on="crime_type").assign(all="all")
    months = pd.date_range(located["month"].min(), located["month"].max(), freq="MS", unit="us")
    parts = []
    for area_level, crime_level, crime in (
        ("force", "minor", "crime_type"),
        ("force", "major", "major_type"),
        ("force", "all", "all"),
        ("borough", "all", "all"),
    ):
        counts = located.pivot_table(
            index=[f"{area_level}_code", crime], columns="month", values="count", aggfunc="sum", fill_value=0
        )
        counts = counts.reindex(columns=months, fill_value=0).rename_axis(["area_code", "crime_type"])
        long = (
            counts.reset_index()
            .melt(["area_code", "crime_type"], var_name="month", value_name="count")
            .astype({"month": "datetime64[us]"})
        )
        parts.append(long.assign(area_level=area_level, crime_level=crime_level))
    return pd.concat(parts, ignore_index=True)[[*CELL, "month", "count"]]


def forecast_alerts(forecasts: pd.DataFrame, tables: ForceTables) -> pd.DataFrame:
    """Return the alarms over archived forecasts, in words."""
    if forecasts.empty:
        return pd.DataFrame(columns=COLUMNS)
    raised = alarms(surprises(forecasts, recorded_cells(tables)))
    if raised.empty:
        return pd.DataFrame(columns=COLUMNS)
    crime = raised["crime_type"].map(sentence_case).where(raised["crime_level"] != "all", "All crime excluding fraud")
    counts = [
        f"{recorded:,.0f} recorded, {mean:,.0f} expected"
        for recorded, mean in zip(raised["recorded"], raised["mean"], strict=True)
    ]
    said = raised.assign(said=crime + ": " + counts, to_do=raised["kind"].map(TO_DO))[COLUMNS]
    # A major type of one minor type alone alarms with it.
    return said.drop_duplicates(ignore_index=True)


def promises_kept(releases: Path, tables: ForceTables) -> pd.DataFrame:
    """Return the scores of each release's recorded months, up to a year ahead, beside what its backtest promised.

    Columns: release, origin, months, area_level, crime_level, then wis, bias and coverages, each with `promised_`.
    """
    rows = []
    last = tables.offences["month"].max()
    for release in list_releases(releases)[-RELEASES_SCORED:]:
        origin = pd.Timestamp(read_manifest(release)["origin"])
        until = min(last, origin + pd.DateOffset(months=MONTHS_SCORED))
        if until <= origin or not (release / "accuracy.csv").is_file():
            continue
        shown = (ds.field("period") == "month") & (ds.field("scenario") == "central") & (ds.field("month") <= until)
        table = scorable(ds.dataset(release / "forecast.parquet").to_table(filter=shown).to_pandas())
        scored = score_summary(score(table, tables.offences, tables.areas, tables.crime_types))
        promised = pd.read_csv(release / "accuracy.csv").set_index(["area_level", "crime_level"])
        kept = scored.set_index(["area_level", "crime_level"])[list(KEPT_PROMISES)]
        both = kept.join(promised[list(KEPT_PROMISES)].add_prefix("promised_"), how="inner").reset_index()
        months = (until.year - origin.year) * 12 + until.month - origin.month
        rows.append(both.assign(release=release.name, origin=origin, months=months))
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["release", "origin", "months"])


def scorable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the backtest scores too: no further sums, nor a level of which a type is kept back."""
    own = (table["crime_level"] != "group") & ~table["crime_type"].astype(str).str.endswith(EXCLUDING)
    table = table[own]
    types = table.groupby(["area_level", "crime_level"], observed=True)["crime_type"].nunique()
    whole = types == types.groupby("crime_level", observed=True).transform("max")
    levels = pd.MultiIndex.from_frame(table[["area_level", "crime_level"]].astype(str))
    return table[levels.isin(whole.index[whole].map(lambda level: tuple(map(str, level))))]


def tell(alerts: pd.DataFrame) -> None:
    """Log the alerts and keep them as an artifact, where people look who watch Prefect."""
    said = alerts["said"] + ". " + alerts["to_do"] + "."
    for kind, area, code, words in zip(alerts["kind"], alerts["area_name"], alerts["area_code"], said, strict=True):
        get_run_logger().warning("%s, %s (%s). %s", kind, area, code, words)
    shown = alerts.astype(str).to_dict("list")
    create_table_artifact(
        {str(name): values for name, values in shown.items()},
        key="alerts",
        description="What is odd about the newest month",
    )
