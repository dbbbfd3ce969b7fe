"""What a street-level archive of a force may hold, and the refusal of what cannot be all of it.

Walks in: counts of rows of the archive's files, cells with their LSOA. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

import pandas as pd

from sources.files.errors import InputError
from sources.street.archive import StreetFile
from sources.street.places import Places

UNKNOWN_LSOAS_ALLOWED = 0.01  # fewer are slips, more are another vintage of LSOAs than the force's areas
REPEATS_ALLOWED = 0.05  # of all rows; the City of London's are 1.7 %, 3.9 % in its worst month
FEW = 20  # repeats, that any archive may hold
ARCHIVES_APART = 0.10  # by which two archives' rows of a month may differ: the publisher corrects older months
OUTSIDE_ALLOWED = 0.5  # a force records some offences beyond its border, not most of them


def refuse_other_lsoas(cells: pd.DataFrame, places: Places, archive: str) -> None:
    """Refuse offences in LSOAs that the force should know and does not, and an archive of another force."""
    known = cells["lsoa_code"].isin({*places.area_of_lsoa, *places.parts_of_lsoa})
    strange = cells[~known & cells["borough_name"].isin(places.boroughs) & (cells["lsoa_code"] != "")]
    total = cells["count"].sum()
    if strange["count"].sum() >= UNKNOWN_LSOAS_ALLOWED * total:
        raise InputError(
            f"{strange['count'].sum():,} of {total:,} rows have an LSOA of the force's boroughs that the table of "
            f"areas does not hold, the first in {strange['month'].iloc[0]:%Y-%m}",
            file=archive,
            column="LSOA code",
            value=strange["lsoa_code"].iloc[0],
            remedy="Complete the table of areas, or supply lookups/lsoa11_to_lsoa21_exact_*.csv: older months have "
            "the LSOAs of 2011.",
        )
    outside = cells.loc[~known & (cells["lsoa_code"] != ""), "count"].sum()
    if outside > OUTSIDE_ALLOWED * total:
        raise InputError(
            f"{outside:,} of {total:,} rows lie outside the force's areas",
            file=archive,
            column="LSOA code",
            value=cells.loc[~known & (cells["lsoa_code"] != ""), "lsoa_code"].iloc[0],
            remedy="Supply the archive of this force, or the table of areas of the force that it is of.",
        )


def compared(file: StreetFile, rows: int, other: StreetFile, others: int) -> dict[str, object]:
    """Return a month's rows in the archive that counts beside an earlier one's, for overlaps; refuse two far apart."""
    difference = rows / others - 1
    if abs(difference) > ARCHIVES_APART:
        raise InputError(
            f"Two archives differ by {difference:+.1%} in {file.month:%Y-%m}, where {ARCHIVES_APART:.0%} is allowed: "
            f"{rows:,} rows, and {others:,} in {other.place}",
            file=file.place,
            remedy="Obtain the newer archive again, whole, or move the one that is wrong out of the folder.",
        )
    names = {"dataset": file.path.name, "other": other.path.name}
    return names | {"month": file.month, "offences": rows, "other_offences": others, "difference": difference}


def refuse_repeats(repeats: int, rows: int, archive: str) -> None:
    """Refuse files of which more rows repeat a crime id than the publisher's do."""
    if repeats > max(REPEATS_ALLOWED * rows, FEW):
        raise InputError(
            f"{repeats:,} of {rows:,} rows repeat a crime id that came before in the month, where "
            f"{REPEATS_ALLOWED:.0%} are allowed",
            file=archive,
            column="Crime ID",
            remedy="Obtain the files again: each offence has an id of its own, and anti-social behaviour has none.",
        )
