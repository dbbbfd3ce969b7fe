"""What a run keeps of its draws for planning: sums of the very draws that the forecast was summarised from.

Walk in: draws of one crime type at a time; exposures to population. Walk out: draws by borough and month with those of
unknown ward apart, draws by ward and year, and what other populations would make of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from models.draws.distribution import Draws, stream
from models.draws.stratified import normals
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree, sum_groups

LOCATED, UNLOCATED = "located", "unlocated"


class DrawSums(NamedTuple):
    """Draws of one crime type: `by_month`, (borough then unlocated area, month, draw), and `by_year`, (ward, whole
    year, draw), both int32."""

    by_month: np.ndarray
    by_year: np.ndarray


@dataclass(frozen=True, eq=False)
class KeptDraws:
    """The draws of a forecast's first scenario, and what stood before it.

    by_month : (area, crime_type, month, draw) offences; coordinates along area: `area_code`, of a borough, or of the
        force where no borough is known, and `measure` (`located|unlocated`).
    by_year : (ward, crime_type, year, draw) located offences of each whole year ahead; `borough_code` along ward.
    base : (area, crime_type) offences of the last recorded twelve months; base_by_ward : (ward, crime_type).
    log_exposure : (variant, borough, crime_type, month) natural logarithm of what a variant's population would make of
        demand, over the central one's, for a strength of one.
    strength : (draw) with which demand follows population in each draw.
    """

    origin: np.datetime64
    by_month: xr.DataArray
    by_year: xr.DataArray
    base: xr.DataArray
    base_by_ward: xr.DataArray
    log_exposure: xr.DataArray
    strength: xr.DataArray


def sums_kept(drawn: Draws, tree: AreaTree) -> DrawSums:
    """Return what is kept of the draws of one crime type."""
    located, unlocated = drawn.counts[: tree.wards], drawn.counts[tree.wards :]
    by_borough = sum_groups(located, tree.borough_of_ward)
    return DrawSums(np.concatenate([by_borough, unlocated]), drawn.counts_by_year[: tree.wards])


def strength_draws(forecast: Forecast, draws: int, seed: int) -> np.ndarray:
    """Return the strength of population in each draw, (draw): the same numbers that the draws were made with."""
    sd = forecast.strength_sd if forecast.exposure is not None else 0.0
    return forecast.strength + sd * normals(stream(seed, "strength"), (draws,)).astype(float)


def log_exposures(first: Forecast, variants: Mapping[str, xr.DataArray], tree: AreaTree) -> np.ndarray:
    """Return `KeptDraws.log_exposure`, (variant, borough, crime_type, month).

    variants : exposures, (ward, [crime_type,] month). A borough's is the mean of its wards' by expected offences.
    """
    mean = first.mean
    weights = sum_groups(mean.to_numpy(), tree.borough_of_ward)
    found = []
    for exposure in variants.values():
        assert first.exposure is not None
        # Nobody left means no demand under either: any finite ratio will do.
        ratio = np.maximum(exposure, 1e-6) / np.maximum(first.exposure, 1e-6)
        logs = xr.DataArray(np.log(ratio)).sel(month=mean["month"])
        by_ward = (logs * xr.ones_like(mean)).transpose(*mean.dims)
        sums = sum_groups((by_ward * mean).to_numpy(), tree.borough_of_ward)
        found.append(np.divide(sums, weights, out=np.zeros_like(sums), where=weights > 0))
    return np.stack(found) if found else np.zeros((0, *weights.shape))
