"""The tables of the quality report: accuracy by level and horizon, unlocated offences, breaks, revisions.

Walks in: `Contents`. Walks out: tables for a page, or None where the run has nothing to fill one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from features.breaks import load_breaks
from publication.numbers.outlook import bias_in_words, coverage_in_words, past_accuracy
from publication.numbers.record.past_year import apart, last_months, past_year
from publication.numbers.record.track_record import record_in_words, record_table
from publication.numbers.recorded import YEAR, last_twelve
from publication.pages.rendering import Formats, Table, shown
from publication.release.contents import Contents, Recorded, TrackRecord
from publication.words import LEVEL_NAMES, change, month_name, sentence_case, share, whole, year_label

AREA_LEVELS = ["ward", "borough", "bcu", "force"]
LEVEL_ORDER = {"area_level": [*AREA_LEVELS, "unlocated"], "crime_level": ["minor", "major", "all", "group"]}


def quality_tables(contents: Contents) -> dict[str, Any]:
    """Return the tables of the quality report by name; None where the run has nothing to fill one."""
    origin, record = contents.facts.origin, contents.track_record
    return {
        "by_level": _by_level(record),
        "record": record_shown(record),
        "record_words": record_in_words(contents),
        "bias": bias_in_words(record.accuracy),
        "coverage": coverage_in_words(record.accuracy),
        "by_horizon": _by_horizon(record),
        "bias_by_horizon": bias_in_words(record.accuracy_by_horizon) if len(record.accuracy_by_horizon) else "",
        "months_measured": months_measured(record),
        "by_year": _past_year_by_level(contents),
        "bias_of_year": _bias_of_year(contents),
        "past": last_months(record),
        "unlocated": _unlocated_by_year(contents),
        "breaks": _breaks(origin, contents.facts.force.code),
        "revisions": _revisions(contents.recorded),
        "quarantine": _quarantine(contents.recorded),
        "origins": int(record.accuracy["origins"].max()) if len(record.accuracy) else 0,
    }


def record_shown(record: TrackRecord) -> Table | None:
    """Return the record of whole years, last year and the long one side by side, as a page shows it."""
    table = record_table(record)
    if table.empty:
        return None
    caption = "Whole years inside their 8 in 10 range, and the usual (median) error of the middle forecast"
    return shown("record", caption, table, dict.fromkeys(table.columns[1:], str))


def _by_level(record: TrackRecord) -> Table | None:
    if record.accuracy.empty:
        return None
    return _table("by-level", "Single months, by level", past_accuracy(record.accuracy))


def _past_year_by_level(contents: Contents) -> Table | None:
    parts = [past_year(contents, level).assign(area_level=level) for level in AREA_LEVELS]
    year = pd.concat(parts, ignore_index=True)
    if year.empty:
        return None
    found = apart(year, ["area_level", "crime_level"])
    found = _in_order(found)
    table = pd.DataFrame(
        {
            "Areas": found["area_level"].replace(LEVEL_NAMES),
            "Crime types": found["crime_level"].replace(LEVEL_NAMES),
            "Years scored": found["cells"],
            "Error": found["error"],
            "Inside the 80 % interval": [
                _between(*pair) for pair in zip(found["coverage_low"], found["coverage_high"], strict=True)
            ],
            "Width of the interval": found["width"],
        }
    )
    formats: Formats = {"Years scored": whole, "Error": share}
    formats |= {"Inside the 80 % interval": str, "Width of the interval": share}
    return shown("by-year", "The last twelve months as a whole, forecast a year before", table, formats)


def _bias_of_year(contents: Contents) -> str:
    """Say by how much the force's total of the last twelve months was expected too high or low."""
    year = past_year(contents, "force")
    year = year[year["crime_level"] == "all"]
    if year.empty:
        return ""
    return f"Expected against recorded, whole force: {change(float(apart(year, ['crime_level'])['bias'].iloc[0]))}."


def _between(low: float, high: float) -> str:
    return share(low) if share(low) == share(high) else f"{share(low)} to {share(high)}"


def months_measured(record: TrackRecord) -> int:
    """Return how many months ahead past forecasts were scored."""
    if len(record.accuracy_by_horizon):
        return int(record.accuracy_by_horizon["horizon_to"].max())
    return YEAR if len(record.accuracy) else 0


def _by_horizon(record: TrackRecord) -> Table | None:
    scores = record.accuracy_by_horizon
    if scores.empty:
        return None
    scores = _in_order(scores.sort_values("horizon_from"))
    ahead = scores["horizon_from"].astype(int).astype(str) + " to " + scores["horizon_to"].astype(int).astype(str)
    table = past_accuracy(scores)
    table.insert(2, "Months ahead", ahead.to_numpy())
    table.insert(3, "Forecasts", scores["origins"].to_numpy())
    return _table("by-horizon", "Single months, by level and how far ahead", table, {"Forecasts": whole})


