"""Wards and boroughs held against each other, both ways: parts of a file that was cut short are found missing.

Walks in: offences by ward and by borough, of the same months. Walks out: nothing, or an `InputError` that says which of
the two is short, where and by how much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sources.files.errors import InputError

# The wards of a borough cannot hold more than it does. London's exceed it by 0.13 % of a month at most, where two files
# are of different days. Editions may differ by 2 %, and single boroughs and types by more where they are small.
EXCESS_ALLOWED = 0.02
EXCESS_OF_PARTS_ALLOWED = 0.10
# In London's worst month 81 % of offences have a known ward; a borough or a type with under half, all months together,
# has lost its wards' rows.
LEAST_LOCATED = 0.5
SMALLEST = 20  # offences; what is smaller is not judged

_OBTAIN = "Obtain both files again, whole, of the same day; the one that is short may have been cut."


@dataclass(frozen=True)
class AreaRows:
    """What a file has rows of: its name, and offences a month of each area that it gives, by area code."""

    file: str
    a_month: pd.Series


def refuse_contradictions(
    offences: pd.DataFrame, borough_offences: pd.DataFrame, areas: pd.DataFrame, force_code: str, files: str
) -> None:
    """Refuse wards and boroughs that contradict each other.

    offences, borough_offences: as their contracts, of the same months; the force's code stands for no known borough.

    Raises
    ------
    InputError
        A month whose wards hold over 2 % more than their boroughs, type by type; a borough or a type whose wards hold
        over 2 % more in all months, or over 10 % more in one; a borough or a type of which under half of the offences
        are in wards.
    """
    keys = ["borough_code", "crime_type", "month"]
    borough_of_ward = offences["ward_code"].map(areas.set_index("ward_code")["borough_code"])
    in_wards = offences.assign(borough_code=borough_of_ward).groupby(keys)["count"].sum()
    in_boroughs = borough_offences[borough_offences["borough_code"] != force_code].groupby(keys)["count"].sum()
    cells = pd.DataFrame({"wards": in_wards, "boroughs": in_boroughs}).fillna(0)
    cells["excess"] = (cells["wards"] - cells["boroughs"]).clip(lower=0)
    limits: tuple[tuple[list[str], float], ...] = (
        (["month"], EXCESS_ALLOWED),
        (["borough_code"], EXCESS_ALLOWED),
        (["crime_type"], EXCESS_ALLOWED),
        (["borough_code", "month"], EXCESS_OF_PARTS_ALLOWED),
        (["crime_type", "month"], EXCESS_OF_PARTS_ALLOWED),
    )
    for by, allowed in limits:
        _refuse_excess(cells.groupby(by).sum(), by, allowed, files)
    for one in ("borough_code", "crime_type"):
        _refuse_few_located(cells.groupby(one).sum(), one, files)


def _refuse_excess(sums: pd.DataFrame, by: Sequence[str], allowed: float, files: str) -> None:
    over = sums[(sums["excess"] > allowed * sums["wards"]) & (sums["excess"] >= SMALLEST)]
    if over.empty:
        return
    worst = over.sort_values("excess").iloc[-1]
    named = _named(by, worst.name)
    raise InputError(
        f"Wards hold {worst['excess']:,.0f} offences that their boroughs do not, {named}: "
        f"{worst['wards']:,.0f} in wards, {worst['boroughs']:,.0f} in boroughs",
        file=files,
        value=named,
        remedy=_OBTAIN,
    )


def _refuse_few_located(sums: pd.DataFrame, one: str, files: str) -> None:
    few = sums[(sums["wards"] < LEAST_LOCATED * sums["boroughs"]) & (sums["boroughs"] >= SMALLEST)]
    if few.empty:
        return
    worst = few.sort_values("boroughs").iloc[-1]
    named = _named([one], worst.name)
    raise InputError(
        f"Wards hold {worst['wards']:,.0f} offences where boroughs hold {worst['boroughs']:,.0f}, {named}",
        file=files,
        value=named,
        remedy=_OBTAIN,
    )


def refuse_lost_areas(files: Sequence[AreaRows], names: Mapping[str, str]) -> None:
    """Refuse a file that has no row of an area of which another file of its series has many.

    names: what to call areas, by code.

    Raises
    ------
    InputError
        At the first file that lacks an area with at least `SMALLEST` offences a month elsewhere.
    """
    most = pd.concat([each.a_month for each in files], axis="columns").max(axis="columns")
    for each in files:
        lost = most[(most >= SMALLEST) & ~most.index.isin(each.a_month.index[each.a_month > 0])]
        if len(lost):
            code = str(lost.idxmax())
            raise InputError(
                f"The file has no offence of {len(lost)} areas that another edition has, "
                f"{lost.max():,.0f} a month of {names.get(code, code)}",
                file=each.file,
                value=code,
                remedy="Obtain the file again, whole: it may have been cut short.",
            )


def _named(by: Sequence[str], key: object) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    words = [f"{part:%Y-%m}" if isinstance(part, pd.Timestamp) else str(part) for part in parts]
    kinds = [name.removesuffix("_code").replace("_", " ") for name in by]
    return ", ".join(f"{kind} {word}" for kind, word in zip(kinds, words, strict=True))
