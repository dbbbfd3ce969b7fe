"""The figures of a release's page: the next twelve months beside the last, past years, past accuracy.

Walks in: `Contents` and its scores. Walks out: small tables, one row a line of the page.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.vocabulary import ALL_RECORDED
from publication.numbers.chance import chance_of_more
from publication.numbers.recorded import (
    CELL,
    YEAR,
    first_forecast_month,
    last_twelve,
    measure_told,
    recorded_as_told,
    told_ahead,
    told_types,
    unlocated,
)
from publication.release.contents import Contents
from publication.words import LEVEL_NAMES, per_cent, sentence_case

PICTURED_YEARS = 7
TOO_FEW, TOO_MANY = 0.7, 0.9  # share inside 80 % intervals beyond which a page says so


def year_ahead(contents: Contents) -> pd.DataFrame:
    """The next twelve months beside the last, for the force, its major types and its boroughs.

    Returns shown_by (`force|type|borough`), area_code, crime_type, name, recorded, middle (the median), low and high
    (80 % interval), mean, change (of the median), chance (of more than was recorded), unlocated (of the recorded, those
    with no known ward) and all_recorded (whether the row counts them too). Empty when the forecast is shorter than a
    year.
    """
    majors = [name for level, name in told_types(contents.crime) if level == "major"]
    parts = []
    for shown_by, area_level, crime_level, names in (
        ("force", "force", "all", [contents.crime.total]),
        ("type", "force", "major", majors),
        ("borough", "borough", "all", [contents.crime.total]),
    ):
        cells = told_ahead(contents, area_level)
        cells = cells[(cells["period"] == "year") & (cells["month"] == first_forecast_month(contents))]
        cells = cells[(cells["crime_level"] == crime_level) & cells["crime_type"].isin(names)]
        cells = cells.astype(dict.fromkeys([*CELL, "area_name"], str))
        keys = pd.MultiIndex.from_frame(cells[CELL])
        counts, lost = (
            of(contents, area_level, last_twelve(contents)).reindex(keys).to_numpy()
            for of in (recorded_as_told, unlocated)
        )
        part = pd.DataFrame(
            {
                "shown_by": shown_by,
                "area_code": cells["area_code"],
                "crime_type": cells["crime_type"],
                "name": cells["area_name"] if shown_by == "borough" else cells["crime_type"].map(sentence_case),
                "recorded": counts,
                "middle": cells["q50"],
                "low": cells["q10"],
                "high": cells["q90"],
                "mean": cells["mean"],
                "change": cells["q50"] / np.where(counts > 0, counts, np.nan) - 1,
                "chance": chance_of_more(cells, counts),
                "unlocated": lost,
                "all_recorded": measure_told(contents.ahead, area_level) == ALL_RECORDED,
            }
        )
        by_size = shown_by == "type"
        parts.append(part.sort_values("middle" if by_size else "name", ascending=not by_size))
    return pd.concat(parts, ignore_index=True)


def by_year(contents: Contents, first: pd.Timestamp) -> pd.DataFrame:
    """Offences by major type and year, in blocks of twelve months that end before `first`; part years are left out.

    Returns crime_type (major), month (first of the year), count, for the last seven years at most.
    """
    oldest = contents.recorded.offences["month"].min()
    months = (first.year - oldest.year) * YEAR + first.month - oldest.month
    starts = [first - pd.DateOffset(years=back) for back in range(1, min(months // YEAR, PICTURED_YEARS) + 1)]
    blocks = {start: recorded_as_told(contents, "force", start).droplevel("area_code") for start in starts}
    if not blocks:
        return pd.DataFrame(columns=["crime_type", "month", "count"])
    table = pd.concat(blocks, names=["month"]).reset_index()
    return table[table["crime_level"] == "major"].dropna(subset=["count"])[["crime_type", "month", "count"]]


def past_accuracy(accuracy: pd.DataFrame) -> pd.DataFrame:
    """The scores by level as the page shows them, in words and per cent.

    accuracy : area_level, crime_level, wape, naive_wape, floor, bias (shares of the offences that happened) and
    coverage_80 `_strict`, `_inclusive` and `_randomised`; where the last is missing the first two are shown.
    """
    coverage = accuracy["coverage_80_randomised"].map(per_cent)
    between = accuracy["coverage_80_strict"].map(per_cent) + " to " + accuracy["coverage_80_inclusive"].map(per_cent)
    return pd.DataFrame(
        {
            "Areas": accuracy["area_level"].astype(str).replace(LEVEL_NAMES),
            "Crime types": accuracy["crime_level"].astype(str).replace(LEVEL_NAMES),
            "Error": accuracy["wape"].map(per_cent),
            "Error of repeating the last year": accuracy["naive_wape"].map(per_cent),
            "Smallest error that chance allows": accuracy["floor"].map(per_cent),
            "80 % intervals that held the number": coverage.where(accuracy["coverage_80_randomised"].notna(), between),
        }
    )


def bias_in_words(scores: pd.DataFrame) -> str:
    """Say by how much the force's total was forecast too high or low: of all levels alike, which are sums of the same.

    scores : rows of `past_accuracy`, or of it by horizon_from and horizon_to, told apart then. Empty without a row.
    """
    of_force = scores[(scores["area_level"] == "force") & (scores["crime_level"] == "all")].dropna(subset=["bias"])
    if of_force.empty:
        return ""
    parts = [per_cent(bias, signed=True) for bias in of_force["bias"]]
    if "horizon_from" in of_force:
        of_force = of_force.assign(words=parts).sort_values("horizon_from")
        spans = of_force[["words", "horizon_from", "horizon_to"]].to_numpy().tolist()
        parts = [f"{words} {first} to {last} months ahead" for words, first, last in spans]
    return f"Total forecast against total recorded, the same at every level: {'; '.join(parts)}."


def coverage_in_words(accuracy: pd.DataFrame) -> str:
    """Say where 80 % intervals held clearly fewer or more numbers than they should; empty where nowhere."""
    measured = accuracy.dropna(subset=["coverage_80_randomised"])
    coverage = measured["coverage_80_randomised"]
    names = measured[["area_level", "crime_level"]].astype(str).replace(LEVEL_NAMES)
    words = names["area_level"] + ", " + names["crime_level"].str.lower() + " (" + coverage.map(per_cent).astype(str)
    ends = {"too few, so that they were too narrow": coverage < TOO_FEW, "more than 80 %, so wide": coverage > TOO_MANY}
    parts = [f"They held {held}: {'; '.join(words[chosen] + ')')}." for held, chosen in ends.items() if chosen.any()]
    return " ".join(["80 % intervals should hold eight numbers of ten.", *parts]) if parts else ""
