"""The page of a release, `index.html`: what to expect, how sure it is, where the files are, how it was made.

Walks in: the forecast, the history, and the folder with the release's other files. Walks out: `index.html`
and its pictures. The page is plain HTML that opens from disk; whatever stands in it depends on the run
alone, never on the time of writing, so that publishing a run twice gives the same page.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publication.charts import fan_chart, save_picture, years_by_type
from publication.dictionary import data_dictionary, file_meanings
from publication.manifest import MANIFEST, ReleaseFacts
from publication.outlook import by_year, last_year, past_accuracy, per_cent, year_ahead

PICTURED_MONTHS = 72


def write_page(
    folder: Path,
    forecast: pd.DataFrame,
    offences: pd.DataFrame,
    unlocated_offences: pd.DataFrame,
    areas: pd.DataFrame,
    crime_types: pd.DataFrame,
    facts: ReleaseFacts,
    accuracy: pd.DataFrame | None = None,
) -> None:
    """Write `index.html` and `pictures/`, after all other files of the release are in its folder.

    accuracy : scores by level (`outlook.past_accuracy`). The other tables are those of `tables.write_tables`.
    The page shows the first scenario of the facts and all ages.
    """
    shown = forecast[(forecast["scenario"] == facts.scenarios[0]) & (forecast["age_group"] == "all")]
    placed = offences[offences["month"] <= facts.origin].merge(areas[["ward_code", "borough_code"]], on="ward_code")
    placed = placed.merge(crime_types[["crime_type", "major_type"]], on="crime_type")
    _write_pictures(folder / "pictures", shown, placed, facts)
    outlook = year_ahead(shown, placed, unlocated_offences, crime_types, facts.origin)
    rows = {level: part.to_dict("records") for level, part in outlook.groupby("shown_by")}
    recent_unlocated = last_year(unlocated_offences, facts.origin)
    page = (
        _environment()
        .get_template("index.html")
        .render(
            facts=facts,
            first_month=shown["month"].min(),
            last_month=shown.loc[shown["period"] == "month", "month"].max(),
            force=rows["force"][0] if rows else None,
            types=rows.get("type"),
            boroughs=rows.get("borough"),
            no_borough=recent_unlocated.loc[~recent_unlocated["area_code"].isin(areas["borough_code"]), "count"].sum(),
            accuracy=None if accuracy is None or accuracy.empty else past_accuracy(accuracy),
            files=_files(folder),
            dictionary=data_dictionary().rename(columns=str.capitalize),
            inputs=_inputs(facts.inputs),
        )
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def _write_pictures(folder: Path, forecast: pd.DataFrame, placed: pd.DataFrame, facts: ReleaseFacts) -> None:
    """Draw the force by month and, where there are yearly figures, its major types by year."""
    folder.mkdir()
    force, simulated = forecast[forecast["area_level"] == "force"], facts.force.simulated
    source = (
        f"Source: {facts.force.name}, recorded crime excluding fraud, offences with a known ward, "
        f"to {_month(facts.origin)}. Release {facts.name}."
    )
    monthly = force[(force["period"] == "month") & (force["crime_level"] == "all")]
    recorded = placed.groupby("month")["count"].sum().iloc[-PICTURED_MONTHS:]
    title = f"Recorded crime and forecast, {facts.force.name}"
    picture = fan_chart(recorded, monthly, title=title, source=source, simulated=simulated)
    save_picture(picture, folder / "force.svg")
    yearly = force[(force["period"] == "year") & (force["crime_level"] == "major")]
    if len(yearly):
        past = by_year(placed, yearly["month"].min())
        title = f"Recorded crime and forecast by type and year, {facts.force.name}"
        picture = years_by_type(past, yearly, title=title, source=source, simulated=simulated)
        save_picture(picture, folder / "crime_types.svg")


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


def _inputs(inputs: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in ("dataset", "file", "rows", "first_month", "last_month") if name in inputs]
    return inputs[columns].rename(columns=lambda name: name.replace("_", " ").capitalize())


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "month": _month,
        "whole": _whole,
        "change": _change,
        "size": _size,
        "figure": _figure,
    }
    return environment


def _month(month: pd.Timestamp) -> str:
    return f"{month:%B %Y}"


def _whole(number: float | None) -> str:
    return "\N{EN DASH}" if number is None or pd.isna(number) else f"{number:,.0f}"


def _change(number: float, before: float) -> str:
    return per_cent(number / before - 1, signed=True) if before else "\N{EN DASH}"


def _size(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):,.1f} kB"


def _figure(value: object) -> str:
    """A cell of a plain table: months and numbers as they are read, nothing for what is missing."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return _month(value)
    if isinstance(value, float):
        return f"{value:,.3f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
