"""The five findings of a release: what changes, where, among whom, what harm, and how good last year's forecast was.

Walks in: `Contents`. Walks out: a `Finding` each: a sentence or two, and the few figures of a small picture. A finding
that the run has no figures for is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from publication.numbers.chance import direction, outlook_in_words
from publication.numbers.outlook import year_ahead
from publication.numbers.record.past_year import last_months, past_year
from publication.numbers.record.track_record import track_record
from publication.numbers.recorded import first_forecast_month, told_ahead
from publication.numbers.steps import steps_of_last_year
from publication.numbers.who import growth_of_force
from publication.release.contents import Contents
from publication.words import per_cent, sentence_case

NAMED = 5  # lines of a small picture
CHANGE = "Change on the last twelve months: middle forecast and 8 in 10 range"


@dataclass(frozen=True)
class Finding:
    """A finding: its question, what to say, the headline first, and lines of a picture.

    lines : name, low, middle, high, as changes or shares; missing ends draw no range. unit : of the picture.
    """

    key: str
    question: str
    headline: str
    further: tuple[str, ...]
    lines: pd.DataFrame
    unit: str


def findings(contents: Contents) -> list[Finding]:
    """Return the findings that the run has figures for, in the order in which a page tells them."""
    makers: Iterable[Callable[[Contents], Finding | None]] = (_what, _where, _whom, _harm, _last_year)
    return [found for make in makers if (found := make(contents)) is not None]


def _what(contents: Contents) -> Finding | None:
    rows = year_ahead(contents)
    force = rows[rows["shown_by"] == "force"]
    if force.empty or not force["recorded"].iloc[0] > 0:
        return None
    total, types = force.iloc[0], rows[(rows["shown_by"] == "type") & (rows["recorded"] > 0)]
    counted = "All recorded crime" if total["all_recorded"] else "Recorded crime with a known ward"
    headline = f"{counted} is {outlook_in_words(total['chance'])}.".replace("is could", "could")
    further = [
        f"{total['middle']:,.0f} in the middle forecast for the next twelve months, against {total['recorded']:,.0f} "
        f"in the last ({per_cent(total['change'], signed=True)}). 8 in 10 chance of {total['low']:,.0f} to "
        f"{total['high']:,.0f}."
    ]
    rising, falling = (types[types["chance"].map(direction) == way] for way in ("up", "down"))
    for verb, part, surest in (("rise", rising, False), ("fall", falling, True)):
        named = part.sort_values("chance", ascending=surest)["name"].head(3).str.lower().tolist()
        if named:
            further.append(f"Likely to {verb}: {_listed(named)}.")
    stepped = steps_of_last_year(contents)["crime_type"].map(sentence_case).str.lower().tolist()
    if stepped:
        further.append(
            f"{_listed(stepped).capitalize()} took a step within the last year: adjusted figures stand below."
        )
    lines = _changes(types.reindex(types["change"].abs().nlargest(NAMED).index))
    return Finding("what", "What changes?", headline, tuple(further), lines, CHANGE)


def _changes(rows: pd.DataFrame) -> pd.DataFrame:
    recorded = rows["recorded"]
    return pd.DataFrame({"name": rows["name"]} | {end: rows[end] / recorded - 1 for end in ("low", "middle", "high")})


def _where(contents: Contents) -> Finding | None:
    rows = year_ahead(contents)
    rows = rows[(rows["shown_by"] == "borough") & (rows["recorded"] > 0)]
    if len(rows) < 2:
        return None
    ways = rows["chance"].map(direction)
    counts = {way: int((ways == way).sum()) for way in ("up", "down", "either")}
    headline = (
        f"Of {len(rows)} boroughs, {counts['up'] or 'none'} {'is' if counts['up'] < 2 else 'are'} likely to rise and "
        f"{counts['down'] or 'none'} likely to fall; for {counts['either'] or 'none'} it could go either way."
    )
    further = []
    for verb, way, surest in (("rise", "up", False), ("fall", "down", True)):
        named = rows[ways == way].sort_values("chance", ascending=surest)["name"].head(3).tolist()
        if named:
            further.append(f"Surest to {verb}: {_listed(named)}.")
    surest_rows = rows.reindex((rows["chance"] - 0.5).abs().nlargest(NAMED).index)
    return Finding("where", "Where?", headline, tuple(further), _changes(surest_rows), CHANGE)


def _whom(contents: Contents) -> Finding | None:
    grown = growth_of_force(contents)
    if grown.empty:
        return None
    first, last = int(grown["from_year"].iloc[0]), int(grown["to_year"].iloc[0])
    parts = [
        f"{str(group).replace('-', ' to ')} from {now:,.0f} to {then:,.0f} ({per_cent(then / now - 1, signed=True)})"
        for group, now, then in grown[["age_group", "residents", "residents_ahead"]].to_numpy()
    ]
    headline = f"Residents aged {_listed(parts)}, mid-{first} to mid-{last}."
    shares = _shares_of_suspects(contents)
    if shares is not None and len(shares):
        top = shares.iloc[shares["middle"].argmax()]
        further = f"Of offences with a suspect of known age, {per_cent(top['middle'])} have one aged {top['name']}."
        unit = "Suspects of known age, next twelve months (mean)"
        return Finding("whom", "Among whom?", headline, (further,), shares, unit)
    lines = grown.assign(
        name=grown["age_group"],
        middle=grown["residents_ahead"] / grown["residents"] - 1,
        low=grown["residents_low"] / grown["residents"] - 1,
        high=grown["residents_high"] / grown["residents"] - 1,
    )
    lines = lines[["name", "low", "middle", "high"]]
    return Finding("whom", "Among whom?", headline, (), lines, "Change in residents")


def _shares_of_suspects(contents: Contents) -> pd.DataFrame | None:
    ages = contents.ages.forecast_by_age
    if ages.empty:
        return None
    chosen = (ages["area_level"] == "force") & (ages["crime_level"] == "all") & (ages["period"] == "year")
    chosen &= (ages["age_basis"] == "suspect") & (ages["month"] == first_forecast_month(contents))
    chosen &= ages["scenario"] == contents.facts.scenarios[0]
    rows = ages[chosen & ages["age_group"].astype(str).str.contains(r"\d")]
    rows = rows[rows["crime_type"].astype(str) == str(rows["crime_type"].astype(str).min())]
    mean = rows.groupby(rows["age_group"].astype(str), sort=False)["mean"].sum()
    mean = mean[mean > 0]
    if mean.empty:
        return None
    names = [name.replace("-", " to ") for name in mean.index]
    table = pd.DataFrame({"name": names, "low": np.nan, "middle": (mean / mean.sum()).to_numpy(), "high": np.nan})
    return table.sort_values("middle", ascending=False).head(NAMED)


def _harm(contents: Contents) -> Finding | None:
    by_type = harm_by_type(contents, "force")
    if by_type.empty:
        return None
    total = by_type.sum()
    top = by_type.nlargest(NAMED)
    named = [f"{sentence_case(str(name)).lower()} ({per_cent(part / total)})" for name, part in top.head(3).items()]
    headline = f"Most of the harm expected in the next twelve months is {_listed(named)}."
    weighed = per_cent(top.head(3).sum() / total)
    further = f"Harm is offences weighted by the ONS Crime Severity Score, of which these make {weighed}."
    lines = pd.DataFrame({"name": [sentence_case(str(name)) for name in top.index], "middle": (top / total).to_numpy()})
    lines = lines.assign(low=np.nan, high=np.nan)
    return Finding("harm", "What harm?", headline, (further,), lines, "Share of severity (mean)")


def harm_by_type(contents: Contents, area_level: str) -> pd.Series:
    """Return the severity expected in the next twelve months, by minor type, over all areas of a level; means.

    Types without a weight, or not told at the level, are left out.
    """
    weights = contents.crime.severity.set_index("crime_type")["weight"].astype(float)
    cells = told_ahead(contents, area_level)
    cells = cells[(cells["period"] == "year") & (cells["month"] == first_forecast_month(contents))]
    cells = cells[(cells["crime_level"] == "minor") & cells["crime_type"].isin(weights.index)]
    mean = cells.groupby(cells["crime_type"].astype(str))["mean"].sum()
    return (mean * weights.reindex(mean.index)).rename("severity")


def _last_year(contents: Contents) -> Finding | None:
    rows = past_year(contents, "force")
    total = rows[(rows["crime_level"] == "all")]
    months = last_months(contents.track_record)
    if total.empty or months is None:
        return None
    row = total.iloc[0]
    inside = row["low"] <= row["recorded"] <= row["high"]
    majors = rows[rows["crime_level"] == "major"]
    held = int(((majors["recorded"] >= majors["low"]) & (majors["recorded"] <= majors["high"])).sum())
    expected = 0.8 * len(majors)
    headline = (
        f"A year ago {row['middle']:,.0f} were forecast (8 in 10: {row['low']:,.0f} to {row['high']:,.0f}); "
        f"{row['recorded']:,.0f} were recorded, {'inside' if inside else 'outside'} the range."
    )
    further = f"Of {len(majors)} major types {held} came in inside theirs; about {expected:.0f} should."
    long = track_record(contents.track_record)
    long = long[(long["area_level"] == "force") & (long["crime_level"] == "major") & (long["which"] == "all")]
    long = long[long["years_ahead"] == 1]
    if len(long) and int(long["origins"].iloc[0]) > 1:
        origins, inside_all, cells = (int(long[name].iloc[0]) for name in ("origins", "inside", "cells"))
        further += f" Over {origins} years, {inside_all} of {cells} did."
    base = majors["middle"].where(majors["middle"] > 0)
    off = (majors["recorded"] / base - 1).abs()
    chosen = majors.reindex(off.nlargest(NAMED).index)
    lines = pd.DataFrame(
        {
            "name": chosen["crime_type"].map(sentence_case),
            "low": chosen["low"] / chosen["middle"] - 1,
            "middle": chosen["recorded"] / chosen["middle"] - 1,
            "high": chosen["high"] / chosen["middle"] - 1,
        }
    )
    unit = "Recorded against forecast, and its 8 in 10 range"
    return Finding("record", "How good was last year?", headline, (further,), lines, unit)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
