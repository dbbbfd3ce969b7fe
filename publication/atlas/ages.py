"""Age groups: their order, and how well the ages of each crime type are known.

Walks in: the forecast by age and the table of quality. Walks out: groups by basis, and a label for each type and basis.
Victims and suspects are counted apart and never added up.
"""

from __future__ import annotations

import re

import pandas as pd

from publication.atlas.crimes import Crime

BASES = ("victim", "suspect")


def age_groups(forecast_by_age: pd.DataFrame) -> pd.MultiIndex:
    """Return (age_basis, age_group) in the order of ages, groups with no age last."""
    pairs = forecast_by_age[["age_basis", "age_group"]].drop_duplicates().astype(str)
    ordered = sorted(pairs.itertuples(index=False, name=None), key=lambda pair: (BASES.index(pair[0]), _age(pair[1])))
    return pd.MultiIndex.from_frame(pd.DataFrame(ordered, columns=["age_basis", "age_group"]))


def age_quality(crime: Crime, quality: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return by basis the quality of a type's ages (`measured|proxy|none|mixed`) and where they come from, in words.

    A type made of several has their common quality, or `mixed`, with every source.
    """
    found = {}
    parts = quality[quality["crime_type"].isin(crime.minor_types)]
    for basis, rows in parts.groupby("basis", observed=True):
        kinds = sorted(set(rows["quality"].astype(str)))
        sources = sorted(set(rows["source"].dropna().astype(str)) - {""})
        found[str(basis)] = {"quality": kinds[0] if len(kinds) == 1 else "mixed", "source": "; ".join(sources)}
    return found


def _age(group: str) -> tuple[bool, int, str]:
    number = re.search(r"\d+", group)
    return number is None, -1 if group.startswith("under") else int(number.group()) if number else 0, group
