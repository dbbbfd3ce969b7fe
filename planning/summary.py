"""Means and quantiles of draws of a plan, as columns of its tables.

Walk in: draws, the last dimension of an array, and labels of the others. Walk out: rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

QUANTILES = {"q10": 0.1, "q50": 0.5, "q80": 0.8, "q90": 0.9, "q95": 0.95}


def summary_columns(draws: np.ndarray, prefix: str = "") -> dict[str, np.ndarray]:
    """Return the mean and the quantiles of draws, (..., draw), each flattened.

    Quantiles lie between draws (definition 7 of Hyndman and Fan 1996), since hours are no whole numbers.
    """
    found = {f"{prefix}mean": draws.mean(axis=-1).ravel()}
    quantiles = np.quantile(draws, list(QUANTILES.values()), axis=-1)
    return found | {f"{prefix}{name}": part.ravel() for name, part in zip(QUANTILES, quantiles, strict=True)}


def labelled(dimensions: Sequence[tuple[str, Sequence[object]]], columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return rows for every combination of labels, in the order of flattened arrays."""
    index = pd.MultiIndex.from_product(
        [list(labels) for _, labels in dimensions], names=[name for name, _ in dimensions]
    )
    return index.to_frame(index=False).assign(**columns)