def _in_order(scores: pd.DataFrame) -> pd.DataFrame:
    """Return scores by level of area and of crime type, the finest first."""
    levels = {name: pd.Categorical(scores[name].astype(str), order) for name, order in LEVEL_ORDER.items()}
    return scores.iloc[pd.DataFrame(levels).sort_values(list(levels), kind="stable").index]


def _unlocated_by_year(contents: Contents) -> Table:
    """Return offences with no known ward by the years of twelve months that end with the origin."""
    placed, unplaced = (
        table.groupby("month")["count"].sum()
        for table in (contents.recorded.offences, contents.recorded.unlocated_offences)
    )
    months = pd.DataFrame({"placed": placed, "unplaced": unplaced}).fillna(0).loc[: contents.facts.origin]
    calendar = pd.DatetimeIndex(months.index)
    first = last_twelve(contents)
    back = ((calendar.year - first.year) * YEAR + calendar.month - first.month) // YEAR
    whole_years = months.groupby(back)["placed"].transform("size") == YEAR
    sums = months[whole_years].groupby(back[whole_years]).sum()
    table = pd.DataFrame(
        {
            "Twelve months": [year_label(first + pd.DateOffset(years=int(year))) for year in sums.index],
            "Offences with a known ward": sums["placed"],
            "With no known ward": sums["unplaced"],
            "Share with none": sums["unplaced"] / sums.sum(axis="columns").where(lambda total: total > 0, np.nan),
        }
    )
    formats: Formats = {"Offences with a known ward": whole, "With no known ward": whole, "Share with none": share}
    return shown("unlocated", "Offences with no known ward", table, formats)


def _breaks(origin: pd.Timestamp, force_code: str) -> Table | None:
    breaks = load_breaks(force_code=force_code)
    breaks = breaks[breaks["first_month"] <= origin]
    table = pd.DataFrame(
        {
            "What": breaks["event"],
            "Crime types": breaks["crime_type"].map(sentence_case),
            "From": breaks["first_month"].map(month_name),
            "To": breaks["last_month"].map(lambda month: "still" if pd.isna(month) else month_name(month)),
            "Evidence": breaks["evidence"],
        }
    )
    return _table("breaks", "Breaks in recording, and months unlike others", table)


def _revisions(recorded: Recorded) -> Table | None:
    overlaps = recorded.overlaps
    if overlaps.empty:
        return None
    by_pair = overlaps.assign(size=overlaps["difference"].abs()).groupby(["dataset", "other"], sort=False)
    found = by_pair.agg(
        months=("month", "nunique"),
        first=("month", "min"),
        last=("month", "max"),
        mean=("difference", "mean"),
        most=("size", "max"),
    ).reset_index()
    table = pd.DataFrame(
        {
            "Newer edition": found["dataset"],
            "Older edition": found["other"],
            "Months in both": found["months"],
            "From": found["first"].map(month_name),
            "To": found["last"].map(month_name),
            "Mean difference": found["mean"],
            "Largest difference": found["most"],
        }
    )
    formats: Formats = {"Months in both": whole, "Mean difference": _fine_change, "Largest difference": _fine_share}
    return shown("revisions", "Force totals of months that two editions of the data hold", table, formats)


def _quarantine(recorded: Recorded) -> Table | None:
    found = recorded.quarantine
    if found.empty:
        return None
    table = pd.DataFrame(
        {"File": found["file"], "Where": found["row"], "Why": found["reason"], "Offences or rows": found["count"]}
    )
    return _table("quarantine", "What was set aside from the input", table, {"Offences or rows": whole})


def _fine_share(number: float) -> str:
    return f"{number:.2%}".replace("%", "\N{NO-BREAK SPACE}%")


def _fine_change(number: float) -> str:
    return f"{number:+.2%}".replace("-", "\N{MINUS SIGN}").replace("%", "\N{NO-BREAK SPACE}%")


def _table(identifier: str, caption: str, table: pd.DataFrame, formats: Formats | None = None) -> Table | None:
    """Return a table for a page whose figures are in words already; None where it has no rows."""
    worded: Formats = {
        name: str
        for name in table.columns.astype(str)
        if "\N{NO-BREAK SPACE}%" in "".join(map(str, table[name])) and name != "Evidence"
    }
    return shown(identifier, caption, table, worded | (formats or {})) if len(table) else None
