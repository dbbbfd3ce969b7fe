"""The front page of a release, `index.html`: what to expect, where to go, how sure it is, how it was made.

Walks in: `Contents`, and the folder with the release's other files. Walks out: `index.html` and its pictures. The page
is plain HTML that opens from disk; whatever stands in it depends on the run alone, never on the time of writing, so
that publishing a run twice gives the same page.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd

from publication.charts.card_chart import card_chart
from publication.charts.charts import fan_chart, save_picture, years_by_type
from publication.numbers.chance import tenths
from publication.numbers.findings import findings
from publication.numbers.outlook import bias_in_words, by_year, coverage_in_words, past_accuracy, year_ahead
from publication.numbers.record.track_record import record_in_words
from publication.numbers.recorded import (
    first_forecast_month,
    measure_told,
    months_recorded,
    shown_scenario,
    told_ahead,
    told_types,
)
from publication.numbers.steps import adjusted_comparisons, known_breaks
from publication.pages.documents import DOCUMENTS, FOLDER, closing
from publication.pages.quality import months_measured, record_shown
from publication.pages.rendering import Formats, Table, shown, write_html
from publication.release.contents import Contents, TrackRecord
from publication.release.manifest import MANIFEST
from publication.tables.dictionary import data_dictionary, file_meanings
from publication.words import LINKS, change, month_name, per_cent, ranges, sentence_case, whole

PICTURED_MONTHS = 72
# Where each finding leads, and what to call that.
LEADS_TO = {
    "what": ("atlas/index.html#view=table&level=borough", "Every crime type and area in the atlas"),
    "where": ("atlas/index.html#measure=direction&level=borough", "The map of likely changes"),
    "whom": ("who.html", "Who is growing where"),
    "harm": ("atlas/index.html#measure=severity&level=bcu&sort=-severity", "Severity by area in the atlas"),
    "record": ("documents/quality.html", "The record of past forecasts"),
}
# Where the page leads, by the pattern of a file that a release may have: its name and what it is for.
CARDS = {
    "atlas/index.html": ("Atlas", "The map: any ward, crime type, age and year, with the range to expect."),
    "workbook*.xlsx": ("Workbook", "The figures as a spreadsheet: force, boroughs, ages, the busiest wards."),
    "scorecard.html": ("Scorecard", "Each borough against the forecast made a year before, and the next quarter."),
    "who.html": ("Who is growing where", "Residents aged 10 to 17 and 18 to 24, and what drives demand."),
    "plan/index.html": ("Plan", "What the forecast means in hours of work and in officers, and how sure that is."),
    "what_changed.html": ("What changed", "Alerts about the newest months, and what differs from the release before."),
    "datapackage.json": ("Open data", "Every table, described for machines; the files are listed below."),
}
# Files of no interest one by one: those that other pages lead to, and those of one borough or for machines.
LED_TO = ("atlas/*", "plan/index.html", f"{FOLDER}/*", "scorecard.html", "who.html", "what_changed.html", "index.html")
FURTHER = ("csv/*", "plan/*", "csv_by_age/*", "schemas/*", "pictures/*")


def write_page(folder: Path, contents: Contents) -> None:
    """Write `index.html` and its pictures, after all other files of the release are in its folder."""
    forecast = shown_scenario(contents)
    _write_pictures(folder / "pictures", contents)
    outlook = year_ahead(contents)
    rows = dict(iter(outlook.groupby("shown_by")))
    files = _files(folder)
    paths = [file["path"] for file in files]
    listed = [file for file in files if not any(fnmatch(file["path"], pattern) for pattern in LED_TO)]
    further = [file for file in listed if any(fnmatch(file["path"], pattern) for pattern in FURTHER)]
    write_html(
        folder / "index.html",
        "index.html",
        contents,
        links=[(name, address) for name, address in LINKS.items() if address in {*paths, "index.html"}],
        first_month=first_forecast_month(contents),
        last_month=forecast.loc[forecast["period"] == "month", "month"].max(),
        force=rows["force"].to_dict("records")[0] if "force" in rows else None,
        findings=_cards(folder, paths, contents),
        adjusted=adjusted_comparisons(contents),
        types=_outlook("by-type", "By major crime type, whole force", "Crime type", rows.get("type")),
        boroughs=_outlook(
            "by-borough", f"{sentence_case(contents.crime.total)}, by borough", "Borough", rows.get("borough")
        ),
        boroughs_part=bool("borough" in rows and rows["borough"]["recorded"].isna().any()),
        boroughs_located=bool("borough" in rows and not rows["borough"]["all_recorded"].all()),
        cards=[
            {"address": path, "name": name, "text": text}
            for pattern, (name, text) in CARDS.items()
            for path in paths
            if fnmatch(path, pattern)
        ],
        documents=[(title, path) for name, title in DOCUMENTS.items() if (path := f"{FOLDER}/{name}.html") in paths],
        accuracy=_accuracy(contents.track_record),
        record=record_shown(contents.track_record),
        record_words=record_in_words(contents),
        bias=bias_in_words(contents.track_record.accuracy),
        coverage=coverage_in_words(contents.track_record.accuracy),
        origins=int(contents.track_record.accuracy["origins"].max()) if len(contents.track_record.accuracy) else 0,
        scored=months_measured(contents.track_record),
        closed=closing(contents.crime),
        files={"identifier": "files", "caption": "Files", "rows": [file for file in listed if file not in further]},
        further={"identifier": "further", "caption": "Further files", "rows": further},
        dictionary=shown("dictionary", "Data dictionary", data_dictionary().rename(columns=str.capitalize)),
        inputs=_inputs(contents.facts.inputs),
    )


def _write_pictures(folder: Path, contents: Contents) -> None:
    """Draw the force by month and, where there are yearly figures, its major types by year."""
    folder.mkdir(exist_ok=True)
    facts = contents.facts
    force, simulated = told_ahead(contents, "force"), facts.force.simulated
    source = (
        f"Source: {facts.force.name}, recorded crime excluding fraud, "
        f"{measure_told(contents.ahead, 'force')} offences, to {month_name(facts.origin)}. Release {facts.name}."
    )
    monthly = force[(force["period"] == "month") & (force["crime_type"] == contents.crime.total)]
    counts = months_recorded(contents).loc[: facts.origin].iloc[-PICTURED_MONTHS:]
    title = f"Recorded crime and forecast, {facts.force.name}"
    breaks = known_breaks(contents)
    marks = breaks[breaks["crime_type"] == "all"].drop_duplicates(["event", "first_month"])
    picture = fan_chart(
        counts,
        monthly,
        title=title,
        source=source,
        simulated=simulated,
        breaks=list(zip(marks["first_month"], marks["event"], strict=True)),
    )
    save_picture(picture, folder / "force.svg")
    majors = [name for level, name in told_types(contents.crime) if level == "major"]
    yearly = force[(force["period"] == "year") & (force["crime_level"] == "major") & force["crime_type"].isin(majors)]
    if len(yearly):
        past = by_year(contents, yearly["month"].min())
        title = f"Recorded crime and forecast by type and year, {facts.force.name}"
        picture = years_by_type(
            past[past["crime_type"].isin(majors)], yearly, title=title, source=source, simulated=simulated
        )
        save_picture(picture, folder / "crime_types.svg")


def _outlook(identifier: str, caption: str, heading: str, rows: pd.DataFrame | None) -> Table | None:
    """Return the next twelve months beside the last as a page shows them."""
    if rows is None:
        return None
    table = pd.DataFrame(
        {
            heading: rows["name"],
            "Recorded, last 12 months": rows["recorded"],
            "Middle forecast, next 12 months": rows["middle"],
            "8 in 10 range": ranges(rows["low"], rows["high"]),
            "Change": rows["change"],
            "Chance of a rise": rows["chance"].map(tenths),
            "Mean (adds up)": rows["mean"],
        }
    )
    formats: Formats = dict.fromkeys(table.columns[1:], whole) | {"8 in 10 range": str, "Change": change}
    formats["Chance of a rise"] = str
    counted = "all recorded offences" if rows["all_recorded"].all() else "offences with a known ward"
    return shown(identifier, f"{caption}: {counted}", table, formats)


def _cards(folder: Path, paths: list[str], contents: Contents) -> list[dict[str, Any]]:
    """Draw the small picture of each finding; return what its card says and where it leads."""
    cards = []
    for found in findings(contents):
        picture = f"pictures/finding-{found.key}.svg"
        figure = card_chart(found.lines, found.unit, simulated=contents.facts.force.simulated)
        save_picture(figure, folder / picture)
        address, link = LEADS_TO[found.key]
        leads = address.partition("#")[0] in paths
        cards.append(
            {
                "question": found.question,
                "headline": found.headline,
                "further": found.further,
                "picture": picture,
                "alt": f"{found.unit}: {_in_words(found.lines)}.",
                "address": address if leads else "",
                "link": link,
            }
        )
    return cards


def _in_words(lines: pd.DataFrame) -> str:
    return "; ".join(f"{name} {per_cent(middle)}" for name, middle in lines[["name", "middle"]].to_numpy())


def _accuracy(record: TrackRecord) -> Table | None:
    if record.accuracy.empty:
        return None
    table = past_accuracy(record.accuracy)
    caption = "How well the same method did on single months that it had not seen"
    return shown("accuracy", caption, table, dict.fromkeys(table.columns[2:], str))


def _files(folder: Path) -> list[dict[str, Any]]:
    """The release's files with their sizes and what they hold, in the order of the dictionary."""
    meanings = file_meanings()
    files = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        order, meaning = next(
            ((order, meaning) for order, (file, meaning) in enumerate(meanings.items()) if fnmatch(name, file)),
            (len(meanings), ""),
        )
        files.append({"order": order, "path": name, "meaning": meaning, "bytes": path.stat().st_size})
    files.append({"order": len(meanings), "path": MANIFEST, "meaning": meanings[MANIFEST], "bytes": None})
    return sorted(files, key=lambda file: (file["order"], file["path"]))


def _inputs(inputs: pd.DataFrame) -> Table:
    columns = [name for name in ("dataset", "file", "rows", "first_month", "last_month") if name in inputs]
    table = inputs[columns].rename(columns=lambda name: name.replace("_", " ").capitalize())
    months = {name: table[name].map(month_name, na_action="ignore") for name in table.columns if "month" in name}
    formats: Formats = {"Rows": whole} if "Rows" in table else {}
    return shown("inputs", "Input files; their checksums are in manifest.json", table.assign(**months), formats)
