"""Severity: expected offences weighted by how serious an average offence of the type is.

Walks in: means of minor types and the weights of the ONS Crime Severity Score. Walks out: weighted sums for major
types and totals; a minor type's is its weight times its mean, which the page works out. Quantiles cannot be had this
way for a sum of types, so severity has an expectation only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from publication.atlas.columns import Column
from publication.atlas.counts import CrimeKey
from publication.atlas.crimes import Crime


def severity_columns(
    crime: Crime, means: Mapping[CrimeKey, Sequence[Column]], weights: Mapping[str, float]
) -> list[Column]:
    """Return the weighted sum over a type's minor types of every column of means, named `severity.` and its name.

    means : columns of each crime type, in one order. A cell is missing where a part is; there are no columns where a
    minor type has no weight or no forecast.
    """
    parts = {minor: means.get(("minor", minor), []) for minor in crime.minor_types}
    if crime.key[0] == "minor" or not parts or not all(parts.values()) or not parts.keys() <= weights.keys():
        return []
    columns = []
    for place, column in enumerate(next(iter(parts.values()))):
        total = np.sum([weights[minor] * part[place].cells for minor, part in parts.items()], axis=0)
        columns.append(Column(f"severity.{column.name}", total, season=column.season))
    return columns
