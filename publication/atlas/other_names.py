"""Other names of places for the search of the atlas: wards that are gone, and postcodes.

Walks in: `Contents.former_wards` and `Contents.postcodes`. Walks out: former wards for the index, and columns of
postcodes that the page fetches once somebody asks for one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from publication.atlas.columns import Column
from publication.atlas.places import Places
from publication.release.contents import Contents

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
INWARD = 3  # signs at the end of a postcode: a digit and two letters


def former_names(contents: Contents, places: Places) -> list[list[Any]]:
    """Return a name with the rows of the wards that hold its residents now, and their shares in per cent, for each."""
    table = contents.geography.former_wards
    if table.empty:
        return []
    rows = places.rows("ward", table["ward_code"])
    shares = np.rint(100 * table["share"].to_numpy(dtype=float)).astype(int)
    named = table[["old_ward_code", "name"]].assign(row=rows, share=shares)
    return [
        [str(name), part[["row", "share"]].to_numpy().tolist()]
        for (_, name), part in named.groupby(["old_ward_code", "name"], sort=False)
    ]


def postcode_columns(contents: Contents, places: Places) -> list[Column]:
    """Return postcodes as numbers, outward and inward part apart, and the row of the ward of each, sorted.

    A part is read as a number to the base 36, its signs being 0 to 9 and A to Z, with a 1 in front so that no zero is
    lost; `page/source/data/postcodes.ts` is the other side.
    """
    table = contents.geography.postcodes.sort_values("postcode")
    outward, inward = table["postcode"].str[:-INWARD], table["postcode"].str[-INWARD:]
    return [
        Column("outward", _numbers(outward), season=1),
        Column("inward", _numbers(inward)),
        Column("ward", places.rows("ward", table["ward_code"]).astype(float)),
    ]


def _numbers(parts: pd.Series) -> np.ndarray:
    return parts.map({part: int(f"1{part}", len(SIGNS)) for part in parts.unique()}).to_numpy(dtype=float)
