"""Which base area of the force an offence of a police.uk file lies in, from the LSOA that the file gives.

Walks in: the force's areas, and where supplied weights of LSOAs in wards and the lookup from the LSOAs of 2011 to those
of 2021. Walks out: `Places`, which knows the area of every LSOA of either vintage.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import read_table
from sources.places.geography import is_lsoa, read_lsoa_weights

OLD, NEW = "LSOA11CD", "LSOA21CD"


@dataclass(frozen=True)
class Places:
    """area_of_lsoa: base area of each LSOA that has one, by code of either vintage.

    parts_of_lsoa: for each LSOA of 2011 that was split between base areas, or between one and the world outside, the
    LSOAs of 2021 that it became. boroughs: their names, to tell an LSOA of the force that no table knows.
    """

    area_of_lsoa: dict[str, str]
    parts_of_lsoa: dict[str, frozenset[str]]
    boroughs: frozenset[str]

    @property
    def all_parts(self) -> frozenset[str]:
        """Every LSOA of 2021 that is part of a split one."""
        return frozenset().union(*self.parts_of_lsoa.values())


def read_places(areas: pd.DataFrame, weights: Path | None, old_lsoas: Path | None) -> Places:
    """Return the places of a force.

    areas: its base areas are LSOAs, or wards; for wards, `weights` (see `sources.places.geography.read_lsoa_weights`)
    are needed, and an LSOA lies in the ward in which most of its residents live. old_lsoas has columns LSOA11CD and
    LSOA21CD, one row a pair (the exact-fit lookup of the ONS); an LSOA of 2011 that it does not name is taken as
    unchanged.

    Raises
    ------
    InputError
        What the readers refuse; no weights for wards; a lookup none of whose LSOAs is of the force.
    """
    if is_lsoa(areas["ward_code"]).all():
        area_of_lsoa = dict(zip(areas["ward_code"], areas["ward_code"], strict=True))
    elif weights is None:
        raise InputError(
            "Offences come by LSOA and the force's areas are wards, so weights of LSOAs in wards are needed",
            file="lookups/lsoa21_to_ward22_population_weights.csv",
            remedy="Supply the weights (docs/bring-your-own-force.md shows a row), or choose LSOAs as areas.",
        )
    else:
        shares = read_lsoa_weights(weights, areas).sort_values("weight", kind="stable")
        best = shares.drop_duplicates("lsoa_code", keep="last")
        best = best[best["ward_code"].isin(areas["ward_code"])]
        area_of_lsoa = dict(zip(best["lsoa_code"], best["ward_code"], strict=True))
    boroughs = frozenset(areas["borough_name"])
    if old_lsoas is None:
        return Places(area_of_lsoa, {}, boroughs)
    return _with_old_lsoas(area_of_lsoa, read_table(old_lsoas, [OLD, NEW]), boroughs, old_lsoas)


def placed(records: pd.DataFrame, places: Places) -> pd.Series:
    """Return the base area of each record, empty where it has none in the force.

    records: lsoa_code, and `point` (anonymised coordinates as text). The publisher moves every offence to one of a
    fixed list of points, so a point that was given an LSOA of 2021 tells which part of a split LSOA of 2011 it is in.
    """
    areas = records["lsoa_code"].map(places.area_of_lsoa).fillna("")
    split = records["lsoa_code"].isin(places.parts_of_lsoa.keys())
    if not split.any():
        return areas
    seen = records[records["lsoa_code"].isin(places.all_parts)].drop_duplicates("point", keep="last")
    part_at = dict(zip(seen["point"], seen["lsoa_code"], strict=True))
    parts = [
        places.area_of_lsoa.get(part_at[point], "") if part_at.get(point) in places.parts_of_lsoa[lsoa] else ""
        for point, lsoa in zip(records.loc[split, "point"], records.loc[split, "lsoa_code"], strict=True)
    ]
    return areas.mask(split, pd.Series(parts, index=records.index[split]))


def _with_old_lsoas(area_of_lsoa: dict[str, str], lookup: pd.DataFrame, boroughs: frozenset[str], file: Path) -> Places:
    if not lookup[NEW].isin(area_of_lsoa.keys()).any():
        raise InputError(
            "No LSOA of the lookup is of the force",
            file=file,
            column=NEW,
            value=lookup[NEW].iloc[0],
            remedy="Supply the part of the lookup that covers the force, or all of it.",
        )
    became: dict[str, set[str]] = {}
    for old, new in zip(lookup[OLD], lookup[NEW], strict=True):
        if old not in area_of_lsoa:
            became.setdefault(old, set()).add(new)
    areas = {old: {area_of_lsoa.get(part, "") for part in parts} for old, parts in became.items()}
    whole = {old: min(of) for old, of in areas.items() if len(of) == 1 and of != {""}}
    split = {old: frozenset(parts) for old, parts in became.items() if len(areas[old]) > 1}
    return Places(area_of_lsoa | whole, split, boroughs)
