"""Age groups as they are published: sums over single years of age.

Walks in: an array with the dimension age, 0 to 90. Walks out: the same with age_group instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from sources.files.errors import InputError
from sources.tables.contracts import OLDEST_AGE


class AgeGroup(NamedTuple):
    """A group of ages, both ends in it; a group up to the oldest age, 90, holds all who are older."""

    label: str
    low: int
    high: int


AGE_GROUPS = (
    AgeGroup("under 10", 0, 9),
    AgeGroup("10-17", 10, 17),
    AgeGroup("18-24", 18, 24),
    AgeGroup("25-34", 25, 34),
    AgeGroup("35-44", 35, 44),
    AgeGroup("45-54", 45, 54),
    AgeGroup("55-64", 55, 64),
    AgeGroup("65 and over", 65, OLDEST_AGE),
)


def population_groups(by_age: xr.DataArray, groups: Sequence[tuple[str, int, int]] = AGE_GROUPS) -> xr.DataArray:
    """Return sums over the ages of each group: the dimension age becomes age_group, in the order given.

    Raises
    ------
    InputError
        If groups overlap, leave an age from 0 to 90 out, repeat a label, or end before they begin.
    """
    wanted = [AgeGroup(*group) for group in groups]
    refuse_uneven_groups(wanted)
    summed = [by_age.sel(age=slice(group.low, group.high)).sum("age") for group in wanted]
    labels = np.array([group.label for group in wanted], dtype=object)
    joined = xr.concat(summed, dim="age_group").assign_coords(age_group=labels)
    return joined.transpose(*("age_group" if dimension == "age" else dimension for dimension in by_age.dims))


def refuse_uneven_groups(groups: Sequence[AgeGroup]) -> None:
    """Refuse age groups that do not hold every age from 0 to 90 once."""
    remedy = "Give groups as (label, youngest, oldest) that cover the ages from 0 to 90 once, as the default ones do."
    labels = [group.label for group in groups]
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise InputError("Two age groups have the same label", value=twice, remedy=remedy)
    expected = 0
    for group in sorted(groups, key=lambda each: each.low):
        if group.high < group.low:
            raise InputError("An age group ends before it begins", value=group.label, remedy=remedy)
        if group.low != expected:
            problem = "overlap" if group.low < expected else "leave ages out"
            raise InputError(
                f"Age groups {problem}: one should begin at {expected}, not {group.low}",
                value=group.label,
                remedy=remedy,
            )
        expected = group.high + 1
    if expected != OLDEST_AGE + 1:
        raise InputError(f"Age groups end at {expected - 1}, not {OLDEST_AGE}", value=str(labels), remedy=remedy)
