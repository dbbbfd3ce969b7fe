"""The rules of disclosure control, and which areas may tell of which crime types under them.

Walk in: the settings file of the rules, the tables of areas and of crime types. Walk out: `Rules`, and `Closed`: which
rows of a table an open release must leave out.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.forecast.vocabulary import ALL_EXCLUDING, EXCLUDING
from publication.release.manifest import ReleaseError

RULES_FILE = Path(__file__).with_name("disclosure.toml")

Level = Literal["ward", "borough", "bcu", "force"]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TypeRules(_Section):
    """How fine an open release tells of crime types; see `disclosure.toml`."""

    fewest_wards: Annotated[int, Field(ge=2)]
    finest_open_level: dict[str, Level] = {}


class CountRules(_Section):
    """From how many offences a recorded count that no publisher has released may be told."""

    smallest: Annotated[int, Field(ge=2)]


class AgeRules(_Section):
    """From how many expected offences, and down to which level, ages from an extract may be told, by crime level."""

    smallest: Annotated[float, Field(gt=0)]
    finest_open_level: dict[Literal["all", "major", "minor"], Level]


class Rules(_Section):
    """The rules of disclosure control, as `disclosure.toml` has them."""

    openly_released_is_exempt: bool
    types: TypeRules
    counts: CountRules
    ages: AgeRules


def read_rules(file: Path = RULES_FILE) -> Rules:
    """Return the rules of a settings file.

    Raises
    ------
    ReleaseError
        When the file cannot be read, or a rule is missing, unknown or out of bounds.
    """
    try:
        return Rules.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:  # those of TOML and of validation are of this kind
        details = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        where = ": ".join([".".join(map(str, details["loc"])), str(details["msg"])]).removeprefix(": ")
        raise ReleaseError(
            f"The rules of disclosure control cannot be used ({file.name}, {where})",
            remedy=f"Correct the file; {RULES_FILE.name} beside the program is an example.",
        ) from error


def with_levels(crime_types: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the crime types with the `finest_open_level` that the rules give them.

    Raises
    ------
    ReleaseError
        When the rules name a type that is not there.
    """
    levels = rules.types.finest_open_level
    if strangers := sorted(levels.keys() - set(crime_types["crime_type"])):
        raise ReleaseError(
            f"The rules of disclosure control name a crime type that there is not ({strangers[0]!r})",
            remedy="Name minor types as crime_types.csv of a release has them.",
        )
    return crime_types.assign(
        finest_open_level=[
            levels.get(crime_type, level)
            for crime_type, level in zip(crime_types["crime_type"], crime_types["finest_open_level"], strict=True)
        ]
    )


def protected_types(crime_types: pd.DataFrame, rules: Rules) -> tuple[str, ...]:
    """Return the minor types that an open release leaves out of its finest areas: those that stop above ward."""
    levels = with_levels(crime_types, rules)
    return tuple(levels.loc[levels["finest_open_level"] != "ward", "crime_type"])


def open_places(areas: pd.DataFrame, finest: str, fewest_wards: int) -> set[tuple[str, str]]:
    """Return the places, (area_level, area_code), that may tell of types that stop at the level `finest`.

    A place with fewer than `fewest_wards` wards (or boroughs, where the type stops at BCU) is no coarser than what is
    kept back within it. Neither it nor its neighbours in one BCU or force may tell, or the total would give it away.
    """
    inside = "borough_code" if finest == "bcu" else "ward_code"
    by_bcu = areas.groupby("bcu_code")[inside].nunique()
    by_borough = areas.groupby(["bcu_code", "borough_code"])["ward_code"].nunique()
    bcus = by_bcu.index if finest != "force" and (by_bcu >= fewest_wards).all() else by_bcu.index[:0]
    coarse = (by_borough >= fewest_wards).groupby("bcu_code").all()
    telling = set(bcus) & set(coarse.index[coarse]) if finest == "borough" else set()
    boroughs = areas.loc[areas["bcu_code"].isin(telling), "borough_code"].unique()
    force = areas["force_code"].unique()[: len(areas) if len(areas) >= fewest_wards else 0]
    return {
        *(("borough", code) for code in boroughs),
        *(("bcu", code) for code in bcus),
        *(("force", code) for code in force),
        *(("unlocated", code) for code in (*boroughs, *force)),
    }


@dataclass(frozen=True)
class Closed:
    """What an open release must leave out: minor types by place, and sums that would give them away.

    `levels`: crime types with their finest open level. `telling`: places that may tell, by that level.
    `members`: minor types of each sum, by (crime_level, crime_type).
    """

    levels: dict[str, str]
    telling: dict[str, set[tuple[str, str]]]
    members: dict[tuple[str, str], frozenset[str]]

    @classmethod
    def by(cls, rules: Rules, areas: pd.DataFrame, crime_types: pd.DataFrame) -> Closed:
        """Return what is closed under the rules."""
        types = with_levels(crime_types, rules)
        fewest = rules.types.fewest_wards
        return cls(
            levels=dict(zip(types["crime_type"], types["finest_open_level"], strict=True)),
            telling={finest: open_places(areas, finest, fewest) for finest in ("borough", "bcu", "force")},
            members=members(types),
        )

    def rows(self, table: pd.DataFrame) -> np.ndarray:
        """Return which rows are closed, by their area_level, area_code, crime_level and crime_type."""
        places, place = _numbered(table, ["area_level", "area_code"])
        types, kind = _numbered(table, ["crime_level", "crime_type"])
        closed = np.array([[self.is_closed(one, other) for other in types] for one in places], dtype=bool)
        return closed[place, kind] if len(table) else np.zeros(0, dtype=bool)

    def is_closed(self, place: tuple[str, str], crime: tuple[str, str]) -> bool:
        """Return whether a place must not tell of a crime type, (crime_level, crime_type)."""
        if crime not in self.members:
            raise ReleaseError(
                f"Disclosure control does not know the crime type {crime[1]!r} of level {crime[0]!r}",
                remedy="This is a fault of the program: report it with the run id.",
            )
        levels = {self.levels[minor] for minor in self.members[crime]} - {"ward"}
        return any(place not in self.telling[level] for level in levels)


def members(crime_types: pd.DataFrame) -> dict[tuple[str, str], frozenset[str]]:
    """Return the minor types of every crime type, sums without protected types and neighbourhood crimes among them."""
    protected = set(crime_types.loc[crime_types["finest_open_level"] != "ward", "crime_type"])
    minors = crime_types["crime_type"]
    found = {("minor", minor): frozenset([minor]) for minor in minors}
    found[("group", "NEIGHBOURHOOD CRIME")] = frozenset(minors[crime_types["neighbourhood_crime"]])
    sums = {("all", "all"): frozenset(minors)}
    sums |= {("major", str(major)): frozenset(part) for major, part in minors.groupby(crime_types["major_type"])}
    without = {(level, f"{name}{EXCLUDING}"): part - protected for (level, name), part in sums.items()}
    assert ("all", ALL_EXCLUDING) in without
    return found | sums | without


def _numbered(table: pd.DataFrame, names: list[str]) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Return the distinct pairs of two columns, and which of them each row has."""
    codes, values = zip(*(pd.factorize(table[name]) for name in names), strict=True)
    pair = codes[0].astype("int64") * max(len(values[1]), 1) + codes[1]
    number, distinct = pd.factorize(pair)
    first, second = np.divmod(np.asarray(distinct), max(len(values[1]), 1))
    return [(str(values[0][one]), str(values[1][two])) for one, two in zip(first, second, strict=True)], number
