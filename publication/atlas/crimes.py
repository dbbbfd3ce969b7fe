"""The crime types of the atlas: what each is called, what it is made of, and the name of its file.

Walks in: the crime types of the contents' forecast. Walks out: `Crime`s in the order in which the page lists them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from models.forecast.vocabulary import ALL_EXCLUDING, EXCLUDING
from publication.atlas.counts import CrimeKey
from publication.release.contents import Contents
from publication.words import sentence_case

LEVEL_NAMES = ("all", "group", "major", "minor")
NAME_OF_ALL = "All recorded crime (excluding fraud)"


@dataclass(frozen=True)
class Crime:
    """A crime type: its key, name for readers, the id that names it in addresses and files, and its minor types.

    major : the major type it is or lies in, empty for totals of everything.
    """

    key: CrimeKey
    name: str
    identity: str
    major: str
    minor_types: tuple[str, ...]


def crimes_of(contents: Contents) -> list[Crime]:
    """Return the forecast's crime types: totals first, then each major type by name with its minor types after it."""
    neighbourhood = set(contents.crime.crime_types.loc[contents.crime.crime_types["neighbourhood_crime"], "crime_type"])
    majors = dict(zip(contents.crime.crime_types["crime_type"], contents.crime.crime_types["major_type"], strict=True))
    protected = set(contents.crime.protected_types)
    rows = contents.ahead.forecast[["crime_level", "crime_type"]].drop_duplicates().astype(str)
    keys = [(level, crime_type) for level, crime_type in rows.itertuples(index=False, name=None)]

    def major_of(key: CrimeKey) -> str:
        whole = key[1].removesuffix(EXCLUDING)
        return {"all": "", "group": "", "major": whole, "minor": str(majors.get(key[1], whole))}[key[0]]

    def minors_of(key: CrimeKey) -> tuple[str, ...]:
        if key[0] == "minor":
            return (key[1],)
        if key[0] == "group":
            return tuple(minor for minor in majors if minor in neighbourhood)
        left_out = protected if key[1].endswith(EXCLUDING) else set()
        within = [minor for minor, major in majors.items() if key[0] == "all" or major == major_of(key)]
        return tuple(minor for minor in within if minor not in left_out)

    found: list[Crime] = []
    taken: set[str] = set()
    for key in sorted(keys, key=lambda key: (major_of(key), LEVEL_NAMES.index(key[0]), key[1])):
        identity = _identity(key, taken)
        taken.add(identity)
        found.append(Crime(key, _name(key), identity, major_of(key), minors_of(key)))
    return found


def _name(key: CrimeKey) -> str:
    if key == ("all", "all"):
        return NAME_OF_ALL
    if key == ("all", ALL_EXCLUDING):
        return NAME_OF_ALL.replace("fraud", "fraud and protected types")
    whole = key[1].removesuffix(EXCLUDING)
    return sentence_case(whole) + key[1][len(whole) :]


def _identity(key: CrimeKey, taken: set[str]) -> str:
    """Return an id of plain letters, digits and hyphens that no other crime type has."""
    plain = unicodedata.normalize("NFKD", key[1]).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    stem = words if key[0] == "all" else f"{key[0]}-{words}".strip("-")
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(identity for identity in numbered if identity and identity not in taken)
