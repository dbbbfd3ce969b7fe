"""The history of recorded crime of one force, and the offences whose ward is not known.

Walks in: the ward files and the borough files of one force, each in the stated order of their editions. Walks
out: `OffenceHistory`, the canonical tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sources.crime.contradictions import refuse_contradictions
from sources.crime.crime_types import read_crime_types
from sources.crime.editions import TOLERANCE, Edition, join_editions
from sources.crime.own_types import OwnTypes
from sources.crime.unlocated import unlocated
from sources.crime.wide_counts import area_key
from sources.files.errors import InputError
from sources.tables.contracts import (
    AGE_EVIDENCE,
    ANTISOCIAL_BEHAVIOUR,
    BOROUGH_OFFENCES,
    FORMER_WARDS,
    OFFENCES,
    UNLOCATED_OFFENCES,
    checked,
    no_rows,
    quarantined,
)

MONTHS_APART = 2  # by which the two series may differ at either end: files fetched a few weeks apart
UNKNOWN_BOROUGH = "Unknown"


@dataclass(frozen=True)
class OffenceHistory:
    """The offences of one force: tables as in `ForceTables`, `spans` as in `JoinedEditions`.

    `broader`: where crime types are broader than the harmonised ones, that which holds each of these. `rows`: those of
    files whose rows only their reader can count, by name. `own_types`: what the force says of its own crime types.
    """

    offences: pd.DataFrame
    unlocated_offences: pd.DataFrame
    borough_offences: pd.DataFrame
    age_evidence: pd.DataFrame
    overlaps: pd.DataFrame
    quarantine: pd.DataFrame
    spans: pd.DataFrame
    crime_types: pd.DataFrame = field(default_factory=read_crime_types)
    antisocial_behaviour: pd.DataFrame = field(default_factory=lambda: no_rows(ANTISOCIAL_BEHAVIOUR))
    broader: Mapping[str, str] | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    own_types: OwnTypes | None = None
    former_wards: pd.DataFrame = field(default_factory=lambda: no_rows(FORMER_WARDS))


def read_offence_history(
    ward_editions: Sequence[Edition],
    borough_editions: Sequence[Edition],
    areas: pd.DataFrame,
    vocabulary: pd.DataFrame,
    force_code: str,
    borough_aliases: Mapping[str, str],
    tolerance: float = TOLERANCE,
    last_month: pd.Timestamp | None = None,
) -> OffenceHistory:
    """Read the history of recorded crime of one force, the oldest edition of each series given first.

    vocabulary: see `read_crime_vocabulary`. borough_aliases: name in the borough files -> its borough_name. A month
    or two that only one of the series has are set aside, as are those after `last_month`. The age evidence is empty:
    such files give no ages.

    Raises
    ------
    InputError
        What `read_wide`, `join_editions` and `refuse_contradictions` refuse; more months than that which only one of
        the series has.
    """
    ward_codes = {area_key(code): code for code in areas["ward_code"]}
    wards = join_editions(ward_editions, ward_codes, vocabulary, tolerance, last_month)
    borough_codes = _borough_codes(areas, force_code, borough_aliases)
    boroughs = join_editions(borough_editions, borough_codes, vocabulary, tolerance, last_month)
    ward_files, borough_files = (
        ", ".join(edition.path.name for edition in editions) for editions in (ward_editions, borough_editions)
    )
    of_wards, ward_faults = _in_both(wards.offences, boroughs.offences, "ward", ward_files)
    of_boroughs, borough_faults = _in_both(boroughs.offences, wards.offences, "borough", borough_files)
    offences = of_wards.rename(columns={"area_code": "ward_code"})
    borough_offences = of_boroughs.rename(columns={"area_code": "borough_code"})
    refuse_contradictions(offences, borough_offences, areas, force_code, f"{ward_files}, {borough_files}")
    unlocated_offences, faults = unlocated(borough_offences, offences, wards.totals, areas, force_code)
    quarantine = [
        wards.quarantine,
        boroughs.quarantine,
        ward_faults,
        borough_faults,
        quarantined(borough_files, faults),
    ]
    return OffenceHistory(
        offences=checked(OFFENCES, offences, ward_files),
        unlocated_offences=checked(UNLOCATED_OFFENCES, unlocated_offences, borough_files),
        borough_offences=checked(BOROUGH_OFFENCES, borough_offences, borough_files),
        age_evidence=no_rows(AGE_EVIDENCE),
        overlaps=pd.concat([wards.overlaps, boroughs.overlaps], ignore_index=True),
        quarantine=pd.concat(quarantine, ignore_index=True),
        spans=pd.concat([wards.spans, boroughs.spans], ignore_index=True),
    )


def _borough_codes(areas: pd.DataFrame, force_code: str, aliases: Mapping[str, str]) -> dict[str, str]:
    codes = dict(zip(areas["borough_name"], areas["borough_code"], strict=True))
    codes |= {alias: codes[name] for alias, name in aliases.items()} | {UNKNOWN_BOROUGH: force_code}
    return {area_key(name): code for name, code in codes.items()}


def _in_both(
    offences: pd.DataFrame, others: pd.DataFrame, series: str, files: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the offences of months that the other series has too, and the quarantine of the rest."""
    alone = offences[~offences["month"].isin(others["month"].unique())]
    by_month = alone.groupby("month")["count"].sum()
    if len(by_month) > MONTHS_APART:
        first, last = by_month.index[[0, -1]]
        other = "borough" if series == "ward" else "ward"
        raise InputError(
            f"The {series} files hold {len(by_month)} months that the {other} files do not, "
            f"from {first:%Y-%m} to {last:%Y-%m}",
            file=files,
            column=f"{first:%Y%m}",
            remedy=f"Supply the {other} files of these months too, named as docs/data.md says: together they tell "
            "how many offences have no known ward.",
        )
    reason = f"a month that only the {series} files hold: not counted until the others hold it too"
    faults = [(f"month {month:%Y-%m}", reason, int(count)) for month, count in by_month.items()]
    return offences.drop(alone.index), quarantined(files, faults)
