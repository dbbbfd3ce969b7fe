"""Postcodes and the wards they lie in, for a search by postcode.

Walks in: a file of postcodes, the force's own or one of the ONS. Walks out: the table `postcodes`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import read_table, refuse_repeats
from sources.tables.contracts import POSTCODES, checked

# Columns by what they hold: plain names first, then those of the ONS Postcode Directory and its lookups.
POSTCODE_COLUMNS = ("postcode", "pcds", "pcd", "pcd7", "pcd8")
WARD_COLUMNS = ("ward_code", "ward22cd", "osward", "ward", "wd22cd", "wd23cd", "wd24cd", "wd25cd")
# Outward code (area and district), then a digit and two letters.
FORM = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"


def read_postcodes(path: Path, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the postcodes of a file that lie in wards of the force, contract `POSTCODES`, in their order.

    Postcodes may be written with or without blanks, in any case; the file may cover more than the force, and name its
    columns as the ONS does.

    Raises
    ------
    InputError
        As `read_table`; if there is no column of postcodes or of wards, a postcode is not of the form of one or stands
        in two rows, or none lies in a ward of the force.
    """
    table = read_table(path)
    postcode = _column(table, POSTCODE_COLUMNS, "of postcodes", path)
    ward = _column(table, WARD_COLUMNS, "of ward codes", path)
    found = pd.DataFrame(
        {
            "postcode": table[postcode].astype(str).str.replace(r"\s+", "", regex=True).str.upper(),
            "ward_code": table[ward].astype(str).str.strip(),
        }
    )
    _refuse_odd(found["postcode"], table[postcode], postcode, path)
    refuse_repeats(found, ["postcode"], path)
    inside = found[found["ward_code"].isin(areas["ward_code"])]
    if inside.empty:
        raise InputError(
            "No postcode of the file lies in a ward of the force",
            file=path,
            row=int(found.index[0]),
            column=ward,
            value=found["ward_code"].iloc[0],
            remedy="Supply the postcodes of the force, with the wards of the ward lookup's vintage.",
        )
    return checked(POSTCODES, inside.sort_values("postcode").reset_index(drop=True), path)


def _column(table: pd.DataFrame, names: tuple[str, ...], what: str, path: Path) -> str:
    lower = {str(column).lower(): str(column) for column in table.columns}
    for name in names:
        if name in lower:
            return lower[name]
    raise InputError(
        f"The file has no column {what}; it has {', '.join(map(str, table.columns[:12]))}",
        file=path,
        row=1,
        column=names[0],
        remedy=f"Name it {names[0]}, or as the ONS does ({', '.join(names[1:])}).",
    )


def _refuse_odd(postcodes: pd.Series, published: pd.Series, column: str, path: Path) -> None:
    odd = postcodes[~postcodes.str.fullmatch(FORM)]
    if len(odd):
        raise InputError(
            f"{len(odd)} of {len(postcodes)} rows hold no postcode",
            file=path,
            row=int(odd.index[0]),
            column=column,
            value=str(published.loc[odd.index[0]]),
            remedy="Write whole postcodes, such as N1 9GU; leave out rows of anything else.",
        )
