"""Which rows of a table hold for a crime type: the force's before defaults, the narrower before the wider.

Walk in: rows and a crime type. Walk out: the rows that hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL


def rows_for(table: pd.DataFrame, what: str, major: str | None, keys: Sequence[str]) -> pd.DataFrame:
    """Return the rows that hold for a type or stream, one set for each of the keys, all months of it.

    For each combination of `keys` those of the force come before the defaults; among them those of the type before
    those of its major type, and those before rows of `all`. Rows of a stream hold for it alone.
    """
    order: Mapping[str, int] = {what: 0} | ({} if major is None else {major: 1, ALL: 2})
    if what == major:  # a type that is major and minor at once
        order = {what: 0, ALL: 2}
    here = table[table["what"].isin(list(order))]
    rank = here["what"].map(order) + 10 * (~here["of_force"].astype(bool))
    if not len(here):
        return here
    best = rank.groupby([here[key] for key in keys]).transform("min") if keys else rank.min()
    return here[rank == best]


def regimes(rows: pd.DataFrame, month_column: str, months: pd.DatetimeIndex) -> list[tuple[slice, pd.DataFrame]]:
    """Return the places of months in which the same rows hold, with those rows: each from its month until the next.

    Rows without a month hold from ever; months before any row have none.
    """
    since = rows[month_column].fillna(pd.Timestamp("1900-01-01")).to_numpy()
    starts = np.unique(since)
    places = np.searchsorted(months.to_numpy(), starts, side="left")
    ends = [*places[1:], len(months)]
    return [
        (slice(int(first), int(end)), rows[since == start])
        for start, first, end in zip(starts, places, ends, strict=True)
        if first < end
    ]
