"""Age groups: their order, and how well the ages of each crime type are known.

Walks in: the forecast by age and the table of quality. Walks out: groups by basis, and a label for each type and basis.
Victims and suspects are counted apart and never added up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from models.forecast.vocabulary import BASES
from models.people.evidence_groups import WORDS
from publication.atlas.crimes import Crime
from sources.ages.arrests import ARRESTS
from sources.ages.dashboards import VAWG_VICTIMS

NO_AGES = "Some of the types summed up here have no ages: all their offences count as of age not known."
FEW_PEOPLE = "The ages of some of the types summed up here rest on few people."
OLD_ARRESTS = "These arrests are the newest that are published by age."
# Held against children in custody of later years, arrests gave too high a share for all but robbery (docs/ages.md).
UPPER_END = f"{OLD_ARRESTS} Read the share of 10 to 17 year olds as an upper end."
WOMEN_AND_GIRLS = "The data are of women and girls only; other victims, and children under ten, are of age not known."


def age_groups(forecast_by_age: pd.DataFrame) -> pd.MultiIndex:
    """Return (age_basis, age_group) in the order of ages, groups with no age last."""
    pairs = forecast_by_age[["age_basis", "age_group"]].drop_duplicates().astype(str)
    ordered = sorted(pairs.itertuples(index=False, name=None), key=lambda pair: (BASES.index(pair[0]), _age(pair[1])))
    return pd.MultiIndex.from_frame(pd.DataFrame(ordered, columns=["age_basis", "age_group"]))


def age_quality(crime: Crime, quality: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return by basis the quality of a type's ages (`measured|few|proxy|none|mixed`), their source in words, and notes.

    A type made of several has the common quality of those with ages, or `mixed`, with every source.
    """
    found = {}
    parts = quality[quality["crime_type"].isin(crime.minor_types)]
    for basis, rows in parts.groupby("basis", observed=True):
        known = rows[rows["quality"] != "none"]
        kinds = sorted(set((rows if known.empty else known)["quality"].astype(str)))
        sources = sorted(set((rows if known.empty else known)["source"].dropna().astype(str)) - {""})
        notes = _notes(crime, sources) + [NO_AGES] * (0 < len(known) < len(rows))
        if kinds == ["few", "measured"]:
            kinds, notes = ["measured"], [*notes, FEW_PEOPLE]
        found[str(basis)] = {
            "quality": kinds[0] if len(kinds) == 1 else "mixed",
            "source": "; ".join(sources),
            "notes": notes,
        }
    return found


def _notes(crime: Crime, sources: Sequence[str]) -> list[str]:
    notes = {ARRESTS: OLD_ARRESTS if crime.major == "ROBBERY" else UPPER_END, VAWG_VICTIMS: WOMEN_AND_GIRLS}
    # A source is told with its years before its publisher.
    begins = {source: WORDS[source].partition(", ")[0] for source in notes}
    return [note for source, note in notes.items() if any(told.startswith(begins[source]) for told in sources)]


def _age(group: str) -> tuple[bool, int, str]:
    number = re.search(r"\d+", group)
    return number is None, -1 if group.startswith("under") else int(number.group()) if number else 0, group
