"""A force's own records, one row an offence, counted into the canonical tables.

Walks in: a record-level extract (CSV, CSV.gz or Parquet) as docs/record-level-extract.md defines it. Walks
out: `IncidentTables`: counts only. References are read to find repeats, and leave with no table. An error names the row
and the column, never what stands there: errors are kept in logs, and records stay in their file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from sources.crime.crime_types import CURRENT_VOCABULARY, crosswalk_of
from sources.crime.record_faults import row_faults
from sources.crime.whole_months import partial_months
from sources.files.errors import InputError
from sources.files.reading import read_table
from sources.tables.contracts import (
    AGE_EVIDENCE,
    BOROUGH_OFFENCES,
    OFFENCES,
    OLDEST_AGE,
    UNLOCATED_OFFENCES,
    checked,
    no_rows,
    quarantined,
)
from sources.tables.set_aside import refuse_many

COLUMNS = [
    "reference",
    "recorded_date",
    "ward_code",
    "borough_code",
    "offence_type",
    "victim_age",
    "suspect_age",
]
GREATEST_AGE = 120
RECORD_LEVEL_EXTRACT = "incidents"
UNKNOWN_AREAS_ALLOWED = 0.01  # fewer are slips, more are another vintage of areas or another force

_CELL = ["area_code", "crime_type", "month"]


@dataclass(frozen=True)
class IncidentTables:
    """The canonical tables of an extract, as their contracts say, and the number of rows read.

    `age_evidence` has single years of age, of victims and of suspects, by borough and by years counted back from the
    last month, for every crime type that records them; an age that is absent is zero.
    """

    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    borough_offences: pd.DataFrame
    age_evidence: pd.DataFrame
    quarantine: pd.DataFrame
    rows: int


def read_incidents(
    path: Path,
    areas: pd.DataFrame,
    vocabulary: pd.DataFrame,
    force_code: str,
    today: date,
    last_month: date | None = None,
) -> IncidentTables:
    """Read a record-level extract and count it by area, type and month, and by age.

    Left out, with its count in the quarantine: a row whose reference came before, whose date is impossible or later
    than `today`, whose type is fraud, or which lies after `last_month` or in a first or last month that is
    not whole (`partial_months`).
    Counted, but set aside in part: an age that is not a whole number from 0 to 120; a ward or borough code that
    `areas` does not hold, where fewer than 1 % of the rows have one (the offence is then unlocated).

    Raises
    ------
    InputError
        An unreadable file, a missing column, an empty reference, an unknown offence type, impossible dates, references
        repeated with other content or impossible ages in over 1 % of the rows, unknown ward or borough codes in 1 % of
        the rows or more, a month without a row between the first and the last, no row
        that can be counted.
    """
    table = read_table(path, COLUMNS)
    records = pd.DataFrame({column: _tidied(table[column], column) for column in COLUMNS})
    records["fault"] = row_faults(records, _harmonised(vocabulary), today, last_month, path)
    records = _with_month(records, path)
    faults: list[tuple[str, str, int]] = []
    for fault, rows in records[records["fault"] != ""].groupby("fault", observed=True):
        faults.append((f"from row {rows.index[0]}", f"row left out: {fault}", len(rows)))
    counted = records[records["fault"] == ""]
    if counted.empty:
        raise _nothing_counted(records, path)
    counted = counted.assign(
        crime_type=counted["offence_type"].map(_harmonised(vocabulary)),
        ward_code=_known(counted["ward_code"], set(areas["ward_code"]), faults, path),
        borough_code=_known(counted["borough_code"], set(areas["borough_code"]), faults, path),
    )
    located = counted["ward_code"] != ""
    borough_of_ward = counted["ward_code"].map(areas.set_index("ward_code")["borough_code"])
    no_ward = counted["borough_code"].where(counted["borough_code"] != "", force_code)
    counted["area_code"] = borough_of_ward.where(located, no_ward)
    offences = counted[located].assign(area_code=counted["ward_code"])
    counted["borough_code"] = counted["area_code"].where(counted["area_code"] != force_code, "")
    evidence = [_age_evidence(counted, basis, path, faults) for basis in ("victim", "suspect")]
    return IncidentTables(
        offences=checked(OFFENCES, _counts(offences).rename(columns={"area_code": "ward_code"}), path),
        unlocated_offences=checked(UNLOCATED_OFFENCES, _unlocated(counted, located, areas, force_code), path),
        borough_offences=checked(
            BOROUGH_OFFENCES, _counts(counted).rename(columns={"area_code": "borough_code"}), path
        ),
        age_evidence=checked(AGE_EVIDENCE, pd.concat(evidence, ignore_index=True), path),
        quarantine=quarantined(path.name, faults),
        rows=len(records),
    )


def _nothing_counted(records: pd.DataFrame, path: Path) -> InputError:
    return InputError(
        f"No row of the extract can be counted; the first because of {records['fault'].iloc[0]}",
        file=path,
        row=int(records.index[0]),
        remedy="See docs/record-level-extract.md for the format; dates are written as 2025-03-31.",
    )


def _with_month(records: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return rows with their month; those of a first or last month that is not whole have that as their fault."""
    records = records.copy()
    records["month"] = pd.to_datetime(records["recorded_date"].str[:7].where(records["fault"] == ""), format="%Y-%m")
    for month, reason in _partial_months(records, path).items():
        records.loc[records["month"] == month, "fault"] = f"{reason} ({month:%Y-%m})"
    return records


