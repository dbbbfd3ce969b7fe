"""What a monitor looks at: archived forecasts held against what was recorded since, and the newest months.

Walks in: the tables, the panel and the archived releases. Walks out: alerts in words, and scores beside
promises, as files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

from features.arrivals import COLUMNS, known_breaks, lost_locations, silent_wards, stalled_feed
from features.breaks import load_breaks, months_of
from features.panel import Panel
from features.streams.arrivals import stalled_streams, surprising_streams
from models.scoring.control_charts import CELL, alarms, surprises
from models.tracking import registry
from models.uncertainty.found_steps import found_steps
from pipelines.settings import Settings, releases_of
from pipelines.steps.promises import promises_kept, said_by, scores_kept
from publication.release.release import list_releases
from publication.words import sentence_case
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

ALERTS, PROMISES = "alerts.parquet", "promises.parquet"


TO_DO = {
    "single month": "See whether the month's data are whole; if it repeats, the chart of shifts will alarm",
    "shift": "Ask recording and analysts what changed; add it to features/breaks.csv with its evidence and retrain",
}


@dataclass(frozen=True)
class Watch:
    """Files of what was found: alerts (columns of `features.arrivals`) and scores beside promises."""

    alerts: Path
    promises: Path


def look(tables: ForceTables, panel: Panel, folder: Path, settings: Settings) -> Watch:
    """Write what is odd about the newest months, and how promises were kept, into a folder; return where."""
    releases = releases_of(settings)
    found = pd.concat(
        [
            forecast_alerts(archived_forecasts(releases, tables), tables),
            lost_locations(tables.offences, tables.unlocated_offences, tables.areas),
            silent_wards(tables.offences, tables.areas),
            known_breaks(
                load_breaks(force_code=tables.force.code), tables.areas, pd.Timestamp(tables.offences["month"].max())
            ),
            overdue(tables),
            unlisted_steps(panel),
            *stream_alerts(releases, tables),
        ],
        ignore_index=True,
    ).sort_values(["month", "kind"], ascending=[False, True], ignore_index=True)
    watch = Watch(folder / ALERTS, folder / PROMISES)
    found.astype({"month": "datetime64[us]"}).to_parquet(watch.alerts, index=False)
    registry.open_store(settings.tracking_address, settings.mlruns)
    promises_kept(releases, tables, scores_kept).to_parquet(watch.promises, index=False)
    return watch


def stream_alerts(releases: Path, tables: ForceTables) -> list[pd.DataFrame]:
    """Return what is odd about streams: those that have stalled, and newest months that no release expected."""
    said = []
    for release in list_releases(releases):
        file = release / "stream_forecast.parquet"
        if file.is_file():
            rows = (ds.field("area_level") == "force") & (ds.field("period") == "month")
            said.append(ds.dataset(file).to_table(filter=rows).to_pandas())
    told = pd.concat(said, ignore_index=True) if said else pd.DataFrame()
    titles = {name: json.loads(about)["title"] for name, about in zip(*_names(tables), strict=True)}
    newest = pd.Timestamp(tables.offences["month"].max())
    return [
        stalled_streams(tables.streams, tables.stream_values, newest, tables.areas),
        surprising_streams(tables.stream_values, told, titles, tables.areas),
    ]


def _names(tables: ForceTables) -> tuple[list[str], list[str]]:
    return list(tables.streams["stream"]), list(tables.streams["about"])


def unlisted_steps(panel: Panel) -> pd.DataFrame:
    """Return the steps that the list of breaks does not hold, as alerts, each with the line that would list it."""
    found = found_steps(panel)
    force = panel.areas.iloc[0]
    line = "{event},{force},step,{kind},{month:%Y-%m-%d},,{known:%Y-%m-%d},"
    return pd.DataFrame(
        {
            "month": found["first_month"],
            "kind": "unlisted step",
            "area_level": "force",
            "area_code": force["force_code"],
            "area_name": force["force_name"],
            "said": [
                f"{sentence_case(kind)} stands {np.expm1(size):+.0%} from the level before, "
                f"{abs(score):.1f} times its usual change"
                for kind, size, score in zip(found["crime_type"], found["size"], found["score"], strict=True)
            ],
            "to_do": [
                "Ask recording whether something changed; if so, add to features/breaks.csv, with the evidence: "
                + line.format(event="EVENT", force=force["force_code"], kind=kind, month=month, known=panel.last_month)
                for kind, month in zip(found["crime_type"], found["first_month"], strict=True)
            ],
        },
        columns=COLUMNS,
    )


def overdue(tables: ForceTables) -> pd.DataFrame:
    """Return an alert if the next month should have been published by now."""
    return stalled_feed(tables.offences, tables.areas, pd.Timestamp(datetime.now(UTC)).tz_localize(None))


def refused_input(refused: InputError) -> pd.DataFrame:
    """Return the alert that a file of the data folder cannot be used, so that nothing is published."""
    problem = str(refused).splitlines()[0]
    this_month = pd.Timestamp(datetime.now(UTC)).tz_localize(None).to_period("M").to_timestamp()
    row = (this_month, "refused input", "force", "input", "the data folder", problem, refused.remedy.rstrip("."))
    return pd.DataFrame([row], columns=COLUMNS)


def archived_forecasts(releases: Path, tables: ForceTables) -> pd.DataFrame:
    """Return what releases said of months since recorded: the force by every type, boroughs by all crime."""
    last = tables.offences["month"].max()
    watched = (ds.field("area_level") == "force") | (
        (ds.field("area_level") == "borough") & (ds.field("crime_level") == "all")
    )
    shown = watched & (ds.field("period") == "month") & (ds.field("scenario") == "central")
    found = (said_by(release, shown & (ds.field("month") <= last)) for release in list_releases(releases))
    parts = [table for table in found if table is not None]
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
    surprised = surprises(forecasts, recorded_cells(tables))
    if surprised.empty:
        return pd.DataFrame(columns=COLUMNS)
    months = pd.DatetimeIndex(surprised["month"].unique())
    disrupted = months[months_of(load_breaks(), "disruption", months).to_numpy()]
    raised = alarms(surprised, unusual=list(disrupted))
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
