"""The table of hidden demand: recorded, reported and experienced, of the force and its BCUs, and what has no basis.

Walk in: recorded offences by year, and rows of `reporting`. Walk out: rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.folder.vocabulary import worst
from planning.stakes.hidden import Reporting, experienced_by_area, reporting_of

TOGETHER = "types with a survey"
SURVEY, NO_RATE, NO_BASIS = "survey", "no rate", "no basis"
SAYS_NOTHING = "says nothing of local reporting"
COLUMNS = ["area_level", "area_code", "area_name", "what", "year", "basis", "recorded", "reported", "reported_q10"]
COLUMNS += ["reported_q90", "experienced", "experienced_q10", "experienced_q90", "share_reported", "share_recorded"]
COLUMNS += ["says", "quality"]


def hidden_table(
    yearly: np.ndarray,
    types: Sequence[str],
    areas: PlanAreas,
    reporting: pd.DataFrame,
    no_basis: pd.DataFrame,
    majors: Mapping[str, str],
    years: Sequence[pd.Timestamp],
    errors: Errors,
) -> pd.DataFrame:
    """Return hidden demand of the force and its BCUs by crime type and year: no ward, no borough, no rank.

    yearly : (area of the kept draws, crime type, year, draw). no_basis : name, crime_type (or none), reason: of these
    no number is told.
    """
    bcus = np.flatnonzero(areas.table["area_level"] == "bcu")
    summed = areas.sums(yearly)
    of_bcus, of_force = summed[bcus], summed[areas.force]
    codes = [str(code) for code in areas.table["area_code"].iloc[bcus]]
    barred = set(no_basis["crime_type"])
    parts: list[pd.DataFrame] = []
    sums: list[np.ndarray] = []
    held: list[Reporting] = []
    for place, crime_type in enumerate(types):
        known = None if crime_type in barred else reporting_of(reporting, crime_type, majors, errors)
        if known is None:
            if crime_type not in barred:
                parts.append(_unknown(areas, crime_type, of_force[place], years, NO_RATE))
            continue
        recorded, total = of_bcus[:, place], of_force[place]
        by_bcu, experienced = experienced_by_area(
            recorded, np.maximum(total - recorded.sum(axis=0), 0), known, crime_type, codes, errors
        )
        stack = np.stack(
            [
                np.concatenate([recorded, total[None]]),
                np.concatenate([recorded, total[None]]) / known.recorded,
                np.concatenate([by_bcu, experienced[None]]),
            ]
        )
        parts.append(_rows(areas, bcus, crime_type, stack, years, known.quality))
        sums.append(stack)
        held.append(known)
    if sums:
        together = _rows(areas, bcus, TOGETHER, np.sum(sums, axis=0), years, worst([one.quality for one in held]))
        parts.insert(0, together)
    for name, reason in zip(no_basis["name"], no_basis["reason"], strict=True):
        parts.append(_unknown(areas, name, None, years[:1], f"{NO_BASIS}: {reason}"))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _rows(
    areas: PlanAreas,
    bcus: np.ndarray,
    what: str,
    stack: np.ndarray,
    years: Sequence[pd.Timestamp],
    quality: str,
) -> pd.DataFrame:
    """Return a row an area and year; stack : (recorded reported experienced, area, year, draw), the force last."""
    table = areas.table.iloc[[*bcus, areas.force]]
    named = table.loc[table.index.repeat(len(years))].reset_index(drop=True)
    mean = stack.mean(axis=-1).reshape(3, -1)
    low, high = (values.reshape(3, -1) for values in np.quantile(stack, [0.1, 0.9], axis=-1))
    share = {
        "share_reported": np.divide(stack[1], stack[2], out=np.full_like(stack[1], np.nan), where=stack[2] > 0),
        "share_recorded": np.divide(stack[0], stack[1], out=np.full_like(stack[1], np.nan), where=stack[1] > 0),
    }
    local = named["area_level"] == "bcu"
    return named.assign(
        what=what,
        year=np.tile(pd.DatetimeIndex(list(years)), len(table)),
        basis=SURVEY,
        recorded=mean[0],
        reported=mean[1],
        reported_q10=low[1],
        reported_q90=high[1],
        experienced=mean[2],
        experienced_q10=low[2],
        experienced_q90=high[2],
        **{
            # Of BCUs the share is the force's: theirs is not known.
            name: np.where(local, np.nan, np.nan_to_num(values).mean(axis=-1).ravel())
            for name, values in share.items()
        },
        says=np.where(local, SAYS_NOTHING, ""),
        quality=quality,
    )


def _unknown(
    areas: PlanAreas, what: str, recorded: np.ndarray | None, years: Sequence[pd.Timestamp], basis: str
) -> pd.DataFrame:
    """Return rows of the force without any number but what is recorded, where that is told."""
    force = areas.table.iloc[[areas.force] * len(years)].reset_index(drop=True)
    counted = np.full(len(years), np.nan) if recorded is None else recorded.mean(axis=-1)
    rows = force.assign(
        what=what, year=pd.DatetimeIndex(list(years)), basis=basis, recorded=counted, says="", quality=""
    )
    return rows.reindex(columns=COLUMNS)
