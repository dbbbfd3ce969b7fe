"""Offences whose ward is not known, from what boroughs hold beyond their wards.

Walks in: offences by borough and by ward. Walks out: the offences with no known ward, by borough where that is
published, else of the force.
"""

from __future__ import annotations

import pandas as pd

# Boroughs that hold at least this share of offences beyond their wards' hold those whose ward is not known.
# London's equal their wards to 2024-01, exceed them by 0.2 % in 2024-02, the last days of which the new
# recording system ran, and by 2 to 5 % from 2024-03.
UNLOCATED_SHARE = 0.005

_CELL = ["area_code", "crime_type", "month"]


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
