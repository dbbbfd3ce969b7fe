"""A force's own crime types, in place of London's 29: what they are called, how they group, what may be told of them.

Walks in: `crime_types.csv` of a data folder, written by the force. Walks out: `OwnTypes`, by which extract and wide
files are read as by the publishers' lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sources.crime.crime_types import CRIME_VOCABULARY, CURRENT_VOCABULARY
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.columns_read import refuse_unread
from sources.tables.contracts import CRIME_TYPES, SEVERITY, checked, no_rows

REQUIRED = ["crime_type", "major_type", "neighbourhood_crime", "finest_open_level"]
OPTIONAL = ["published", "severity", "ages"]
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}
BETWEEN = ";"  # names in the column `published`


@dataclass(frozen=True)
class OwnTypes:
    """crime_types, severity : as their contracts; severity has no rows where the file has no such column.

    vocabulary : contract `CRIME_VOCABULARY`, each name that the force's files may use. without_ages : types of whose
    victims and suspects no ages are told.
    """

    crime_types: pd.DataFrame
    severity: pd.DataFrame
    vocabulary: pd.DataFrame
    without_ages: frozenset[str]


def read_own_types(path: Path) -> OwnTypes:
    """Read the crime types of a force.

    Columns: crime_type; major_type; neighbourhood_crime (yes or no); finest_open_level (ward, borough, bcu or force);
    and if wanted published (further names in the force's files, with ; between), severity (weight of an average
    offence, above zero) and ages (yes or no). Case and blanks of names do not matter.

    Raises
    ------
    InputError
        A column missing or not known; a name twice; a cell that is none of these.
    """
    table = read_table(path, REQUIRED)
    refuse_unread(table, [*REQUIRED, *OPTIONAL], path, f"Columns are {', '.join([*REQUIRED, *OPTIONAL])}.")
    table = table.assign(**{name: table[name].map(tidied) for name in ("crime_type", "major_type")})
    refuse_repeats(table, ["crime_type"], path)
    for name in ("crime_type", "major_type"):
        if (table[name] == "").any():
            empty = int(table.index[table[name] == ""][0])
            raise InputError("A name is empty", file=path, row=empty, column=name, remedy="Fill it in.")
    crime_types = table[["crime_type", "major_type"]].assign(
        neighbourhood_crime=_yes_or_no(table, "neighbourhood_crime", path),
        finest_open_level=table["finest_open_level"].str.strip().str.lower(),
    )
    ages = _yes_or_no(table, "ages", path) if "ages" in table else pd.Series(True, index=table.index)
    return OwnTypes(
        crime_types=checked(CRIME_TYPES, crime_types, path).reset_index(drop=True),
        severity=_severity(table, path),
        vocabulary=_vocabulary(table, path),
        without_ages=frozenset(table.loc[~ages, "crime_type"]),
    )


def tidied(name: str) -> str:
    """Return a name in capitals with single blanks, as all files' are compared."""
    return " ".join(name.split()).upper()


def _yes_or_no(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    words = table[column].str.strip().str.casefold()
    wrong = ~words.isin(_YES | _NO)
    if wrong.any():
        row = table.index[wrong][0]
        raise InputError(
            "The cell says neither yes nor no",
            file=path,
            row=int(row),
            column=column,
            value=table.loc[row, column],
            remedy="Write yes or no.",
        )
    return words.isin(_YES)


def _severity(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    if "severity" not in table:
        return no_rows(SEVERITY)
    weights = table[["crime_type"]].assign(weight=numbers(table, ["severity"], path)["severity"])
    return checked(SEVERITY, weights, path).reset_index(drop=True)


def _vocabulary(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a row for each name of each type, its own among them."""
    further = table["published"].str.split(BETWEEN) if "published" in table else table["crime_type"].map(lambda _: [])
    names = [[own, *filter(None, map(tidied, more))] for own, more in zip(table["crime_type"], further, strict=True)]
    rows = table[["crime_type", "major_type"]].assign(published_minor=pd.Series(names, index=table.index))
    rows = rows.explode("published_minor")
    rows = rows.drop_duplicates(["crime_type", "published_minor"])
    repeated = rows[rows["published_minor"].duplicated()]
    if len(repeated):
        raise InputError(
            "A name stands for two crime types",
            file=path,
            row=int(repeated.index[0]),
            column="published",
            value=repeated["published_minor"].iloc[0],
            remedy="Give each name to one of them.",
        )
    rows = rows.assign(vocabulary=CURRENT_VOCABULARY, published_major=rows["major_type"], excluded="")
    return checked(CRIME_VOCABULARY, rows.reset_index(drop=True), path)
