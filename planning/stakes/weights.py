"""Weights of harm: how much an average offence of each crime type does, on several scales beside each other.

Walk in: rows of `harm_weights`. Walk out: a weight by crime type and draw, of each scale; and equal weights as a check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.assumed import Errors, positive
from planning.folder.vocabulary import worst
from planning.work.choice import rows_for

EQUAL = "equal"  # every offence counts one: recorded crime itself


@dataclass(frozen=True, eq=False)
class HarmWeights:
    """One scale of harm.

    drawn : (crime type, draw); known : (crime type), every weight at its median. lacking : crime types that the scale
    has no weight for, which count nothing.
    """

    name: str
    drawn: np.ndarray
    known: np.ndarray
    quality: str
    lacking: tuple[str, ...] = ()


def harm_weights(
    table: pd.DataFrame, types: Sequence[str], majors: Mapping[str, str], errors: Errors
) -> list[HarmWeights]:
    """Return the scales of a table, in its order, and equal weights behind them."""
    found = []
    for name, rows in table.groupby("weights", sort=False):
        chosen = [rows_for(rows, one, majors.get(one), ()) for one in types]
        values = np.zeros((len(types), errors.size))
        known = np.zeros(len(types))
        for place, held in enumerate(chosen):
            if len(held):
                values[place], known[place] = positive(held, errors)[0], float(held["p50"].iloc[0])
        lacking = tuple(one for one, held in zip(types, chosen, strict=True) if not len(held))
        qualities = [str(quality) for held in chosen for quality in held["quality"]]
        found.append(HarmWeights(str(name), values, known, worst(qualities), lacking))
    ones = np.ones(len(types))
    return [*found, HarmWeights(EQUAL, np.ones((len(types), errors.size)), ones, worst([]))]
