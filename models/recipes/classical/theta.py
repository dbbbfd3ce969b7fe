"""The Theta method, by statsmodels.

Walks in: one series free of season, in logarithms. Walks out: its path ahead.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.tsa.forecasting.theta import ThetaModel

from models.forecast.forecast import LONGEST_HORIZON
from models.recipes.classical.each_series import Classical


class Theta(Classical):
    """Theta of the force's crime types and of boroughs, spread over wards (Assimakopoulos and Nikolopoulos 2000)."""

    name = "theta"

    def ahead(self, logs: pd.Series) -> np.ndarray:
        """Return the mean of a line of half the trend and of the smoothed series with twice its curvature."""
        fitted = ThetaModel(logs, deseasonalize=False).fit(disp=False)
        return fitted.forecast(LONGEST_HORIZON).to_numpy()
