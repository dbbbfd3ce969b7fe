"""A recipe fitted at an origin: its factors, and the noise around them from its past errors.

Walks in: a recipe and a panel. Walks out: a `FittedModel`, enough to forecast without seeing data again.
"""

from __future__ import annotations

import pandas as pd

from features.panel import Panel
from models.forecast.forecast import FittedModel
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
    return FittedModel(model.name, origin, model.factors(known), noise)
