"""What is doubtful in a data folder: months that may not be whole, parts that jump, rows set aside, files left unread.

Walks in: `ForceTables`, and the folder that they are of. Walks out: sentences for whoever supplied it, the most telling
first; what is certain to be wrong was refused before.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sources.crime.editions import TOLERANCE
from sources.crime.record_faults import FRAUD, LEFT_OUT
from sources.crime.volumes import doubtful_months, doubtful_parts
from sources.findings import files_not_read
from sources.tables.force_tables import ForceTables
from sources.tables.set_aside import NEAR, SET_ASIDE_ALLOWED

COVERAGE_JUMP = 0.015  # of the share of offences with no known area, from its usual, from which a month is told
MANY = 300  # offences, among which some have no known area if those of other months have
CHANCE = 3.0  # standard deviations of a share of so many offences, within which it stays by chance
BESIDE = 13  # months whose middle is usual, the month itself among them
CRIME_FOLDERS = ("mps_recorded_crime", "incidents", "street_crime")
# Files of the bundle that lie there for other uses; and those that come in an archive of police.uk beside street files.
NO_USE = ("mps_recorded_crime/lsoa*", "street_crime/**/*-outcomes.csv", "street_crime/**/*-stop-and-search.csv")
EXPLAINED = (FRAUD, LEFT_OUT, "a stub", "a month whose first or last days", "a reference that came before (")
TABLES = frozenset({".csv", ".gz", ".zip", ".parquet", ".xlsx", ".xls", ".tsv", ".json", ".ods"})
SHOWN = 6


def doubts(tables: ForceTables, data: Path | None = None) -> list[str]:
    """Return in sentences what is doubtful; files that were not read only where the data folder is given."""
    unread = [] if data is None else unread_crime_files(tables, data)
    found = [doubtful_newest_month(tables), *unread, *_compared(tables), *_set_aside(tables)]
    return [each for each in (*found, _earlier_months(tables), *_coverage(tables), *_parts(tables)) if each]


def unread_crime_files(tables: ForceTables, data: Path) -> list[str]:
    """Return a sentence for each file that lies among those of crime, or beside the folders, and was not read."""
    known = {file.relative_to(data).as_posix() for pattern in NO_USE for file in data.glob(pattern)}
    files = [
        file
        for file in files_not_read(tables, data)
        if file not in known
        and (file.startswith(CRIME_FOLDERS) or ("/" not in file and Path(file).suffix.casefold() in TABLES))
    ]
    return [
        f"{file} is not read: no file of such a name or ending is, or other files stand in its place (docs/data.md). "
        "Offences that only it holds are missing from every total."
        for file in files
    ]


def _volumes(tables: ForceTables) -> pd.Series:
    located = tables.offences.groupby("month")["count"].sum()
    return located.add(tables.unlocated_offences.groupby("month")["count"].sum(), fill_value=0)


def doubtful_newest_month(tables: ForceTables) -> str:
    """Return in a sentence that the newest month may not be whole, or nothing."""
    volumes = _volumes(tables)
    odd = doubtful_months(volumes)
    newest = odd[odd["month"] == volumes.index[-1]]
    if newest.empty:
        return ""
    row = newest.iloc[0]
    before = row["month"] - pd.DateOffset(months=1)
    return (
        f"The newest month, {row['month']:%Y-%m}, may not be whole: it holds {row['recorded']:,.0f} offences where "
        f"{row['expected']:,.0f} are usual ({row['share']:.0%}). It moves the forecast. To leave it out, write in "
        f'force.toml: last_month = "{before:%Y-%m}".'
    )


def _earlier_months(tables: ForceTables) -> str:
    volumes = _volumes(tables)
    odd = doubtful_months(volumes)
    earlier = odd[odd["month"] != volumes.index[-1]]
    if earlier.empty:
        return ""
    told = [
        f"{row.month:%Y-%m} ({row.recorded:,.0f} offences where {row.expected:,.0f} are usual, {row.share:.0%})"
        for row in earlier.itertuples()
    ]
    return f"{len(told)} earlier months are far from usual; there should be a reason for each: {_listed(told)}."


def _coverage(tables: ForceTables) -> list[str]:
    """Return the months in which the share of offences with no known area is far from its usual, in runs."""
    volumes = _volumes(tables)
    unlocated = tables.unlocated_offences.groupby("month")["count"].sum().reindex(volumes.index, fill_value=0)
    table = pd.DataFrame({"unlocated": unlocated, "every": volumes})
    share = (unlocated / volumes).fillna(0)
    usual = share.rolling(BESIDE, center=True, min_periods=BESIDE // 2 + 1).median()
    chance = CHANCE * (usual * (1 - usual) / volumes.clip(lower=1)) ** 0.5
    recorded = unlocated.sum() / volumes.sum()
    none = (recorded > NEAR * COVERAGE_JUMP) & (unlocated == 0) & (volumes >= MANY)
    odd = none | ((share - usual).abs() > chance.clip(lower=COVERAGE_JUMP))
    table["usual"] = usual.mask(none, recorded) * volumes
    if not odd.any():
        return []
    runs = table[odd].groupby((~odd).cumsum()[odd])
    told = []
    for _, run in runs:
        first, last = f"{run.index[0]:%Y-%m}", f"{run.index[-1]:%Y-%m}"
        without, every = run["unlocated"].sum(), run["every"].sum()
        when = first if first == last else f"{first} to {last}"
        told.append(f"{when} ({without:,.0f} of {every:,.0f}, where {run['usual'].sum():,.0f} are usual)")
    return [f"Offences with no known ward jump in {odd.sum()} months: {_listed(told)}."]


def _parts(tables: ForceTables) -> list[str]:
    """Return what single areas and types lack, the newest month first, others summed up."""
    by_ward = tables.offences.pivot_table(
        index="month", columns="ward_code", values="count", aggfunc="sum", fill_value=0
    )
    columns = ["crime_type", "month", "count"]
    every = pd.concat([tables.offences[columns], tables.unlocated_offences[columns]])
    by_type = every.pivot_table(index="month", columns="crime_type", values="count", aggfunc="sum", fill_value=0)
    newest = tables.offences["month"].max()
    said: list[str] = []
    incidents = tables.antisocial_behaviour.groupby("month")["count"].sum()
    if len(incidents):  # no recorded crime, but their fall may be others' rise: a type by another name
        by_type["ANTI-SOCIAL BEHAVIOUR"] = incidents.reindex(by_type.index, fill_value=0)
    for kind, volumes in (("wards", by_ward), ("crime types", by_type)):
        low = doubtful_parts(volumes)
        told = []
        for month, some in low.groupby("month"):
            fewer = f"{(some['expected'] - some['recorded']).sum():,.0f} offences fewer"
            told.append(f"{month:%Y-%m} ({len(some)}, {fewer}, as {some['part'].iloc[0]})")
            if month == newest:
                which = f"the newest month, {fewer}: {_listed(list(some['part']))}"
                said.insert(0, f"{len(some)} {kind} hold under 40 % of their usual in {which}.")
        if told:
            said.append(f"Single {kind} hold under 40 % of their usual in {len(told)} months: {_listed(told)}.")
    return said


def _compared(tables: ForceTables) -> list[str]:
    """Return where two sources of the same months are nearly, or more than, as far apart as editions may be."""
    overlaps = tables.overlaps
    apart = overlaps[overlaps["difference"].abs() > NEAR * TOLERANCE]
    said = []
    for (dataset, other), months in apart.groupby(["dataset", "other"], sort=False):
        told = [
            f"{row.month:%Y-%m} ({row.offences:,.0f} and {row.other_offences:,.0f}, {row.difference:+.1%})"
            for row in months.itertuples()
        ]
        said.append(f"{dataset} and {other} differ in {len(told)} months that both hold: {_listed(told)}.")
    return said


def _set_aside(tables: ForceTables) -> list[str]:
    """Return the kinds of rows set aside that come near to what is allowed, by file."""
    rows = tables.manifest.assign(name=tables.manifest["file"].str.split("/").str[-1]).set_index("name")["rows"]
    left_out = tables.quarantine[tables.quarantine["reason"].str.startswith("row left out: ")]
    said = []
    for (file, reason), some in left_out.groupby(["file", "reason"], sort=False):
        share = some["count"].sum() / max(int(rows.get(str(file), 1)), 1)
        why = str(reason).removeprefix("row left out: ")
        if share > NEAR * SET_ASIDE_ALLOWED and not why.startswith(EXPLAINED):
            said.append(f"{some['count'].sum():,} rows of {file} are set aside ({share:.1%}): {why}.")
    return said


def _listed(told: list[str]) -> str:
    more = f" and {len(told) - SHOWN} more" if told[SHOWN:] else ""
    return f"{', '.join(told[-SHOWN:])}{more}"
