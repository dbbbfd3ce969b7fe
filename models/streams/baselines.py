"""The mean of twelve months, the simplest forecast of a stream that is not seasonal."""

from __future__ import annotations

import numpy as np

from features.history import YEAR
from features.panel import Panel
from models.forecast.forecast import Factors
from models.recipes.baselines import no_trend, unlocated_level
from models.recipes.model import Model


class YearMean(Model):
    """Every month will be the mean of the last twelve."""

    name = "mean-of-12"

    def factors(self, known: Panel) -> Factors:
        """Level: the last year's mean month. No season and no trend."""
        level = known.offences.isel(month=slice(-YEAR, None)).mean("month").astype(float)
        season = level.expand_dims(month_of_year=np.arange(1, YEAR + 1), axis=-1) * 0.0 + 1.0
        return Factors(level, season, no_trend(known), unlocated_level(known))
