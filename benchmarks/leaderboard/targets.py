"""What the engine was to reach, beside what it reached: on the origins that judge, and on others.

Walks in: scores of our model at both sets of origins, months and years. Walks out: a table in Markdown.
"""

from __future__ import annotations

import pandas as pd
from entrants import TARGET_LEVELS
from page import LEVEL_NAMES, markdown

Level = tuple[str, str]
# Set before the engine was built, twelve months ahead, mean over the judging origins.
WIS_AIMS: dict[Level, float] = dict(
    zip(TARGET_LEVELS, (0.197, 0.142, 0.066, 0.078, 0.057, 0.047, 0.044, 0.0325, 0.021), strict=True)
)
WAPE_AIMS: dict[Level, float] = {("ward", "minor"): 0.417, ("ward", "major"): 0.295, ("borough", "major"): 0.115}


def aims_table(judged: pd.DataFrame, others: pd.DataFrame) -> str:
    """Return, by level, aims and means over origins of WIS and WAPE, and coverage of 80 % intervals of all origins."""
    found, checked = _means(judged), _means(others)
    pooled = _means(pd.concat([judged, others]))
    rows = []
    for level in TARGET_LEVELS:
        wis, wape = WIS_AIMS[level], WAPE_AIMS.get(level)
        rows.append(
            (
                LEVEL_NAMES[level],
                _figure(wis, 4),
                _reached(found["wis"][level], wis, 4),
                _figure(checked["wis"][level], 4),
                "" if wape is None else _figure(wape, 3),
                _reached(found["wape"][level], wape, 4),
                _figure(checked["wape"][level], 4),
                _figure(pooled["coverage_80"][level], 2),
                _figure(pooled["coverage_of_years"][level], 2),
            )
        )
    header = ["level", "WIS aimed at", "reached", "other origins", "WAPE aimed at", "reached", "other origins"]
    return markdown(rows, [*header, "80 % intervals cover, months", "sums of twelve months"])


def _means(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the means over origins by level of wis, wape and coverage_80 of months, and of coverage_of_years.

    A year's coverage is the mean of that without and that with the interval's ends, which differ little.
    """
    levels = ["area_level", "crime_level"]
    overall = scores[scores["group"] == "overall"]
    months = overall[overall["period"] == "month"].groupby(levels)[["wis", "wape", "coverage_80"]].mean()
    ends = overall[overall["period"] == "year"].groupby(levels)[["coverage_80_strict", "coverage_80_inclusive"]].mean()
    return months.assign(coverage_of_years=ends.mean(axis=1))


def _figure(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".lstrip("0")


def _reached(value: float, aim: float | None, digits: int) -> str:
    text = _figure(value, digits)
    return f"**{text}**" if aim is not None and value <= aim else text
