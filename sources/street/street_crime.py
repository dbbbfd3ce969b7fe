"""Recorded crime and anti-social behaviour of any force of England and Wales, from police.uk's street-level files.

Walks in: the files of one force, one a month, each row an offence at an anonymised point. Walks out: `StreetTables`:
counts by base area, type and month. Crime ids are read to find repeats, and leave with no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.crime.record_faults import LEFT_OUT
from sources.crime.whole_months import STUB, stubs
from sources.files.errors import InputError
from sources.files.reading import parse_table
from sources.street.archive import StreetFile
from sources.street.places import Places, placed
from sources.street.plausible import compared, refuse_other_lsoas, refuse_repeats
from sources.tables.contracts import (
    ANTISOCIAL_BEHAVIOUR,
    BOROUGH_OFFENCES,
    CRIME_TYPES,
    OFFENCES,
    UNLOCATED_OFFENCES,
    checked,
    quarantined,
)

ANTISOCIAL = "Anti-social behaviour"

REPEATED = "a crime id that came before in the month: the row is not counted"
OUTSIDE = "recorded by the force, but placed outside its areas: counted as having no known area"
SPLIT = "in an LSOA of 2011 that was split, at a point never seen since: counted as having no known area"

_COLUMNS = ["Crime ID", "Month", "Longitude", "Latitude", "LSOA code", "LSOA name", "Crime type"]
_CRIME_TYPES_FILE = Path(__file__).with_name("police_uk_crime_types.csv")
_CELL = ["area_code", "crime_type", "month"]


@dataclass(frozen=True)
class StreetTables:
    """The canonical tables of a force, as their contracts say, and the number of rows read, by month.

    overlaps: dataset (the archive that counts), other, month, offences, other_offences, difference (share of other), in
    rows, of months that several archives hold.
    """

    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    borough_offences: pd.DataFrame
    antisocial_behaviour: pd.DataFrame
    quarantine: pd.DataFrame
    rows: pd.Series
    overlaps: pd.DataFrame


def read_street_crime_types() -> pd.DataFrame:
    """Return police.uk's thirteen types of recorded crime, contract `CRIME_TYPES`.

    The publisher's fourteenth, anti-social behaviour, is no recorded crime. `neighbourhood_crime` is wider than the
    Home Office's, since burglary and robbery of businesses cannot be told apart here. All types are published by LSOA
    already, so none is withheld.
    """
    types = pd.read_csv(_CRIME_TYPES_FILE).drop(columns=["published", "harmonised"])
    return checked(CRIME_TYPES, types, _CRIME_TYPES_FILE)


def street_type_of_harmonised() -> dict[str, str]:
    """Return the type of `read_street_crime_types` that holds each of the harmonised types."""
    types = pd.read_csv(_CRIME_TYPES_FILE)
    parts = types.assign(harmonised=types["harmonised"].str.split(";")).explode("harmonised")
    return dict(zip(parts["harmonised"], parts["crime_type"], strict=True))


def read_street(
    files: Sequence[StreetFile],
    areas: pd.DataFrame,
    places: Places,
    force_code: str,
    last_month: pd.Timestamp | None = None,
) -> StreetTables:
    """Read the monthly files of a force and count them.

    Not counted, with its number in the quarantine: a row whose crime id came before in the month (of rows that share
    one, that with a place in the force counts), a first or last month that is a stub, and months after `last_month`.
    Counted under the force's
    code: an offence with no place, with one outside the force, or in a split LSOA whose part is not known.

    Raises
    ------
    InputError
        An unreadable file, a missing column, an unknown crime type, a row of another month than its file; LSOAs of
        the force's boroughs that neither `areas` nor a lookup knows in 1 % of the rows or more; most of the offences
        outside the force; a month within the span that is nearly empty; over 5 % of the rows repeats; two archives that
        differ by over 10 % of a month.
    """
    counted, faults, volumes, overlaps = [], [], {}, []
    for file in files:
        records = _records(file)
        if last_month is not None and file.month > last_month:
            faults.append((f"month {file.month:%Y-%m}", LEFT_OUT, len(records)))
            continue
        volumes[file.month] = len(records)
        overlaps += [compared(file, len(records), other, len(_records(other))) for other in file.earlier]
        kept = _without_repeats(records, places)
        if len(records) > len(kept):
            faults.append((f"month {file.month:%Y-%m}", REPEATED, len(records) - len(kept)))
        counted.append(_gathered(kept, places))
    if not counted:
        raise InputError(
            f"No month to {last_month:%Y-%m}, the last that counts, is in the files",
            file=files[0].place,
            remedy="Name a later month in force.toml as last_month, or leave it out.",
        )
    cells = pd.concat(counted, ignore_index=True)
    archive = ", ".join(dict.fromkeys(file.path.name if file.member else "street_crime" for file in files))
    refuse_repeats(sum(of for _, reason, of in faults if reason == REPEATED), sum(volumes.values()), archive)
    refuse_other_lsoas(cells, places, archive)
    cells["area_code"] = placed(cells, places)
    faults += _misplaced(cells, places)
    rows = pd.Series(volumes).rename_axis("month")
    partial = stubs(rows, files[0].place, "Month")
    faults += [(f"month {month:%Y-%m}", STUB, int(rows[month])) for month in partial]
    cells = cells[~cells["month"].isin(partial)]
    return _tables(cells, areas, force_code, quarantined(archive, faults), rows, archive, pd.DataFrame(overlaps))


def _records(file: StreetFile) -> pd.DataFrame:
    """Return the rows of a month: crime_id, month, point, lsoa_code, borough_name, crime_type."""
    table = parse_table(file.content(), file.place, _COLUMNS)
    text = table[_COLUMNS].apply(lambda column: column.str.strip())
    expected = f"{file.month:%Y-%m}"
    other = text.index[text["Month"] != expected]
    if len(other):
        raise InputError(
            f"A row is of another month than its file, {expected}",
            file=file.place,
            row=int(other[0]),
            column="Month",
            value=text.loc[other[0], "Month"],
            remedy="Obtain the file again, whole.",
        )
    names = _harmonised()
    unknown = text.index[~text["Crime type"].isin(names)]
    if len(unknown):
        raise InputError(
            "An unknown crime type",
            file=file.place,
            row=int(unknown[0]),
            column="Crime type",
            value=text.loc[unknown[0], "Crime type"],
            remedy=f"The types are {', '.join(names)}. The publisher had others before May 2013: leave these out.",
        )
    return pd.DataFrame(
        {
            "crime_id": text["Crime ID"],
            "month": file.month,
            "point": text["Longitude"] + " " + text["Latitude"],
            "lsoa_code": text["LSOA code"],
            "borough_name": text["LSOA name"].str.replace(r" \d{3}[A-Z]$", "", regex=True),
            "crime_type": text["Crime type"].map(names),
        }
    )


def _harmonised() -> dict[str, str]:
    """Return the crime type of each published name; that of anti-social behaviour is empty."""
    types = pd.read_csv(_CRIME_TYPES_FILE)
    return {**dict(zip(types["published"], types["crime_type"], strict=True)), ANTISOCIAL: ""}


def _without_repeats(records: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return one row of each crime id, the first with a place in the force; rows without an id, all of them."""
    of_force = records["lsoa_code"].isin({*places.area_of_lsoa, *places.parts_of_lsoa})
    rank = (~of_force).astype(int) + (records["lsoa_code"] == "")
    ordered = records.loc[rank.sort_values(kind="stable").index]
    repeated = ordered.duplicated("crime_id") & (ordered["crime_id"] != "")
    return ordered[~repeated]


