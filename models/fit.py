"""A recipe fitted at an origin: its factors, and the noise around them from its past errors.

Walks in: a recipe and a panel. Walks out: a `FittedModel`, enough to forecast without seeing data again.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from features.panel import Panel
from models.forecast.forecast import Factors, FittedModel
from models.forecast.noise import Noise
from models.recipes.model import Model, NoiseOf
from models.uncertainty.variances import estimate_noise


def fit_at(model: Model, panel: Panel, origin: pd.Timestamp, noise_of: NoiseOf | None = None) -> FittedModel:
    """Learn from what was known at the origin, and from nothing later; the noise from past origins' errors.

    `noise_of(model, known)` returns the noise; by default `estimate_noise`, which is most of the work.

    Raises
    ------
    InputError
        When the origin lies outside the history.
    """
    known = panel.as_known_at(origin)
    noise = (noise_of or estimate_noise)(model.judged_by, known)
    factors = model.factors(known)
    return FittedModel(model.name, origin, around_the_mean(factors, noise) if model.path_is_median else factors, noise)


def around_the_mean(factors: Factors, noise: Noise) -> Factors:
    """Return factors whose product is the mean of the forecast, from those whose force path is its median.

    Shocks have mean one, so what they are put around must be the mean: a path that was smoothed in logarithms is where
    half the outcomes are expected above, and the mean of lognormal errors lies higher, the more so the further ahead.
    """
    upwards = noise.mean_over_median(factors.trend["step"].to_numpy())
    return replace(factors, trend=factors.trend * upwards)
