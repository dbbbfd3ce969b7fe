"""The harmonised crime types, and the crosswalk from the names publishers use to them.

Walks in: `crime_types.csv` (29 minor types in 11 major ones) and `crime_vocabulary.csv` (every published
name, by vocabulary) beside this module. Walks out: both as tables, and which vocabulary a file speaks.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from sources.files.errors import InputError
from sources.tables.contracts import CRIME_TYPES, checked

CURRENT_VOCABULARY = "current_33"

_TEXT = pa.Column(str, coerce=True)
CRIME_VOCABULARY = pa.DataFrameSchema(
    {
        "vocabulary": _TEXT,
        "published_major": _TEXT,
        "published_minor": _TEXT,
        "crime_type": _TEXT,
        "major_type": _TEXT,
        "excluded": _TEXT,
    },
    unique=["vocabulary", "published_major", "published_minor"],
    strict=True,
    name="crime_vocabulary",
    description="Published names and their harmonised types. `crime_type` is empty where the name cannot be "
    "mapped without loss; `excluded` is the reason why a name is left out of all counts, or empty.",
)


def read_crime_types() -> pd.DataFrame:
    """Return the 29 harmonised types, as the contract `CRIME_TYPES` says.

    `neighbourhood_crime` marks residential burglary, robbery of personal property, theft from the person and
    the four vehicle offences. `finest_open_level` is the finest area level at which a type may be published.
    """
    path = Path(__file__).with_name("crime_types.csv")
    return checked(CRIME_TYPES, pd.read_csv(path), path)


def read_crime_vocabulary() -> pd.DataFrame:
    """Return the crosswalk from published names (upper case) to harmonised types; see `CRIME_VOCABULARY`."""
    path = Path(__file__).with_name("crime_vocabulary.csv")
    return checked(CRIME_VOCABULARY, pd.read_csv(path, keep_default_na=False), path)


def identify_vocabulary(published: pd.DataFrame, vocabulary: pd.DataFrame, file: Path) -> str:
    """Return the name of the vocabulary that holds every published type of a file.

    published: published_major and published_minor (upper case), indexed by row of the file. Where several
    vocabularies hold them all, the first listed in the crosswalk is meant.

    Raises
    ------
    InputError
        A type outside the vocabulary that fits best, with the first row that has it.
    """
    names = ["published_major", "published_minor"]
    types = published.drop_duplicates(names)
    known = types.merge(vocabulary[["vocabulary", *names]], on=names)
    matches = known["vocabulary"].value_counts().reindex(vocabulary["vocabulary"].unique(), fill_value=0)
    best = str(matches.idxmax())
    if matches[best] < len(types):
        recognised = pd.MultiIndex.from_frame(known.loc[known["vocabulary"] == best, names])
        unknown = types[~pd.MultiIndex.from_frame(types[names]).isin(recognised)].iloc[0]
        raise InputError(
            f"An unknown crime type, under the major type {unknown['published_major']!r} among types of the "
            f"vocabulary {best!r}",
            file=file,
            row=str(unknown.name),
            column="minortext",
            value=unknown["published_minor"],
            remedy="Correct the name, or add it to sources/crime/crime_vocabulary.csv with its harmonised type.",
        )
    return best


def crosswalk_of(vocabulary: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the part of the crosswalk that belongs to one vocabulary."""
    return vocabulary[vocabulary["vocabulary"] == name]


def serves_totals_only(crosswalk: pd.DataFrame) -> bool:
    """Return whether a vocabulary merges what the harmonised types keep apart, so only totals compare."""
    return bool(((crosswalk["crime_type"] == "") & (crosswalk["excluded"] == "")).any())
