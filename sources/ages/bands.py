"""Bands of age as publishers name them, and counts by such bands made whole.

Walks in: labels such as "10 - 17 years", "Aged 80+" or "Under 10 years", and people counted by them. Walks out: the
first and the last age of each, and rows that keep the contract `AGE_EVIDENCE` but for source and quality.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.tables.contracts import OLDEST_AGE

OLDEST_PLAUSIBLE_AGE = 120
NOT_KNOWN = frozenset({"", "unknown", "not recorded", "not known", "nan", "none"})

_RANGE = re.compile(r"(?:aged )?(-?[0-9]{1,9}) ?(?:-|to) ?(-?[0-9]{1,9})(?: years)?")
_OPEN = re.compile(r"(?:aged )?(-?[0-9]{1,9}) ?(?:\+|(?:years )?and over)")
_OVER = re.compile(r"over (-?[0-9]{1,9})(?: years)?")
_UNDER = re.compile(r"under (-?[0-9]{1,9})(?: years)?")
_SINGLE = re.compile(r"(-?[0-9]{1,9})")
_BAND = ["age_low", "age_high"]
_WORDS = {"child": (10, 17), "adult": (18, OLDEST_PLAUSIBLE_AGE)}  # in custody nobody is under ten


def age_band(label: str, file: Path, row: int | str | None = None) -> tuple[int, int] | None:
    """Return the first and the last age that a label names, an open end as 120; None where the age is not known.

    Raises
    ------
    InputError
        If the label is no band of ages, or an age lies below 0 or above 120.
    """
    text = " ".join(str(label).split()).casefold()
    if text in NOT_KNOWN:
        return None
    band = _named(text)
    if band is None or not 0 <= band[0] <= band[1] <= OLDEST_PLAUSIBLE_AGE:
        raise InputError(
            f"An age is no band from 0 to {OLDEST_PLAUSIBLE_AGE}" if band else "A label is no band of ages",
            file=file,
            row=row,
            value=label,
            remedy="Write bands as 10-17, 80+, 'under 10' or 'Unknown'.",
        )
    return band


def _named(text: str) -> tuple[int, int] | None:
    if text in _WORDS:
        return _WORDS[text]
    if match := _RANGE.fullmatch(text):
        return int(match[1]), int(match[2])
    if match := _OPEN.fullmatch(text):
        return int(match[1]), OLDEST_PLAUSIBLE_AGE
    if match := _OVER.fullmatch(text):
        return int(match[1]) + 1, OLDEST_PLAUSIBLE_AGE
    if match := _UNDER.fullmatch(text):
        return 0, int(match[1]) - 1
    if match := _SINGLE.fullmatch(text):
        return int(match[1]), int(match[1])
    return None


def with_bands(table: pd.DataFrame, label: str, file: Path) -> pd.DataFrame:
    """Return the rows with `age_low` and `age_high` in place of a column of labels, those of unknown age missing.

    Ages from 90 are one: 90. Bands must neither overlap nor leave a gap between the youngest and the oldest age; the
    oldest must be open or reach 90.

    Raises
    ------
    InputError
        As `age_band`; if bands overlap, leave a gap, or stop before 90.
    """
    labels = table[label].astype("str").fillna("")
    rows = labels.drop_duplicates()
    bands = {str(name): age_band(str(name), file, str(row)) for row, name in rows.items()}
    _refuse_overlaps_and_gaps([band for band in bands.values() if band], file)
    missing = (pd.NA, pd.NA)
    ages = pd.DataFrame([bands[name] or missing for name in labels], index=table.index, columns=["age_low", "age_high"])
    ages = ages.astype("Int64").clip(upper=OLDEST_AGE)
    return table.drop(columns=label).join(ages)


def _refuse_overlaps_and_gaps(bands: Collection[tuple[int, int]], file: Path) -> None:
    ordered = sorted(set(bands))
    for (low, high), (next_low, next_high) in pairwise(ordered):
        if next_low != high + 1:
            raise InputError(
                "Two bands of age overlap" if next_low <= high else "Ages between two bands are missing",
                file=file,
                value=f"{low}-{high} and {next_low}-{next_high}",
                remedy="Supply bands that follow one another, each age in one of them.",
            )
    if not ordered or ordered[-1][1] < OLDEST_AGE:
        raise InputError(
            "The oldest band of age ends before 90",
            file=file,
            value=f"{ordered[-1][0]}-{ordered[-1][1]}" if ordered else None,
            remedy="Supply counts of all ages: the oldest band is open, as in 80+.",
        )


def whole(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return counts summed by keys and band, with zeros for each band that a key lacks.

    counts : the keys (among them first_month), age_low, age_high and count.
    """
    summed = counts.groupby([*keys, *_BAND])["count"].sum().reset_index()
    every = summed[keys].drop_duplicates().merge(summed[_BAND].drop_duplicates(), how="cross")
    found = every.merge(summed, how="left").fillna({"count": 0}).astype({"count": "int64"})
    return found.sort_values([*keys, *_BAND], ignore_index=True)
