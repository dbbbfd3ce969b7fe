"""The editions of recorded crime joined into one history, and the offences whose ward is not known.

Walks in: the ward files and the borough files of one force, each in the stated order of their editions. Walks
out: `OffenceHistory`, the canonical tables from the newest edition of each month, and the overlaps compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pandas as pd

from sources.contracts import BOROUGH_OFFENCES, OFFENCES, UNLOCATED_OFFENCES, InputError, checked
from sources.crime_types import crosswalk_of, identify_vocabulary, serves_totals_only
from sources.mps_crime import WideTable, area_key, quarantined, read_wide, to_offences, totals_by_area

TOLERANCE = 0.02  # by which two editions' totals of a month may differ; London's differ by 0.9 % at most
UNKNOWN_BOROUGH = "Unknown"

# Boroughs that hold at least this share of offences beyond their wards' hold those whose ward is not known.
# London's equal their wards to 2024-01, exceed them by 0.2 % in 2024-02, the last days of which the new
# recording system ran, and by 2 to 5 % from 2024-03.
UNLOCATED_SHARE = 0.005

_CELL = ["area_code", "crime_type", "month"]


@dataclass(frozen=True)
class Edition:
    """One file of a series: `dataset` is its name in the catalogue."""

    dataset: str
    path: Path


@dataclass(frozen=True)
class JoinedEditions:
    """A series of editions as one.

    offences: area_code, crime_type, month, count. totals: offences of all areas, months x datasets. overlaps:
    dataset (the newer), other, month, offences, other_offences, difference (share of other). spans, a row per
    file: dataset, file, rows, first_month, last_month (stubs left out), vocabulary, months_used.
    """

    offences: pd.DataFrame
    totals: pd.DataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    spans: pd.DataFrame


@dataclass(frozen=True)
class OffenceHistory:
    """The offences of one force: tables as in `ForceTables`, `spans` as in `JoinedEditions`."""

    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    borough_offences: pd.DataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    spans: pd.DataFrame


def read_offence_history(
    ward_editions: Sequence[Edition],
    borough_editions: Sequence[Edition],
    areas: pd.DataFrame,
    vocabulary: pd.DataFrame,
    force_code: str,
    borough_aliases: Mapping[str, str],
    tolerance: float = TOLERANCE,
) -> OffenceHistory:
    """Read the history of recorded crime of one force, the oldest edition of each series given first.

    vocabulary: see `read_crime_vocabulary`. borough_aliases: name in the borough files -> its borough_name.

    Raises
    ------
    InputError
        What `read_wide` and `join_editions` refuse.
    """
    ward_codes = {area_key(code): code for code in areas["ward_code"]}
    wards = join_editions(ward_editions, ward_codes, vocabulary, tolerance)
    borough_codes = _borough_codes(areas, force_code, borough_aliases)
    boroughs = join_editions(borough_editions, borough_codes, vocabulary, tolerance)
    ward_files, borough_files = (
        ", ".join(edition.path.name for edition in editions) for editions in (ward_editions, borough_editions)
    )
    offences = wards.offences.rename(columns={"area_code": "ward_code"})
    borough_offences = boroughs.offences.rename(columns={"area_code": "borough_code"})
    unlocated_offences, faults = unlocated(borough_offences, offences, wards.totals, areas, force_code)
    quarantine = [wards.quarantine, boroughs.quarantine, quarantined(borough_files, faults)]
    return OffenceHistory(
        offences=checked(OFFENCES, offences, ward_files),
        unlocated_offences=checked(UNLOCATED_OFFENCES, unlocated_offences, borough_files),
        borough_offences=checked(BOROUGH_OFFENCES, borough_offences, borough_files),
        overlaps=pd.concat([wards.overlaps, boroughs.overlaps], ignore_index=True),
        quarantine=pd.concat(quarantine, ignore_index=True),
        spans=pd.concat([wards.spans, boroughs.spans], ignore_index=True),
    )


def join_editions(
    editions: Sequence[Edition],
    area_codes: Mapping[str, str],
    vocabulary: pd.DataFrame,
    tolerance: float = TOLERANCE,
) -> JoinedEditions:
    """Join the editions of a series, given oldest first: a month comes from the newest that publishes it.

    An edition whose vocabulary serves totals only is compared with the others and gives no counts; a stub
    month counts as not published. area_codes: see `to_offences`.

    Raises
    ------
    InputError
        Two editions whose totals of a month differ by more than the tolerance (share of the older), a month
        that no edition publishes amid months that are, or no edition whose types can be mapped.
    """
    tables = [read_wide(edition.path) for edition in editions]
    spoken = [identify_vocabulary(table.rows, vocabulary, table.path) for table in tables]
    crosswalks = [crosswalk_of(vocabulary, name) for name in spoken]
    by_dataset = {
        edition.dataset: totals_by_area(table, crosswalk).sum()
        for edition, table, crosswalk in zip(editions, tables, crosswalks, strict=True)
    }
    totals = pd.DataFrame(by_dataset)
    overlaps = _overlaps(editions, totals, tolerance)
    months_used = _months_used(tables, [not serves_totals_only(crosswalk) for crosswalk in crosswalks])
    parts = [
        to_offences(_restricted(table, months), crosswalk, area_codes)
        for table, crosswalk, months in zip(tables, crosswalks, months_used, strict=True)
        if len(months)
    ]
    spans = pd.DataFrame(
        {
            "dataset": list(by_dataset),
            "file": [table.path.name for table in tables],
            "rows": [len(table.rows) for table in tables],
            "first_month": [table.months[0] for table in tables],
            "last_month": [table.months[-1] for table in tables],
            "vocabulary": spoken,
            "months_used": [len(months) for months in months_used],
        }
    )
    return JoinedEditions(
        offences=pd.concat([offences for offences, _ in parts], ignore_index=True),
        totals=totals,
        overlaps=overlaps,
        quarantine=pd.concat([table.quarantine for table in tables] + [excluded for _, excluded in parts]),
        spans=spans,
    )


def unlocated(
    borough_offences: pd.DataFrame,
    offences: pd.DataFrame,
    ward_totals: pd.DataFrame,
    areas: pd.DataFrame,
    force_code: str,
) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Return the offences with no known ward, and what was set aside to get them: (row, reason, count).

    borough_offences, offences: as their contracts. ward_totals: offences of all wards, months x editions.

    Every area and month that is published has a row for each type, zeros included: the force's (no borough
    known) in every month, a borough's in months whose boroughs hold offences beyond their wards'
    (`UNLOCATED_SHARE`), judged by the ward edition that comes nearest, as the one made with the borough file
    need not be the newest. A borough's unlocated offences are its own less its wards', or zero where the
    wards hold more because the two files were made a few days apart.
    """
    recorded = borough_offences.rename(columns={"borough_code": "area_code"})
    recorded = recorded[recorded["month"].isin(offences["month"].unique())]
    no_borough = recorded["area_code"] == force_code
    types, months = sorted(recorded["crime_type"].unique()), sorted(recorded["month"].unique())

    totals = ward_totals.reindex(months)
    in_boroughs = recorded[~no_borough].groupby("month")["count"].sum()
    beyond = totals.rsub(in_boroughs, axis=0).min(axis=1)
    by_borough = beyond >= UNLOCATED_SHARE * totals.min(axis=1)

    boroughs = sorted(areas["borough_code"].unique())
    cells = pd.MultiIndex.from_product([boroughs, types, by_borough.index[by_borough]], names=_CELL)
    located = offences[offences["month"].isin(cells.levels[2])]
    borough_of_ward = located["ward_code"].map(areas.set_index("ward_code")["borough_code"])
    excess = _at(cells, recorded[~no_borough]) - _at(cells, located.assign(area_code=borough_of_ward))
    of_force = pd.MultiIndex.from_product([[force_code][: no_borough.sum()], types, months], names=_CELL)
    table = pd.concat([_at(of_force, recorded[no_borough]), excess.clip(lower=0)]).reset_index(name="count")

    reason = "boroughs hold a few offences beyond their wards': left in the boroughs, not counted as unlocated"
    few = beyond[(beyond > 0) & ~by_borough]
    faults = [(f"month {month:%Y-%m}", reason, int(count)) for month, count in few.items()]
    short = -excess[excess < 0]
    if len(short):
        reason = "wards hold more than their borough, from files of different days: taken as none unlocated"
        faults.append((f"{len(short)} cells", reason, int(short.sum())))
    return table, faults


