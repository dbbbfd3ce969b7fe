"""What estimates of noise at several origins of one history have in common, worked out once.

Walks in: nothing. Walks out: what was forecast at past origins, and the likelihoods of cases, as they are asked for.
A run judges a recipe on past years, keeps a record of earlier ones and fits it at the last month: the past origins of
the first are among those of the last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from features.population.exposure import population_factor
from models.forecast.forecast import Factors, months_ahead
from models.people.population_factor import HISTORIC_STRENGTH
from models.recipes.model import Model
from models.recipes.parameters import values_of


@dataclass(frozen=True)
class Said:
    """What a recipe would have said at a past origin.

    mean : (ward, crime type, month ahead) expected located offences. unlocated : (area, crime type) a month.
    trend : (crime type, month ahead).
    """

    mean: np.ndarray
    unlocated: xr.DataArray
    trend: xr.DataArray

    @staticmethod
    def of(factors: Factors, known: Panel, length: int) -> Said:
        """Return what factors say of the `length` months after the last that was known."""
        origin = known.last_month
        season, trend = factors.ahead(origin, length)
        residents = population_factor(known, origin, months_ahead(origin, length))
        mean = factors.level * season * trend * residents**HISTORIC_STRENGTH
        return Said(mean.transpose("ward", "crime_type", "month").to_numpy(), factors.unlocated, trend)


@dataclass(frozen=True)
class SharedPast:
    """What was worked out for one history, to be looked up at other origins of it.

    Only panels that are one history as known at its months may share: what is looked up is told apart by recipe, origin
    and length, not by what the panel holds. Likelihoods are told apart by all that goes into them.
    """

    said: dict[tuple[str, pd.Timestamp, int], Said] = field(default_factory=dict)
    likelihoods: dict[bytes, np.ndarray] = field(default_factory=dict)

    def of_origins(
        self, model: Model, known: Panel, origins: Sequence[pd.Timestamp], lengths: Sequence[int]
    ) -> Iterator[Said]:
        """Yield what the recipe would have said at each past origin of the months after it, `lengths` of them."""
        recipe = f"{type(model).__module__}.{type(model).__qualname__} {sorted(values_of(model).items())!r}"
        keys = [(recipe, origin, length) for origin, length in zip(origins, lengths, strict=True)]
        factors = model.factors_at(known, [origin for _, origin, _ in (key for key in keys if key not in self.said)])
        for key in keys:
            if key not in self.said:
                _, origin, length = key
                self.said[key] = Said.of(next(factors), known.as_known_at(origin), length)
            yield self.said[key]

    def of_cases(
        self, arrays: Sequence[Sequence[np.ndarray | str]], tabulate: Callable[[list[int]], list[np.ndarray]]
    ) -> list[np.ndarray]:
        """Return the table of each case, known by its arrays; `tabulate` is asked for those numbers that are new."""
        keys = [_digest(of_case) for of_case in arrays]
        new = [number for number, key in enumerate(keys) if key not in self.likelihoods and keys.index(key) == number]
        if new:
            self.likelihoods.update(zip((keys[number] for number in new), tabulate(new), strict=True))
        return [self.likelihoods[key] for key in keys]


def _digest(parts: Sequence[np.ndarray | str]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        array = np.asarray(part)
        digest.update(repr((array.dtype.str, array.shape)).encode() + array.tobytes())
    return digest.digest()
