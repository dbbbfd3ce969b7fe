"""Exponential smoothing (ETS) with a damped trend, by statsmodels.

Walks in: one series free of season, in logarithms. Walks out: its path ahead.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from models.forecast.forecast import LONGEST_HORIZON
from models.recipes.classical.each_series import Classical


def damped_path(logs: np.ndarray) -> np.ndarray:
    """Return the path ahead, (LONGEST_HORIZON), by a damped additive trend (Gardner and McKenzie 1985).

    statsmodels chooses the speeds and the damping by maximum likelihood.
    """
    with warnings.catch_warnings():
        # A search that stops at its limit is still the best smoothing found; the backtest judges it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = ExponentialSmoothing(logs, trend="add", damped_trend=True, initialization_method="estimated").fit(
            method="L-BFGS-B"
        )
    return fitted.forecast(LONGEST_HORIZON)


class ETS(Classical):
    """Exponential smoothing of the force's crime types and of boroughs, spread over wards."""

    name = "ets"

    def ahead(self, logs: pd.Series) -> np.ndarray:
        """Return the smoothed path of one series."""
        return damped_path(logs.to_numpy())
