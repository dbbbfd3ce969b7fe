"""The backtest: forecasts made at past origins, from what was known then.

Walks in: a panel, a model and origins. Walks out: the `forecast` table of each, in the published form, so that
anyone's scorer can judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from features.panel import Panel
from models.draws.summary import forecast_table
from models.forecast.crime_sums import CrimeSums
from models.forecast.for_each import ForEach, in_turn
from models.recipes.model import Model, NoiseOf
from models.scripting import fit, forecast

KeepDraws = Callable[[pd.Timestamp, str, np.ndarray], None]


def backtest(
    model: str | Model,
    panel: Panel,
    origins: Sequence[pd.Timestamp],
    horizon: int,
    *,
    draws: int = 400,
    seed: int = 1,
    for_each: ForEach = in_turn,
    noise_of: NoiseOf | None = None,
    sums: CrimeSums | None = None,
    keep_draws: KeepDraws | None = None,
    progress: Callable[[], None] = lambda: None,
) -> Iterator[pd.DataFrame]:
    """Yield the `forecast` table of each origin, all ages, every area and crime level.

    `model`: a name in `MODELS`, or a `Model` of one's own; `noise_of`: see `models.fit.fit_at`; `sums`: further sums of
    crime types to tell, see `models.forecast.crime_sums`; `keep_draws(origin, crime_type, draws)` receives the draws by
    (ward, month, draw); `progress()` is called once a crime type; `for_each` does the work of drawing and summarising.
    """
    for origin in origins:
        keep = None
        if keep_draws is not None:

            def keep(crime_type: str, drawn: np.ndarray, origin: pd.Timestamp = origin) -> None:
                keep_draws(origin, crime_type, drawn)

        yield forecast_table(
            forecast(fit(panel, model, origin, noise_of), panel, horizon),
            panel.areas,
            sums=sums,
            draws=draws,
            seed=seed,
            for_each=for_each,
            keep_draws=keep,
            progress=progress,
        )
