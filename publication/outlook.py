"""The figures of a release's page: the next twelve months beside the last, past years, past accuracy.

Walks in: the forecast, the history and the scores. Walks out: small tables, one row a line of the page.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from publication.charts import sentence_case

YEAR = 12  # months
PICTURED_YEARS = 7

LEVELS = {
    "ward": "Wards",
    "borough": "Boroughs",
    "bcu": "BCUs",
    "force": "Force",
    "unlocated": "No known ward",
    "minor": "Minor types",
    "major": "Major types",
    "all": "All",
}


def year_ahead(
    forecast: pd.DataFrame,
    placed: pd.DataFrame,
    unlocated_offences: pd.DataFrame,
    crime_types: pd.DataFrame,
    origin: pd.Timestamp,
) -> pd.DataFrame:
    """The next twelve months beside the last, for the force, its major types and its boroughs.

    placed : offences with borough_code and major_type. Returns shown_by (`force|type|borough`), name,
    recorded, expected, low and high (80 % interval), and for offences with no known ward unlocated_recorded,
    unlocated_months (of the last twelve, those published) and unlocated_expected (missing if not forecast).
    Empty when the forecast is shorter than a year.
    """
    year = forecast[(forecast["period"] == "year") & (forecast["month"] == forecast["month"].min())]
    ahead = year[year["area_level"] == "unlocated"]
    recent = last_year(placed, origin).assign(all="all")
    unlocated = last_year(unlocated_offences, origin).merge(crime_types[["crime_type", "major_type"]], on="crime_type")
    unlocated = unlocated.assign(all="all")
    parts = []
    for shown_by, area_level, crime_level, key, recorded_key, unlocated_key in (
        ("force", "force", "all", "crime_level", "all", "all"),
        ("type", "force", "major", "crime_type", "major_type", "major_type"),
        ("borough", "borough", "all", "area_code", "borough_code", "area_code"),
    ):
        cells = year[(year["area_level"] == area_level) & (year["crime_level"] == crime_level)]
        keys = cells[key].astype(str)
        published = unlocated.groupby("area_code")["month"].nunique()
        part = pd.DataFrame(
            {
                "shown_by": shown_by,
                "name": cells["area_name"].astype(str) if shown_by == "borough" else keys.map(sentence_case),
                "recorded": keys.map(_sums(recent, recorded_key, "count")).fillna(0),
                "expected": cells["mean"],
                "low": cells["q10"],
                "high": cells["q90"],
                "unlocated_recorded": keys.map(_sums(unlocated, unlocated_key, "count")).fillna(0),
                "unlocated_months": keys.map(published).fillna(0)
                if shown_by == "borough"
                else published.max()
                if len(published)
                else 0,
                "unlocated_expected": keys.map(_sums(ahead[ahead["crime_level"] == crime_level], key, "mean")),
            }
        )
        by_size = shown_by == "type"
        parts.append(part.sort_values("expected" if by_size else "name", ascending=not by_size))
    return pd.concat(parts, ignore_index=True)


def by_year(placed: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Offences by major type and year, in blocks of twelve months that end before `first`; part years are
    left out.

    Returns crime_type (major), month (first of the year), count, for the last seven years at most.
    """
    months_before = (first.year - placed["month"].dt.year) * YEAR + first.month - placed["month"].dt.month
    years_before = -(-months_before // YEAR)
    whole = years_before.between(1, min(months_before.max() // YEAR, PICTURED_YEARS))
    starts = {number: first - pd.DateOffset(years=number) for number in years_before[whole].unique()}
    blocks = placed[whole].assign(month=years_before[whole].map(starts), crime_type=placed["major_type"])
    return blocks.groupby(["crime_type", "month"], as_index=False)["count"].sum()


def past_accuracy(accuracy: pd.DataFrame) -> pd.DataFrame:
    """The scores by level as the page shows them, in words and per cent.

    accuracy : area_level, crime_level, wape, naive_wape, floor, bias (shares of the offences that happened) and
    coverage_80 `_strict`, `_inclusive` and `_randomised`; where the last is missing the first two are shown.
    """
    coverage = accuracy["coverage_80_randomised"].map(per_cent)
    between = accuracy["coverage_80_strict"].map(per_cent) + " to " + accuracy["coverage_80_inclusive"].map(per_cent)
    return pd.DataFrame(
        {
            "Areas": accuracy["area_level"].astype(str).replace(LEVELS),
            "Crime types": accuracy["crime_level"].astype(str).replace(LEVELS),
            "Error": accuracy["wape"].map(per_cent),
            "Error of repeating the last year": accuracy["naive_wape"].map(per_cent),
            "Smallest error that chance allows": accuracy["floor"].map(per_cent),
            "Total forecast against total recorded": accuracy["bias"].map(partial(per_cent, signed=True)),
            "80 % intervals that held the number": coverage.where(accuracy["coverage_80_randomised"].notna(), between),
        }
    )


def last_year(counts: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """The rows of the twelve months that end with the origin."""
    return counts[(counts["month"] <= origin) & (counts["month"] > origin - pd.DateOffset(months=YEAR))]


def per_cent(share: float, *, signed: bool = False) -> str:
    """A share as a reader meets it, `42.0 %`, with its sign where it is a change; nothing for what is missing."""
    if pd.isna(share):
        return ""
    share = round(share, 3) + 0.0  # so that no change reads +0.0 %, never -0.0 %
    text = f"{share:+.1%}" if signed else f"{share:.1%}"
    return text.replace("-", "\N{MINUS SIGN}").replace("%", "\N{NO-BREAK SPACE}%")


def _sums(table: pd.DataFrame, key: str, value: str) -> pd.Series:
    return table.groupby(table[key].astype(str))[value].sum()
