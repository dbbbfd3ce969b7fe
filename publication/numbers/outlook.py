"""The figures of a release's page: the next twelve months beside the last, past years, past accuracy.

Walks in: `Contents` and its scores. Walks out: small tables, one row a line of the page.
"""

from __future__ import annotations

import pandas as pd

from publication.numbers.recorded import (
    CELL,
    YEAR,
    first_forecast_month,
    last_twelve,
    recorded,
    shown_scenario,
    told_types,
)
from publication.release.contents import Contents
from publication.words import LEVEL_NAMES, per_cent, sentence_case

PICTURED_YEARS = 7
TOO_FEW, TOO_MANY = 0.7, 0.9  # share inside 80 % intervals beyond which a page says so


def year_ahead(contents: Contents) -> pd.DataFrame:
    """The next twelve months beside the last, for the force, its major types and its boroughs.

    Returns shown_by (`force|type|borough`), name, recorded, expected, low and high (80 % interval), and for offences
    with no known ward unlocated_recorded, unlocated_months (of the last twelve, those published) and
    unlocated_expected (missing if not forecast). Empty when the forecast is shorter than a year.
    """
    year = shown_scenario(contents)
    year = year[(year["period"] == "year") & (year["month"] == first_forecast_month(contents))]
    told = told_types(contents)
    majors = [name for level, name in told if level == "major"]
    lost = contents.unlocated_offences
    lost = lost[lost["month"].between(last_twelve(contents), contents.facts.origin)]
    published = lost.groupby("area_code")["month"].nunique()
    parts = []
    for shown_by, area_level, crime_level, names in (
        ("force", "force", "all", [contents.total]),
        ("type", "force", "major", majors),
        ("borough", "borough", "all", [contents.total]),
    ):
        cells = year[(year["area_level"] == area_level) & (year["crime_level"] == crime_level)]
        cells = cells[cells["crime_type"].isin(names)].astype(dict.fromkeys([*CELL, "area_name"], str))
        counts = recorded(contents, area_level, last_twelve(contents))
        in_boroughs = shown_by == "borough"
        part = pd.DataFrame(
            {
                "shown_by": shown_by,
                "name": cells["area_name"] if in_boroughs else cells["crime_type"].map(sentence_case),
                "recorded": counts.reindex(pd.MultiIndex.from_frame(cells[CELL])).to_numpy(),
                "expected": cells["mean"],
                "low": cells["q10"],
                "high": cells["q90"],
                "unlocated_recorded": [
                    _lost(lost, told[(crime_level, name)], code if in_boroughs else None)
                    for code, name in zip(cells["area_code"], cells["crime_type"], strict=True)
                ],
                "unlocated_months": cells["area_code"].map(published).fillna(0) if in_boroughs else published.max(),
                "unlocated_expected": _lost_ahead(year, cells, by_area=in_boroughs),
            }
        )
        by_size = shown_by == "type"
        parts.append(part.sort_values("expected" if by_size else "name", ascending=not by_size))
    return pd.concat(parts, ignore_index=True).fillna({"unlocated_months": 0})


def by_year(contents: Contents, first: pd.Timestamp) -> pd.DataFrame:
    """Offences by major type and year, in blocks of twelve months that end before `first`; part years are left out.

    Returns crime_type (major), month (first of the year), count, for the last seven years at most.
    """
    oldest = contents.offences["month"].min()
    months = (first.year - oldest.year) * YEAR + first.month - oldest.month
    starts = [first - pd.DateOffset(years=back) for back in range(1, min(months // YEAR, PICTURED_YEARS) + 1)]
    blocks = {start: recorded(contents, "force", start).droplevel("area_code") for start in starts}
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


def _lost(lost: pd.DataFrame, minors: list[str], area_code: str | None) -> int:
    chosen = lost["crime_type"].isin(minors)
    return int(lost.loc[chosen if area_code is None else chosen & (lost["area_code"] == area_code), "count"].sum())


def _lost_ahead(year: pd.DataFrame, cells: pd.DataFrame, *, by_area: bool) -> pd.Series:
    """Return the expected offences with no known ward beside each row: of its area, or of all areas and its type."""
    ahead = year[year["area_level"] == "unlocated"].astype({"area_code": str, "crime_type": str})
    ahead = ahead[ahead["crime_type"].isin(cells["crime_type"]) & ahead["crime_level"].isin(cells["crime_level"])]
    key = "area_code" if by_area else "crime_type"
    return cells[key].map(ahead.groupby(key)["mean"].sum())