def _tidied(values: pd.Series, column: str) -> pd.Series:
    """Return a column as text without surrounding blanks, empty where missing; of a time, its day."""
    text = values.astype("str").fillna("").str.strip()
    if column == "offence_type":
        return text.map({name: " ".join(name.split()).upper() for name in text.unique()})
    return text.str[:10] if column == "recorded_date" else text


def _partial_months(records: pd.DataFrame, path: Path) -> dict[pd.Timestamp, str]:
    days = records.loc[records["fault"] == "", "recorded_date"]
    if days.empty:
        return {}
    return partial_months(pd.to_datetime(days, format="%Y-%m-%d"), path, "recorded_date")


def _harmonised(vocabulary: pd.DataFrame) -> dict[str, str]:
    """Return the crime type of each name an extract may use, empty for excluded ones."""
    current = crosswalk_of(vocabulary, CURRENT_VOCABULARY)
    published = dict(zip(current["published_minor"], current["crime_type"], strict=True))
    return published | {crime_type: crime_type for crime_type in published.values() if crime_type}


def _known(codes: pd.Series, known: Collection[str], faults: list[tuple[str, str, int]], path: Path) -> pd.Series:
    """Return codes with the unknown ones emptied; refuse them if there are many."""
    unknown = codes[(codes != "") & ~codes.isin(known)]
    if len(unknown) >= UNKNOWN_AREAS_ALLOWED * len(codes):
        raise InputError(
            f"{len(unknown)} of {len(codes)} rows have a code that is not in the table of areas",
            file=path,
            row=int(unknown.index[0]),
            column=str(codes.name),
            remedy="Use the codes of the force's table of areas; leave a code empty where it is not known.",
        )
    if len(unknown):
        reason = f"{codes.name} not in the table of areas: offence counted as one with no {codes.name}"
        faults.append((f"from row {unknown.index[0]}", reason, len(unknown)))
    return codes.where(codes.isin(known), "")


def _counts(records: pd.DataFrame) -> pd.DataFrame:
    return records.groupby(_CELL).size().reset_index(name="count")


def _unlocated(counted: pd.DataFrame, located: pd.Series, areas: pd.DataFrame, force_code: str) -> pd.DataFrame:
    """Return the offences with no ward by area, type and month, zeros included where published.

    The force is published in every month of the extract, the boroughs in months in which any of these
    offences has a borough.
    """
    counts = _counts(counted[~located])
    types, months = sorted(counted["crime_type"].unique()), sorted(counted["month"].unique())
    boroughs = sorted(areas["borough_code"].unique())
    months_by_borough = sorted(counts.loc[counts["area_code"] != force_code, "month"].unique())
    cells = pd.MultiIndex.from_product([[force_code], types, months], names=_CELL).append(
        pd.MultiIndex.from_product([boroughs, types, months_by_borough], names=_CELL)
    )
    return counts.set_index(_CELL)["count"].reindex(cells, fill_value=0).reset_index()


def _age_evidence(counted: pd.DataFrame, basis: str, path: Path, faults: list[tuple[str, str, int]]) -> pd.DataFrame:
    """Return people by crime type, single year of age (90 = 90 and over), borough and year back from the last month."""
    column = f"{basis}_age"
    recorded = counted.loc[counted[column] != "", ["crime_type", "borough_code", "month", column]]
    ages = pd.to_numeric(recorded[column], errors="coerce")
    possible = ages.between(0, GREATEST_AGE) & (ages % 1 == 0)
    refuse_many(
        recorded.index[~possible],
        len(counted),
        "ages that are no whole numbers of years",
        file=path,
        column=column,
        remedy=f"Write ages as whole numbers from 0 to {GREATEST_AGE}, and leave the cell empty where none is known.",
    )
    if not possible.all():
        first = recorded.index[~possible][0]
        reason = f"{column} is not a whole number from 0 to {GREATEST_AGE}: age left out, offence counted"
        faults.append((f"from row {first}", reason, int((~possible).sum())))
    recorded = recorded[possible].assign(age_low=ages[possible].astype("int64").clip(upper=OLDEST_AGE))
    months = recorded["month"].dt.to_period("M").astype("int64")
    last = counted["month"].max().to_period("M")
    recorded["years_back"] = (last.ordinal - months) // 12
    counts = recorded.groupby(["crime_type", "borough_code", "years_back", "age_low"]).size().reset_index(name="count")
    if counts.empty:
        return no_rows(AGE_EVIDENCE)
    first = counted["month"].min()
    ends = {back: (last - 12 * back).to_timestamp() for back in counts["years_back"].unique()}
    starts = {back: max(end - pd.DateOffset(months=11), first) for back, end in ends.items()}
    return counts.assign(
        basis=basis,
        age_high=counts["age_low"],
        last_month=counts["years_back"].map(ends),
        first_month=counts["years_back"].map(starts),
        known_from=lambda rows: rows["last_month"] + pd.offsets.MonthEnd(0),
        quality="measured",
        source=RECORD_LEVEL_EXTRACT,
    ).drop(columns="years_back")
