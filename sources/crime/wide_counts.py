"""The counts of a wide file by area, harmonised crime type and month.

Walks in: a `WideTable`, the crosswalk of its vocabulary, the codes of its areas. Walks out: long counts, and totals
of all types for comparison.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sources.crime.mps_crime import AREA_COLUMN, WideTable
from sources.files.errors import InputError
from sources.tables.contracts import quarantined


def to_offences(
    wide: WideTable, crosswalk: pd.DataFrame, area_codes: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counts by area_code, crime_type and month, zeros left out, and the quarantine.

    crosswalk: that of the file's vocabulary, which must map every type that is not excluded. area_codes: the
    code of each area by its `area_key`; areas of one code are summed.

    Raises
    ------
    InputError
        An area without a code.
    """
    types = _mapped(wide, crosswalk)
    kept = (types["excluded"] == "").to_numpy()
    codes, names = coded(wide, area_codes)[kept], types["crime_type"].astype("category")[kept]
    summed = pd.DataFrame(wide.counts[kept], index=codes.index).groupby([codes, names], observed=True).sum()
    counts = summed.to_numpy()
    row, month = np.nonzero(counts)
    offences = pd.DataFrame(
        {
            "area_code": summed.index.get_level_values(0).astype(str)[row],
            "crime_type": summed.index.get_level_values(1).astype(str)[row],
            "month": wide.months[month],
            "count": counts[row, month],
        }
    )
    left_out = types[~kept].assign(count=wide.counts[~kept].sum(axis=1))
    by_type = left_out.groupby(["published_minor", "excluded"], as_index=False)["count"].sum()
    faults = [
        (f"type {each.published_minor}", f"excluded: {each.excluded}", each.count)
        for each in by_type.itertuples(name="Excluded")
        if each.count
    ]
    return offences, quarantined(wide.path.name, faults)


def totals_by_area(wide: WideTable, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return offences of all types but the excluded ones, areas (as published) x months."""
    kept = (_mapped(wide, crosswalk)["excluded"] == "").to_numpy()
    counts = pd.DataFrame(wide.counts[kept], columns=wide.months)
    return counts.groupby(wide.rows["area"].astype(str).to_numpy()[kept]).sum()


def area_key(area: str) -> str:
    """Return the form in which areas are compared: no case, single blanks, "and" for "&"."""
    return " ".join(area.replace("&", " and ").split()).casefold()


def coded(wide: WideTable, area_codes: Mapping[str, str]) -> pd.Series:
    """Return the area code of every row of the file, as categories; area_codes: see `to_offences`.

    Raises
    ------
    InputError
        An area without a code.
    """
    areas = wide.rows["area"]
    codes = areas.map({area: area_codes.get(area_key(area), "") for area in areas.cat.categories})
    unknown = areas[codes == ""]
    if len(unknown):
        names = list(dict.fromkeys(unknown))
        raise InputError(
            f"Not in the ward lookup: {', '.join(names[:5])}{f' and {len(names) - 5} more' if names[5:] else ''}",
            file=wide.path,
            row=int(unknown.index[0]),
            column=AREA_COLUMN[wide.level],
            value=names[0],
            remedy="Correct the name, or supply the crime files and lookups/ward22_borough_bcu.csv of one vintage of "
            "wards. A publisher's name for part of a borough goes into force.toml, as docs/data.md says.",
        )
    return codes.astype("category")


def _mapped(wide: WideTable, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return the crosswalk's entry for every row of the file."""
    published = ["published_major", "published_minor"]
    entries = wide.rows.merge(crosswalk, on=published, how="left").set_axis(wide.rows.index)
    if entries["excluded"].isna().any():
        raise ValueError(f"the crosswalk is not that of the vocabulary of {wide.path}")
    return entries
