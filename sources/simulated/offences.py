"""Offences drawn from the truth, as the force records them and as it publishes them.

Walks in: a `Truth`, a random generator. Walks out: `Recorded`, counts by published type, ward and month, of
offences that kept their ward and of those that lost it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sources.simulated.truth import Truth

BOROUGH_KNOWN = 0.85  # share of the offences without a ward whose borough is known, from the change month on

RESIDENTIAL_BURGLARY = "RESIDENTIAL BURGLARY"
_OLD_BURGLARY = "DOMESTIC BURGLARY"
_NEW_BURGLARIES = {"RES BURGLARY OF A HOME": 0.72, "RES BURGLARY OF UNCONNECTED BUILDING": 0.28}
_OLD_NAME_IN_RENAME_MONTH = 0.75

_FRAUD = (("FRAUD AND FORGERY", "FRAUD AND FORGERY"), ("NFIB FRAUD", "NFIB"))
_FRAUDS_IN_A_WARD = 0.01  # a month; nearly all fraud is recorded elsewhere


@dataclass(frozen=True)
class Recorded:
    """Counts (published type, ward, month) of offences, by what is known of their place.

    `types`: major_type and minor_type as published, and crime_type, the harmonised name (empty for fraud,
    which no forecast counts). `located` kept their ward; of the others `in_borough` are published under
    their borough and `nowhere` under none. `expected` and `ward_shock` (harmonised type, ward, month) are
    what the counts were drawn from.
    """

    types: pd.DataFrame
    located: np.ndarray
    in_borough: np.ndarray
    nowhere: np.ndarray
    expected: np.ndarray
    ward_shock: np.ndarray


def record(truth: Truth, generator: np.random.Generator) -> Recorded:
    """Return the offences that are recorded: negative binomial, with a share that loses its ward."""
    calendar = truth.calendar
    names, located, in_borough, nowhere, expected, ward_shocks = [], [], [], [], [], []
    for position, (mean, ward_shock) in enumerate(truth.expected(generator)):
        kind = truth.crime_types.iloc[position]
        occurred = negative_binomial(mean, kind["dispersion"], generator)
        expected.append(mean.astype(np.float32))
        ward_shocks.append(ward_shock.astype(np.float32))
        for minor_type, part in _as_published(kind["crime_type"], occurred, calendar.rename, generator):
            lost = generator.binomial(part, truth.unlocated[position])
            known = generator.binomial(lost, BOROUGH_KNOWN)
            known[:, : calendar.change] = 0
            names.append((kind["major_type"], minor_type, kind["crime_type"]))
            located.append((part - lost).astype(np.int32))
            in_borough.append(known.astype(np.int32))
            nowhere.append((lost - known).astype(np.int32))
    for major_type, minor_type in _FRAUD:
        frauds = generator.poisson(_FRAUDS_IN_A_WARD, located[0].shape).astype(np.int32)
        frauds[0, [0, -1]] += 1  # so that even a small force has some in every file
        names.append((major_type, minor_type, ""))
        located.append(frauds)
        in_borough.append(np.zeros_like(frauds))
        nowhere.append(np.zeros_like(frauds))
    return Recorded(
        pd.DataFrame(names, columns=["major_type", "minor_type", "crime_type"]),
        np.stack(located),
        np.stack(in_borough),
        np.stack(nowhere),
        np.stack(expected),
        np.stack(ward_shocks),
    )


def negative_binomial(mean: np.ndarray, dispersion: float, generator: np.random.Generator) -> np.ndarray:
    """Return counts of variance mean + mean^2 / dispersion: Poisson, with gamma distributed rates."""
    return generator.poisson(mean * generator.gamma(dispersion, 1 / dispersion, mean.shape))


def _as_published(
    crime_type: str, counts: np.ndarray, rename: int, generator: np.random.Generator
) -> list[tuple[str, np.ndarray]]:
    if crime_type != RESIDENTIAL_BURGLARY:
        return [(crime_type, counts)]
    share_of_old_name = np.where(np.arange(counts.shape[1]) < rename, 1.0, 0.0)
    share_of_old_name[rename] = _OLD_NAME_IN_RENAME_MONTH
    old = generator.binomial(counts, share_of_old_name)
    (home, share_of_homes), (building, _) = _NEW_BURGLARIES.items()
    homes = generator.binomial(counts - old, share_of_homes)
    return [(_OLD_BURGLARY, old), (home, homes), (building, counts - old - homes)]


def offences_by_type(recorded: Recorded, crime_types: list[str]) -> np.ndarray:
    """Return offences of the whole force, located or not, (harmonised type, month)."""
    published = recorded.types["crime_type"].to_numpy()
    total = (recorded.located + recorded.in_borough + recorded.nowhere).sum(axis=1)
    return np.stack([total[published == crime_type].sum(axis=0) for crime_type in crime_types])