def _gathered(records: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return counts of the records by all that places them; points are kept only where these are needed to place."""
    matters = records["lsoa_code"].isin({*places.parts_of_lsoa, *places.all_parts})
    keys = ["month", "crime_type", "lsoa_code", "borough_name", "point"]
    return records.assign(point=records["point"].where(matters, "")).groupby(keys).size().reset_index(name="count")


def _misplaced(cells: pd.DataFrame, places: Places) -> list[tuple[str, str, int]]:
    nowhere = cells[(cells["area_code"] == "") & (cells["lsoa_code"] != "")]
    split = nowhere["lsoa_code"].isin(places.parts_of_lsoa)
    return [
        (f"month {month:%Y-%m}", reason, int(count))
        for reason, part in ((OUTSIDE, nowhere[~split]), (SPLIT, nowhere[split]))
        for month, count in part.groupby("month")["count"].sum().items()
    ]


def _tables(
    cells: pd.DataFrame,
    areas: pd.DataFrame,
    force_code: str,
    quarantine: pd.DataFrame,
    rows: pd.Series,
    archive: str,
    overlaps: pd.DataFrame,
) -> StreetTables:
    antisocial = cells[cells["crime_type"] == ""]
    crimes = cells[cells["crime_type"] != ""]
    located = crimes[crimes["area_code"] != ""]
    nowhere = crimes[crimes["area_code"] == ""].assign(area_code=force_code)
    borough_of_area = areas.set_index("ward_code")["borough_code"]
    boroughs = pd.concat([located.assign(area_code=located["area_code"].map(borough_of_area)), nowhere])
    every = pd.MultiIndex.from_product(
        [[force_code], sorted(crimes["crime_type"].unique()), sorted(crimes["month"].unique())], names=_CELL
    )
    unlocated = nowhere.groupby(_CELL)["count"].sum().reindex(every, fill_value=0).reset_index()
    antisocial = antisocial.assign(area_code=antisocial["area_code"].replace("", force_code))
    return StreetTables(
        offences=checked(OFFENCES, _counts(located).rename(columns={"area_code": "ward_code"}), archive),
        unlocated_offences=checked(UNLOCATED_OFFENCES, unlocated, archive),
        borough_offences=checked(
            BOROUGH_OFFENCES, _counts(boroughs).rename(columns={"area_code": "borough_code"}), archive
        ),
        antisocial_behaviour=checked(
            ANTISOCIAL_BEHAVIOUR, antisocial.groupby(["area_code", "month"])["count"].sum().reset_index(), archive
        ),
        quarantine=quarantine,
        rows=rows,
        overlaps=overlaps,
    )


def _counts(cells: pd.DataFrame) -> pd.DataFrame:
    return cells.groupby(_CELL)["count"].sum().reset_index()
