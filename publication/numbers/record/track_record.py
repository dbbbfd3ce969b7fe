"""How forecasts of whole years have done: last year and the long record side by side, by how far ahead.

Walks in: `Contents.past_years`. Walks out: counts of years inside their 80 % interval and errors, and sentences.
"""

from __future__ import annotations

import pandas as pd

from publication.release.contents import Contents, TrackRecord
from publication.words import per_cent

TOO_FEW, TOO_MANY = 0.7, 0.9  # shares inside 80 % intervals beyond which a sentence says so
LEVELS = {"force": "Whole force", "bcu": "BCUs", "borough": "Boroughs"}
TYPES = {"all": "all crime", "major": "major types", "minor": "minor types"}
AHEAD = {1: "one year", 2: "two years", 3: "three years", 4: "four years"}


def track_record(record: TrackRecord) -> pd.DataFrame:
    """Return a row a level of area and of crime type, which of the forecasts (`newest` or `all`), and years ahead.

    Columns: area_level, crime_level, which, years_ahead, origins, cells, inside (of the 80 % interval, ends included),
    error (median absolute difference of the median forecast, as a share of the recorded; cells of 10 and more).
    """
    years = record.past_years
    if years.empty:
        return pd.DataFrame(
            columns=["area_level", "crime_level", "which", "years_ahead", "origins", "cells", "inside", "error"]
        )
    recorded = years["recorded"]
    measured = years.assign(
        inside=(recorded >= years["low"]) & (recorded <= years["high"]),
        error=((years["middle"] - recorded).abs() / recorded.where(recorded >= 10)),
    )
    measured = measured[measured["crime_level"].isin(list(TYPES)) & measured["area_level"].isin(list(LEVELS))]
    measured = measured[~measured["crime_type"].astype(str).str.contains(" excluding ")]
    first = measured["years_ahead"] == 1
    newest = measured[first & (measured["origin"] == measured.loc[first, "origin"].max())]
    keys = ["area_level", "crime_level", "which", "years_ahead"]
    both = pd.concat([newest.assign(which="newest"), measured.assign(which="all")], ignore_index=True)
    return (
        both.groupby(keys, observed=True)
        .agg(
            origins=("origin", "nunique"), cells=("inside", "size"), inside=("inside", "sum"), error=("error", "median")
        )
        .reset_index()
    )


def record_table(record: TrackRecord) -> pd.DataFrame:
    """Return the record in words: a row a level, columns of last year and of the long record by years ahead."""
    found = track_record(record)
    rows = []
    for level, name in LEVELS.items():
        for types, words in TYPES.items():
            part = found[(found["area_level"] == level) & (found["crime_level"] == types)]
            if part.empty:
                continue
            row = {"Areas and types": f"{name}, {words}"}
            row["Last year: in range"] = _held(part[part["which"] == "newest"])
            for years, label in AHEAD.items():
                chosen = part[(part["which"] == "all") & (part["years_ahead"] == years)]
                if (found["years_ahead"] == years).any():
                    row[f"Long record, {label} ahead: in range"] = _held(chosen)
                    row[f"{label.capitalize()} ahead: usual error"] = (
                        per_cent(float(chosen["error"].iloc[0])) if len(chosen) else ""
                    )
            rows.append(row)
    return pd.DataFrame(rows)


def _held(part: pd.DataFrame) -> str:
    if part.empty:
        return ""
    inside, cells = int(part["inside"].iloc[0]), int(part["cells"].iloc[0])
    return f"{inside:,} of {cells:,} ({per_cent(inside / cells).replace('.0', '')})"


def record_in_words(contents: Contents) -> str:
    """Say how last year and the long record did for the force's major types, which pages quote; and years ahead."""
    found = track_record(contents.track_record)
    found = found[(found["area_level"] == "force") & (found["crime_level"] == "major")]
    if found.empty:
        return ""
    parts = []
    last = found[found["which"] == "newest"]
    if len(last):
        inside, cells = int(last["inside"].iloc[0]), int(last["cells"].iloc[0])
        parts.append(
            f"Of the force's {cells} major types {inside} came in inside the 8 in 10 range of their year last year"
        )
    for years, label in AHEAD.items():
        row = found[(found["which"] == "all") & (found["years_ahead"] == years)]
        if len(row):
            inside, cells, origins = (int(row[name].iloc[0]) for name in ("inside", "cells", "origins"))
            share = inside / cells
            how = (
                " (too few: ranges were too narrow)"
                if share < TOO_FEW
                else " (more than should)"
                if share > TOO_MANY
                else ""
            )
            times = "one past forecast" if origins == 1 else f"{origins} past forecasts"
            parts.append(f"{label} ahead {inside} of {cells} over {times}{how}")
    unscored = [
        label
        for years, label in AHEAD.items()
        if years * 12 <= contents.facts.horizon and not (found["years_ahead"] == years).any()
    ]
    text = "; ".join(parts) + ". About eight in ten should."
    if unscored:
        text += f" None {' or '.join(unscored)} ahead could be scored: those years were disrupted, or are not over."
    return text
