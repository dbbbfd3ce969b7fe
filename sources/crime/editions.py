"""The editions of a series of recorded crime, by ward or by borough, joined into one.

Walks in: the files of the series in the stated order of their editions. Walks out: `JoinedEditions`, the counts from
the newest edition of each month, and the overlaps compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import pandas as pd

from sources.crime.contradictions import AreaRows, refuse_lost_areas
from sources.crime.crime_types import crosswalk_of, identify_vocabulary, serves_totals_only
from sources.crime.mps_crime import WideTable, read_wide
from sources.crime.record_faults import LEFT_OUT
from sources.crime.wide_counts import coded, to_offences, totals_by_area
from sources.files.errors import InputError
from sources.tables.contracts import quarantined

TOLERANCE = 0.02  # by which two editions' totals of a month may differ; London's differ by 0.9 % at most


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


def join_editions(
    editions: Sequence[Edition],
    area_codes: Mapping[str, str],
    vocabulary: pd.DataFrame,
    tolerance: float = TOLERANCE,
    last_month: pd.Timestamp | None = None,
) -> JoinedEditions:
    """Join the editions of a series, given oldest first: a month comes from the newest that publishes it.

    An edition that reaches a later month than another is newer whatever their places, since the publisher
    could not have known it before. One whose vocabulary serves totals only is compared with the others and gives
    no counts; a stub month counts as not published. area_codes: see `to_offences`. Months after `last_month` are left
    out.

    Raises
    ------
    InputError
        An area without a code, or without a row in one edition and not in another; two editions whose totals of a month
        differ by more than the tolerance (share of the older); a month that no edition publishes amid months that are;
        no edition whose types can be mapped, or with a month to `last_month`.
    """
    editions, tables = _read(editions, last_month)
    refuse_lost_areas([_area_rows(table, area_codes) for table in tables], {})
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


def _read(editions: Sequence[Edition], last_month: pd.Timestamp | None) -> tuple[list[Edition], list[WideTable]]:
    """Return the editions that have a month to the last, oldest first by their last months, with their tables."""
    read = [(edition, _until(read_wide(edition.path), last_month)) for edition in editions]
    read = [(edition, table) for edition, table in read if len(table.months)]
    if not read:
        raise InputError(
            f"No month to {last_month:%Y-%m}, the last that counts, is in the files",
            file=", ".join(edition.path.name for edition in editions),
            remedy="Name a later month in force.toml as last_month, or leave it out.",
        )
    read.sort(key=lambda pair: pair[1].months[-1])
    return [edition for edition, _ in read], [table for _, table in read]


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
    taken = pd.DatetimeIndex([])
    used = []
    for table, full in zip(reversed(tables), reversed(in_full), strict=True):
        used.append(table.months.difference(taken) if full else table.months[:0])
        taken = taken.union(used[-1])
    if taken.empty:
        raise InputError(
            "No edition names its crime types so that they can be mapped to the harmonised ones",
            file=_names(tables),
            remedy="Supply an edition in the publisher's current list of types.",
        )
    gaps = pd.date_range(taken[0], taken[-1], freq="MS").difference(taken)
    if len(gaps):
        raise InputError(
            f"No edition publishes a month that lies within the history{_held_of(gaps[0], tables)}",
            file=_names(tables),
            column=", ".join(gaps.strftime("%Y%m")[:6]),
            remedy="Supply the edition that holds it: a history has no gap.",
        )
    return used[::-1]


def _held_of(month: pd.Timestamp, tables: Sequence[WideTable]) -> str:
    """Return which files hold a month that none of them can give, in words."""
    stub = [table.path.name for table in tables if f"column {month:%Y%m}" in set(table.quarantine["row"])]
    totals = [table.path.name for table in tables if month in table.months]
    held = [*(f"{name} holds a stub of it" for name in stub), *(f"{name} holds its totals only" for name in totals)]
    return f": {', '.join(held)}" if held else ""


def _names(tables: Sequence[WideTable]) -> str:
    return ", ".join(table.path.name for table in tables)


def _area_rows(table: WideTable, area_codes: Mapping[str, str]) -> AreaRows:
    """Return offences a month by area code; `InputError` at an area without a code."""
    summed = pd.Series(table.counts.sum(axis=1), index=coded(table, area_codes).astype(str)).groupby(level=0).sum()
    return AreaRows(table.path.name, summed / len(table.months))


def _until(table: WideTable, last_month: pd.Timestamp | None) -> WideTable:
    """Return the table without the months after the last that is wanted; these are quarantined."""
    if last_month is None or table.months[-1] <= last_month:
        return table
    volumes = pd.Series(table.counts.sum(axis=0), index=table.months)[table.months > last_month]
    faults = [(f"column {month:%Y%m}", LEFT_OUT, int(count)) for month, count in volumes.items()]
    kept = _restricted(table, table.months[table.months <= last_month])
    return replace(kept, quarantine=pd.concat([table.quarantine, quarantined(table.path.name, faults)]))


def _restricted(table: WideTable, months: pd.DatetimeIndex) -> WideTable:
    return replace(table, counts=table.counts[:, table.months.isin(months)], months=months)
