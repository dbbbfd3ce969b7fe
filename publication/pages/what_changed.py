"""What changed: alerts about the newest months, releases against their promises, revisions since the release before.

Walks in: `Contents`, and `changes.json` in the release's folder. Walks out: `what_changed.html`, `alerts.csv` and
`promises.csv`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from models.forecast.vocabulary import ALL_RECORDED
from publication.pages.rendering import Formats, Table, shown, write_html
from publication.release.changes import CHANGES
from publication.release.contents import Contents
from publication.tables.forecast_files import write_csv
from publication.words import change, month_name, sentence_case, share, whole

PAGE, ALERTS, PROMISES = "what_changed.html", "alerts.csv", "promises.csv"
MONTHS_TOLD = 12  # of alerts; all of them are in the file
LEVEL_NAMES = {"ward": "Wards", "borough": "Boroughs", "bcu": "BCUs", "force": "Force", "unlocated": "No known ward"}


def write_alerts(folder: Path, contents: Contents) -> None:
    """Write the files of alerts and, where an earlier release can be scored, of promises kept."""
    write_csv(folder / ALERTS, contents.track_record.alerts)
    if len(contents.track_record.promises):
        write_csv(folder / PROMISES, contents.track_record.promises)


def write_what_changed(folder: Path, contents: Contents) -> None:
    """Write the page, after `changes.json`."""
    found = json.loads((folder / CHANGES).read_text(encoding="utf-8"))
    write_html(
        folder / PAGE,
        "what_changed.html",
        contents,
        alerts=_alerts(contents),
        promises=_promises(contents.track_record.promises),
        reason=found["reason"],
        since=found["since"],
        revisions=_revisions(found),
        expectations=_expectations(found),
    )


def _alerts(contents: Contents) -> Table | None:
    recent = contents.facts.origin - pd.DateOffset(months=MONTHS_TOLD)
    told = contents.track_record.alerts[contents.track_record.alerts["month"] > recent]
    if told.empty:
        return None
    words = pd.DataFrame(
        {
            "Month": told["month"].map(month_name),
            "Kind": told["kind"].map(sentence_case),
            "Area": told["area_name"] + " (" + told["area_code"] + ")",
            "What was found": told["said"],
            "What to do": told["to_do"],
        }
    )
    return shown("alerts", f"Alerts of the last {MONTHS_TOLD} months, newest first", words)


def _promises(promises: pd.DataFrame) -> Table | None:
    if promises.empty:
        return None
    promises = promises[promises["crime_type"] == ""]
    words = pd.DataFrame(
        {
            "Release": promises["release"],
            "Months since": promises["months"],
            "Areas": promises["area_level"].map(LEVEL_NAMES),
            "Crime types": promises["crime_level"].map(sentence_case),
            "Score": promises["wis"],
            "Score promised": promises["promised_wis"],
            "Bias": promises["bias"],
            "In 80 % intervals": promises["coverage_80_inclusive"],
            "Promised": promises["promised_coverage_80_inclusive"],
        }
    )
    formats: Formats = {
        "Months since": whole,
        "Score": "{:.3f}".format,
        "Score promised": "{:.3f}".format,
        "Bias": change,
        "In 80 % intervals": share,
        "Promised": share,
    }
    return shown("promises", "Past releases against what their backtest promised", words, formats)


def _revisions(found: dict[str, Any]) -> Table | None:
    by_month = pd.DataFrame(found.get("revisions", {}).get("by_month", []))
    if by_month.empty:
        return None
    words = by_month.assign(month=pd.to_datetime(by_month["month"]).map(month_name))
    words.columns = words.columns.str.replace("_", " ").str.capitalize()
    return shown("revisions", "Recorded counts that were revised, by month", words)


def _expectations(found: dict[str, Any]) -> Table | None:
    moved = pd.DataFrame(found.get("expectations", []))
    if moved.empty:
        return None
    moved = moved[moved["area_level"] == "force"]
    every = moved["measure"] == ALL_RECORDED
    moved = moved[every if every.any() else ~every]
    words = pd.DataFrame(
        {
            "Crime type": moved["crime_type"].map(sentence_case),
            "Expected before": moved["before"],
            "Expected now": moved["after"],
            "Change": moved["after"] / moved["before"].where(moved["before"] > 0) - 1,
        }
    )
    formats: Formats = {"Expected before": whole, "Expected now": whole, "Change": change}
    counted = "all recorded offences" if every.any() else "offences with a known ward"
    caption = f"Expected in the months that both releases forecast, whole force: {counted}"
    return shown("expectations", caption, words, formats)
