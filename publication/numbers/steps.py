"""Breaks in recording beside the figures: which touch a crime type, and a change with a step taken out.

Walks in: `Contents` and the list of breaks. Walks out: breaks as readers meet them, and comparisons adjusted for a step
that fell within the last twelve months, which a plain comparison would take for a rise or a fall yet to come.
"""

from __future__ import annotations

import pandas as pd

from features.breaks import load_breaks
from models.forecast.vocabulary import ALL_RECORDED
from publication.numbers.recorded import YEAR, last_twelve, measure_told, members, told_ahead
from publication.release.contents import Contents
from publication.words import month_name, per_cent, sentence_case

FEWEST_MONTHS = 3  # since a step, from which a pace can be told
LATE = 3  # months: a step so soon after the year began is in the year as it is


def known_breaks(contents: Contents) -> pd.DataFrame:
    """Return the breaks of the force up to the origin: event, kind, crime_type, first_month, last_month, evidence."""
    breaks = load_breaks(force_code=contents.facts.force.code)
    return breaks[breaks["first_month"] <= contents.facts.origin].reset_index(drop=True)


def steps_of_last_year(contents: Contents) -> pd.DataFrame:
    """Return the steps within the last twelve months: event, crime_type (minor), first_month, months since."""
    breaks = known_breaks(contents)
    start, origin = last_twelve(contents), contents.facts.origin
    inside = breaks["first_month"].between(start + pd.DateOffset(months=LATE), origin)
    steps = breaks[(breaks["kind"] == "step") & inside & (breaks["crime_type"] != "all")]
    since = (origin.year - steps["first_month"].dt.year) * YEAR + origin.month - steps["first_month"].dt.month + 1
    return steps.assign(months=since)[since >= FEWEST_MONTHS].reset_index(drop=True)


def adjusted_comparisons(contents: Contents) -> list[str]:
    """Return a sentence for each step of the last twelve months: next year against the pace since it, whole force.

    The pace is what was recorded in the months since, as a year; it knows no season.
    """
    sentences = []
    ahead = told_ahead(contents, "force")
    ahead = ahead[(ahead["period"] == "year") & (ahead["month"] == contents.facts.origin + pd.DateOffset(months=1))]
    for event, crime_type, first, months in steps_of_last_year(contents)[
        ["event", "crime_type", "first_month", "months"]
    ].itertuples(index=False, name=None):
        told = members(contents.crime).get(("minor", crime_type), [])
        cell = ahead[(ahead["crime_level"] == "minor") & (ahead["crime_type"] == crime_type)]
        if not told or cell.empty or crime_type in contents.crime.withheld_counts:
            continue
        tables = [contents.recorded.offences]
        if measure_told(contents.ahead, "force") == ALL_RECORDED:
            tables.append(contents.recorded.unlocated_offences)
        counts = [table[(table["crime_type"] == crime_type)] for table in tables]
        since, year = (
            sum(float(part.loc[part["month"].between(start, contents.facts.origin), "count"].sum()) for part in counts)
            for start in (first, last_twelve(contents))
        )
        pace, middle = since * YEAR / months, float(cell["q50"].iloc[0])
        if year > 0 and pace > 0:
            on_year, on_pace = (per_cent(middle / base - 1, signed=True) for base in (year, pace))
            sentences.append(
                f"{sentence_case(crime_type)} took a step in {month_name(first)} ({event.lower()}). The middle "
                f"forecast is {on_year} on the last twelve months, of which {YEAR - months} came before the step, "
                f"and {on_pace} on the pace of the {months} months "
                f"since it ({pace:,.0f} a year)."
            )
    return sentences


def breaks_for_page(contents: Contents, first: pd.Timestamp) -> list[dict[str, object]]:
    """Return breaks that a chart of the months from `first` shows: event, kind, type (minor, or `all`), first, last."""
    breaks = known_breaks(contents)
    ends = breaks["last_month"].fillna(breaks["first_month"])
    return [
        {
            "event": event,
            "kind": kind,
            "type": crime_type,
            "first": f"{start:%Y-%m}",
            "last": "" if pd.isna(end) else f"{end:%Y-%m}",
        }
        for event, kind, crime_type, start, end in breaks.loc[
            ends >= first, ["event", "kind", "crime_type", "first_month", "last_month"]
        ].itertuples(index=False, name=None)
    ]
