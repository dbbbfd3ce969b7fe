"""Scenarios of population as factors on the same draws, so that a difference is the scenario's alone.

    factor = (exposure of the scenario / exposure of the first) ^ strength of the draw

Walk in: kept draws and the name of a variant. Walks out: its factor by area, crime type, month and draw.
"""

from __future__ import annotations

import numpy as np

from models.draws.kept import KeptDraws
from planning.demand.plan_demand import FactorOfMonth


def population_factor_of(kept: KeptDraws, variant: str) -> FactorOfMonth:
    """Return the factor of a population variant.

    An area of offences with no known ward moves with its borough; where no borough is known, with the mean of boroughs
    by offences of the last recorded year.
    """
    log_exposure = kept.log_exposure.sel(variant=variant).to_numpy()  # borough, crime type, month
    located = kept.base.to_numpy()[: len(log_exposure)]
    weights = located / np.maximum(located.sum(axis=0), 1e-9)
    of_force = (log_exposure * weights[:, :, None]).sum(axis=0, keepdims=True)
    codes = kept.by_month["area_code"].to_numpy()
    boroughs = {code: place for place, code in enumerate(codes[: len(log_exposure)])}
    place = np.array([boroughs.get(code, len(log_exposure)) for code in codes])
    by_area = np.concatenate([log_exposure, of_force])[place]
    strength = kept.strength.to_numpy()

    def factor(month: int) -> np.ndarray:
        return np.exp(by_area[:, :, month, None] * strength)

    return factor
