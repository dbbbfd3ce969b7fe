"""Assumptions as draws: rows of one error group err together, so that uncertainty does not average away.

Walk in: rows with p10, p50 and p90, and a standard normal number a draw for each error group. Walk out: their values.

Positive values are two-piece lognormal, shares two-piece logistic-normal, changes that may be negative two-piece
normal: the logarithm, log-odds or value lies below the median by z x (median - p10) / 1.2816 where z is below zero, and
above it by z x (p90 - median) / 1.2816 where it is above, so that the three quantiles given are met exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from models.draws.distribution import stream
from models.draws.stratified import normals

_Z90 = 1.2815515655446004
_LEAST = 1e-9  # in place of zero, of which there is no logarithm


class Errors:
    """How far each error group is off in each draw: a standard normal number, stratified over the draws.

    `only`: the one group that errs, others standing at their medians; by default all err.
    """

    def __init__(self, draws: int, seed: int, *, known: bool = False, only: str | None = None) -> None:
        self.draws, self.seed, self._known, self._only = draws, seed, known, only
        self._drawn: dict[str, np.ndarray] = {}

    @property
    def size(self) -> int:
        """The number of draws of an assumption: one where all are known exactly."""
        return 1 if self._known else self.draws

    def of(self, group: str) -> np.ndarray:
        """Return the errors of a group, (draw); zeros where it stands at its median."""
        if self._known or self._only not in (None, group):
            return np.zeros(self.size)
        if group not in self._drawn:
            generator = stream(self.seed, f"assumption {group}")
            self._drawn[group] = normals(generator, (self.draws,)).astype(float)
        return self._drawn[group]

    def alone(self, group: str) -> Errors:
        """Return the errors with this group alone off, by the same numbers."""
        return Errors(self.draws, self.seed, only=group)


def positive(rows: pd.DataFrame, errors: Errors) -> np.ndarray:
    """Return values of rows that cannot be below zero, (row, draw)."""
    return (
        _piecewise(rows, errors, lambda value: np.log(np.maximum(value, _LEAST)), np.exp)
        * (rows["p90"].to_numpy(float) > 0)[:, None]
    )


def shares(rows: pd.DataFrame, errors: Errors) -> np.ndarray:
    """Return values of rows between 0 and 1, (row, draw); 0 and 1 themselves stay."""

    def odds(value: np.ndarray) -> np.ndarray:
        inside = np.clip(value, _LEAST, 1 - _LEAST)
        return np.log(inside / (1 - inside))

    found = _piecewise(rows, errors, odds, lambda log_odds: 1 / (1 + np.exp(-log_odds)))
    low, high = rows["p90"].to_numpy(float) <= 0, rows["p10"].to_numpy(float) >= 1
    return np.where(low[:, None], 0.0, np.where(high[:, None], 1.0, found))


def changes(rows: pd.DataFrame, errors: Errors) -> np.ndarray:
    """Return values of rows that may be below zero, (row, draw)."""
    return _piecewise(rows, errors, lambda value: value, lambda value: value)


def row_of(value: Mapping[str, float], error_group: str) -> pd.DataFrame:
    """Return one value with its quantiles as a row."""
    return pd.DataFrame([{**{name: value[name] for name in ("p10", "p50", "p90")}, "error_group": error_group}])


def groups_of(tables: Iterable[pd.DataFrame]) -> list[str]:
    """Return the error groups of some tables whose rows are uncertain, in their order."""
    named = [group for table in tables for group in table.loc[table["p10"] < table["p90"], "error_group"]]
    return list(dict.fromkeys(named))


def _piecewise(
    rows: pd.DataFrame,
    errors: Errors,
    there: Callable[[np.ndarray], np.ndarray],
    back: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    low, middle, high = (there(rows[name].to_numpy(float))[:, None] for name in ("p10", "p50", "p90"))
    if not len(rows):
        return np.zeros((0, errors.size))
    z = np.stack([errors.of(group) for group in rows["error_group"]])
    found = back(middle + np.where(z < 0, middle - low, high - middle) * z / _Z90)
    # The median itself, to the last digit, where nothing errs.
    return np.where(z == 0, rows["p50"].to_numpy(float)[:, None], found)
