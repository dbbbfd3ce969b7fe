"""Residents of one force from several files, held against each other.

Walks in: the tables of residents by ward and by borough. Walks out: nothing, or an `InputError` that names two
tables that cannot both be of the same people: one may be of one sex, of some of the areas, or in thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from sources.files.errors import InputError

# London's tables are within 6 % of each other, those of the City of London alone, after its census, 38 %. A table of
# one sex is half of one of persons.
RESIDENTS_APART = 0.42  # share of the larger
YEARS_APART = 2  # within which the years of two tables are compared


def refuse_disagreement(totals: Mapping[str, pd.Series]) -> None:
    """Refuse tables of residents of the whole force that are far apart in the same year, or the nearest.

    totals: persons in the force by year, by what the table is called. Tables without rows are passed over.

    Raises
    ------
    InputError
        At two tables that differ by over `RESIDENTS_APART` of the larger.
    """
    for one, other in combinations([name for name in totals if len(totals[name])], 2):
        pairs = [
            (abs(first - second), first, second)
            for first in totals[one].index
            for second in totals[other].index
            if abs(first - second) <= YEARS_APART
        ]
        if not pairs:
            continue
        _, first, second = max(pairs, key=lambda pair: (-pair[0], pair[1]))  # the nearest years, the last of them
        persons, others = totals[one][first], totals[other][second]
        if abs(persons - others) > RESIDENTS_APART * max(persons, others):
            raise InputError(
                f"Two tables of residents are of different people: {persons:,.0f} in {first} by {one}, "
                f"{others:,.0f} in {second} by {other}",
                file=f"{one}, {other}",
                value=f"{persons / others - 1:+.0%}",
                remedy="Supply tables of all residents of all the force's areas, of both sexes, counted one by one.",
            )


def force_totals(table: pd.DataFrame) -> pd.Series:
    """Return persons of the whole force by year, from a table with year and persons."""
    return table.groupby("year")["persons"].sum()