def _at(cells: pd.MultiIndex, table: pd.DataFrame) -> pd.Series:
    """Return the counts of a long table at the given cells, zero where it has none."""
    return table.groupby(_CELL)["count"].sum().reindex(cells, fill_value=0)


def _borough_codes(areas: pd.DataFrame, force_code: str, aliases: Mapping[str, str]) -> dict[str, str]:
    codes = dict(zip(areas["borough_name"], areas["borough_code"], strict=True))
    codes |= {alias: codes[name] for alias, name in aliases.items()} | {UNKNOWN_BOROUGH: force_code}
    return {area_key(name): code for name, code in codes.items()}


def _overlaps(editions: Sequence[Edition], totals: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    """Return the months that two editions share, each newer edition beside each older one."""
    columns = ["dataset", "other", "month", "offences", "other_offences"]
    pairs = [pd.DataFrame(columns=columns)]
    for older, newer in combinations(editions, 2):
        shared = totals[[newer.dataset, older.dataset]].dropna().astype("int64")
        shared = shared.set_axis(["offences", "other_offences"], axis=1).rename_axis("month").reset_index()
        pairs.append(shared.assign(dataset=newer.dataset, other=older.dataset)[columns])
    overlaps = pd.concat([pair for pair in pairs if len(pair)] or pairs[:1], ignore_index=True)
    overlaps["difference"] = overlaps["offences"] / overlaps["other_offences"] - 1
    apart = overlaps[overlaps["difference"].abs() > tolerance]
    if len(apart):
        worst = apart.sort_values("difference", key=abs).iloc[-1]
        raise InputError(
            f"Two editions differ by {worst['difference']:+.1%} in {worst['month']:%Y-%m}, where "
            f"{tolerance:.0%} is allowed: {worst['dataset']} holds {worst['offences']} offences, "
            f"{worst['other']} holds {worst['other_offences']}",
            file=next(edition.path for edition in editions if edition.dataset == worst["dataset"]),
            column=f"{worst['month']:%Y%m}",
            remedy="Ask the publisher which edition is right, and move the other out of the folder.",
        )
    return overlaps


def _months_used(tables: Sequence[WideTable], in_full: Sequence[bool]) -> list[pd.DatetimeIndex]:
    """Return the months that each table gives: those no later table gives."""
    files = ", ".join(table.path.name for table in tables)
    taken = pd.DatetimeIndex([])
    used = []
    for table, full in zip(reversed(tables), reversed(in_full), strict=True):
        used.append(table.months.difference(taken) if full else table.months[:0])
        taken = taken.union(used[-1])
    if taken.empty:
        raise InputError(
            "No edition names its crime types so that they can be mapped to the harmonised ones",
            file=files,
            remedy="Supply an edition in the publisher's current list of types.",
        )
    gaps = pd.date_range(taken[0], taken[-1], freq="MS").difference(taken)
    if len(gaps):
        raise InputError(
            "No edition publishes a month that lies within the history",
            file=files,
            column=", ".join(gaps.strftime("%Y%m")[:6]),
            remedy="Supply the edition that holds it: a history has no gap.",
        )
    return used[::-1]


def _restricted(table: WideTable, months: pd.DatetimeIndex) -> WideTable:
    return replace(table, counts=table.counts[:, table.months.isin(months)], months=months)
