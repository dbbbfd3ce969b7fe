"""Whether the forecast serves every kind of place alike: error, bias and intervals by deprivation and ethnic mix.

Walks in: `Contents`. Walks out: tables, a row a fifth of wards, from the forecast of the last twelve months made a year
before.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from publication.numbers.record.past_year import apart, past_months, past_year
from publication.release.contents import Contents, Geography

FIFTHS = 5
RESAMPLES = 2000
# What wards are sorted by: indicators, and words for the first and the last fifth.
GROUPINGS = {
    "deprivation": ("Deprivation (Index of Multiple Deprivation 2019)", "least deprived", "most deprived"),
    "not_white": ("Residents of Asian, Black, mixed and other ethnic groups (Census 2021)", "fewest", "most"),
    "black": ("Residents of Black ethnic groups (Census 2021)", "fewest", "most"),
    "asian": ("Residents of Asian ethnic groups (Census 2021)", "fewest", "most"),
}


def ward_indicators(geography: Geography) -> pd.DataFrame:
    """Return what wards are sorted by, index ward_code, columns of `GROUPINGS`, those that the contents have."""
    wide = geography.ward_profile.set_index(["ward_code", "indicator"])["value"].astype(float).unstack()
    columns = {"deprivation": "imd_score_2019", "black": "black_share_2021", "asian": "asian_share_2021"}
    found = {name: wide[indicator] for name, indicator in columns.items() if indicator in wide}
    if "white_share_2021" in wide:
        found["not_white"] = 1 - wide["white_share_2021"]
    return pd.DataFrame(found, index=wide.index)


def fifths(values: pd.Series) -> pd.Series:
    """Return the fifth, 1 to 5, of each ward by its value: as many wards in each as can be, ties by ward code."""
    place = values.dropna().sort_index().sort_values(kind="stable")
    return pd.Series(np.arange(len(place)) * FIFTHS // max(len(place), 1) + 1, index=place.index)


def by_fifth(contents: Contents, grouping: str) -> pd.DataFrame:
    """Return error, bias and coverage of all crime by fifth of wards; no rows where wards cannot be sorted.

    Columns: fifth, wards, recorded, expected, error, bias (year totals), beyond_force, beyond_force_low,
    beyond_force_high (bias less that of all wards, 95 % interval by resampling wards), coverage_low, coverage_high,
    width (year totals), month_coverage_low, month_coverage_high, per_1,000 residents.
    """
    indicators = ward_indicators(contents.geography)
    year = past_year(contents, "ward")
    year = year[year["crime_level"] == "all"]
    if grouping not in indicators or year.empty:
        return pd.DataFrame()
    fifth = fifths(indicators[grouping])
    year = year.assign(fifth=year["area_code"].map(fifth)).dropna(subset=["fifth"])
    months = past_months(contents, "ward")
    months = months.assign(fifth=months["area_code"].map(fifth)).dropna(subset=["fifth"])
    found = apart(year, ["fifth"]).rename(columns={"cells": "wards"})
    monthly = apart(months, ["fifth"])[["fifth", "coverage_low", "coverage_high"]]
    found = found.merge(monthly.add_prefix("month_").rename(columns={"month_fifth": "fifth"}), on="fifth")
    return found.merge(_beyond_force(year), on="fifth").sort_values("fifth").astype({"fifth": int})


def bias_by_type(contents: Contents, grouping: str) -> pd.DataFrame:
    """Return the bias of the year's total by crime type and fifth: crime_type, then a column a fifth, as shares."""
    indicators, year = ward_indicators(contents.geography), past_year(contents, "ward")
    year = year[year["crime_level"].isin(["all", "major"])]
    if grouping not in indicators or year.empty:
        return pd.DataFrame()
    year = year.assign(fifth=year["area_code"].map(fifths(indicators[grouping]))).dropna(subset=["fifth"])
    found = apart(year, ["crime_level", "crime_type", "fifth"])
    wide = found.set_index(["crime_level", "crime_type", "fifth"])["bias"].unstack()
    wide.columns = pd.Index([str(int(number)) for number in wide.columns])
    return wide.reset_index()


def _beyond_force(year: pd.DataFrame) -> pd.DataFrame:
    """Return each fifth's bias less that of all wards, with a 95 % interval by resampling wards within fifths."""
    generator = np.random.default_rng(1)
    drawn, counted = {}, year.groupby("fifth")
    for number, part in counted:
        picked = generator.integers(len(part), size=(RESAMPLES, len(part)))
        drawn[number] = part[["expected", "recorded"]].to_numpy(dtype=float)[picked].sum(axis=1)
    every = sum(drawn.values())
    rows = []
    total = year[["expected", "recorded"]].sum()
    for number, part in counted:
        sums = part[["expected", "recorded"]].sum()
        differences = drawn[number][:, 0] / drawn[number][:, 1] - every[:, 0] / every[:, 1]
        low, high = np.quantile(differences, [0.025, 0.975])
        beyond = sums["expected"] / sums["recorded"] - total["expected"] / total["recorded"]
        rows.append({"fifth": number, "beyond_force": beyond, "beyond_force_low": low, "beyond_force_high": high})
    return pd.DataFrame(rows)
