"""Words that programs write where nothing is known, read as nothing.

Walks in: a table as it stands in a file. Walks out: the same with such words emptied, unless they are a code there.
"""

from __future__ import annotations

import pandas as pd

_WORDS = ("NA", "N/A", "#N/A", "<NA>", "n.a.", "NULL", "None", "nan", "NaT", "\\N", "-", "\u2013", "..", ":")
# Columns of command units by what their names hold: "NA" is London's North Area.
UNITS = "bcu"
NORTH_AREA = "NA"


def _spellings() -> frozenset[str]:
    cases = {spelled for word in _WORDS for spelled in (word, word.upper(), word.lower(), word.title())}
    return frozenset(
        {"", *(f"{before}{word}{after}" for word in {"", *cases} for before in ("", " ") for after in ("", " "))}
    )


MISSING_WORDS = _spellings()


def without_missing_words(table: pd.DataFrame, empty: str | None) -> pd.DataFrame:
    """Return the table with `empty` in each cell that holds nothing but a word for missing, or a blank.

    A cell "NA" in a column of command units is the North Area's code, unless every cell of the column is one.
    """
    emptied = {}
    for place, name in enumerate(table.columns):
        cells = table.iloc[:, place]
        if not (pd.api.types.is_object_dtype(cells) or pd.api.types.is_string_dtype(cells)):
            continue
        missing = cells.isin(MISSING_WORDS) & (cells != "")
        if UNITS in str(name).casefold() and not cells.isin(MISSING_WORDS).all():
            missing &= cells != NORTH_AREA
        if missing.any():
            emptied[place] = cells.mask(missing, empty)
    if not emptied:
        return table
    columns = [emptied.get(place, table.iloc[:, place]) for place in range(table.shape[1])]
    return pd.concat(columns, axis="columns")
