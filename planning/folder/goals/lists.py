"""Named lists of crime types, and the crime types that a target counts.

Walk in: rows of `priorities` and the words of a target. Walk out: names of crime types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planning.folder.vocabulary import ALL

TOGETHER = " + "  # joins crime types that one target counts


def list_of(priorities: pd.DataFrame, name: str) -> list[str]:
    """Return what a named list holds, the force's own rows where it has some; nothing where no list has that name."""
    rows = priorities[priorities["list"] == name]
    own = rows[rows["of_force"].astype(bool)]
    chosen = own if len(own) else rows
    return [str(one) for one in chosen["what"] if one]


def names_of(what: str, priorities: pd.DataFrame) -> list[str]:
    """Return the crime types and major types that the words of a target name, a list by what it holds."""
    return list_of(priorities, what) if what in set(priorities["list"]) else what.split(TOGETHER)


def counted(what: str, priorities: pd.DataFrame, types: Sequence[str], majors: Mapping[str, str]) -> np.ndarray:
    """Return which crime types a target counts, (crime type) true or false."""
    names = names_of(what, priorities)
    return np.array([bool({one, majors.get(one), ALL} & set(names)) for one in types])
