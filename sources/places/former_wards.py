"""Names that people still use for wards that are gone, and the wards in which their residents live now.

Walks in: files of recorded crime by wards of 2018, which name them, and the weights of `ward_vintages`. Walks out: the
table `former_wards`, for a search by name. No count is carried over by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sources.files.reading import read_table
from sources.tables.contracts import FORMER_WARDS, checked, no_rows

FEWEST = 0.1  # share of a former ward's residents below which a ward is not named as one of its heirs


def former_wards(crime_files: Sequence[Path], weights: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the former wards by name with the wards of today that hold their residents, contract `FORMER_WARDS`.

    crime_files : by wards of 2018, with columns WardCode and WardName in any case; files without names give none.
    weights : as `read_old_ward_weights` returns them. Wards whose code is still in use are left out, as are wards of
    today with under a tenth of the residents.

    Raises
    ------
    InputError
        As `read_table`.
    """
    named = [table for file in crime_files if len(table := _names(file))]
    if not named:
        return no_rows(FORMER_WARDS)
    names = pd.concat(named).drop_duplicates("old_ward_code")
    gone = names[~names["old_ward_code"].isin(areas["ward_code"])]
    table = weights[weights["weight"] >= FEWEST].merge(gone, on="old_ward_code").rename(columns={"weight": "share"})
    table = table.sort_values(["name", "old_ward_code", "share"], ascending=[True, True, False], ignore_index=True)
    return checked(FORMER_WARDS, table, crime_files[0])


def _names(file: Path) -> pd.DataFrame:
    """Return code and name of the wards of a file: old_ward_code, name; no rows where it names none."""
    table = read_table(file)
    table.columns = table.columns.str.lower()
    if not {"wardcode", "wardname"} <= set(table):
        return pd.DataFrame(columns=["old_ward_code", "name"])
    pairs = table[["wardcode", "wardname"]].drop_duplicates("wardcode")
    pairs = pairs.set_axis(["old_ward_code", "name"], axis="columns")
    return pairs[(pairs["old_ward_code"] != "") & (pairs["name"] != "")]
