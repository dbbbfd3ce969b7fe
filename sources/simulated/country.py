"""A fictional country: many forces, whose sizes are spread as those of England and Wales.

Walk in: how many forces and wards. Walk out: the folder's name, the size and the identity of each force.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sources.simulated.city import Identity, boroughs_of
from sources.simulated.names import place_names

FEWEST_WARDS_OF_A_FORCE = 12
# Wards of the largest force, and of the second largest and the smallest, between which sizes fall evenly in their
# logarithm: London has 679 of the 7,500 wards of 43 forces, the next not much more than half of that.
LARGEST, SECOND, SMALLEST = 679, 341, 60


class PlannedForce(NamedTuple):
    """A force to be simulated: the name of its folder, its wards, its seed and its identity."""

    folder: str
    wards: int
    seed: int
    identity: Identity


def plan_country(forces: int, wards: int, seed: int) -> list[PlannedForce]:
    """Return the forces, largest first, whose wards add up; no two share a name or a code.

    Raises
    ------
    ValueError
        If there are fewer than two forces, or too few wards for them.
    """
    if forces < 2 or wards < forces * FEWEST_WARDS_OF_A_FORCE:
        raise ValueError(
            f"A country has two forces or more, of {FEWEST_WARDS_OF_A_FORCE} wards or more each; "
            f"{wards:,} wards are too few for {forces:,} forces"
        )
    names = sorted(place_names(forces, np.random.default_rng(seed)))
    planned, first_ward, first_borough = [], 1, 1
    for number, size in enumerate(_sizes(forces, wards)):
        identity = Identity(names[number], number + 1, first_ward, first_borough)
        folder = names[number].lower().replace(" ", "-")
        planned.append(PlannedForce(folder, size, seed + number, identity))
        first_ward += size
        first_borough += boroughs_of(size)
    return planned


def _sizes(forces: int, wards: int) -> list[int]:
    weights = np.concatenate([[LARGEST], np.geomspace(SECOND, SMALLEST, forces - 1)])
    free = wards - forces * FEWEST_WARDS_OF_A_FORCE
    shares = np.maximum(weights / weights.sum() * wards - FEWEST_WARDS_OF_A_FORCE, 0)
    # Rounded as running sums, so that they add up.
    ends = np.round(np.cumsum(shares) / shares.sum() * free).astype(int)
    return [int(size) for size in np.diff(ends, prepend=0) + FEWEST_WARDS_OF_A_FORCE]
