"""Other publishers' layouts of streams: street-level counts by ward, and Chicago's daily counts.

Walk in: long files in the publishers' words. Walk out: rows of a stream by the areas' own codes.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.crime.months import months_of
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.streams.entries import StreamEntry
from sources.streams.long_table import days_of
from sources.streams.tables import ONE_SERIES

_STRAY_DISTRICTS = {"31"}  # one offence in ten years: a code that the city does not use
_CHICAGO_AREAS = ("district", "community_area")


def read_police_uk_wards(file: Path, about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return counts by old ward, category and month; `InputError` for a missing column, repeated row or bad count."""
    table = read_table(file, ["ward18cd", "category", "month", "n"])
    refuse_repeats(table, ["ward18cd", "category", "month"], file)
    return pd.DataFrame(
        {
            "area_code": table["ward18cd"].astype(str).str.strip(),
            "series": table["category"].astype(str).str.strip(),
            "start": months_of(table, "month", file),
            "value": numbers(table, ["n"], file, whole=True)["n"],
        }
    )


def read_chicago_days(file: Path, about: StreamEntry, areas: pd.DataFrame) -> pd.DataFrame:
    """Return daily counts by district or community area, and by type where the file has types.

    Days without a row had none. Rows of a stray district are left out.

    Raises
    ------
    InputError
        If neither column of areas is there, a row repeats another, a day cannot be told, or a count is no whole number.
    """
    table = read_table(file, ["date", "n"])
    area = next((name for name in _CHICAGO_AREAS if name in table), None)
    if area is None:
        raise InputError(
            "The file says of no row where it was",
            file=file,
            column=", ".join(_CHICAGO_AREAS),
            remedy="Obtain the file again, with one of these columns.",
        )
    kinds = ["crime_type"] if "crime_type" in table else []
    refuse_repeats(table, ["date", area, *kinds], file)
    code = table[area].astype(str).str.strip()
    rows = pd.DataFrame(
        {
            "area_code": area.replace("_", " ") + " " + code.str.zfill(2),
            "series": table["crime_type"].astype(str).str.strip() if kinds else ONE_SERIES,
            "start": days_of(table, "date", file),
            "value": numbers(table, ["n"], file, whole=True)["n"],
        }
    )
    return rows[~code.isin(_STRAY_DISTRICTS)] if area == "district" else rows
