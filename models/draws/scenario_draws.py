"""Draws of a scenario, made from those of the first one, so that their differences are those of the scenario alone.

Walk in: draws of one crime type under the first scenario, with the Poisson rates that made them. Walk out: draws of
another scenario by year ahead.

Given its rate R a year's count is Poisson. Where a scenario's rate S is below R, each offence stays with chance S / R;
where it is above, Poisson(S - R) offences join. So a scenario's count is Poisson(S), as if it had been drawn alone, and
differs from the first one's by the offences that left or joined only (thinning and superposition of Poisson processes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from models.draws.distribution import Drawer, Draws
from models.forecast.forecast import Forecast
from models.forecast.years import sum_years


@dataclass(frozen=True)
class ScenarioDraws:
    """Draws of one crime type under a scenario: `counts` int32 and Poisson `rates`, (ward then unlocated area, year,
    draw)."""

    counts: np.ndarray
    rates: np.ndarray


class ScenarioDrawer:
    """Draws of one scenario beside those of the first; in years, months left over have none."""

    def __init__(self, drawer: Drawer, scenario: Forecast) -> None:
        self.drawer, self.scenario = drawer, scenario

    def draw(self, crime_type: str, drawn: Draws) -> ScenarioDraws:
        """Return the scenario's draws of one crime type, given those of the first scenario."""
        first, scenario, strength = self.drawer.forecast, self.scenario, self.drawer.strength
        ratio = _ratio(scenario.mean, first.mean, "ward", crime_type)[:, :, None]
        if strength.sd:
            log_shock = strength.log(scenario, crime_type)
            log_shock -= strength.log(first, crime_type)
            ratio = np.multiply(np.exp(log_shock, out=log_shock), ratio, out=log_shock)
        of_unlocated = _ratio(scenario.unlocated, first.unlocated, "area", crime_type)[:, :, None]
        both = ((drawn.located, ratio), (drawn.unlocated, of_unlocated))
        rates = drawn.rates_by_year
        more = np.concatenate([sum_years(rate * (ratio - 1)) for rate, ratio in both])

        generator = self.drawer.generator(f"{crime_type}, scenario {scenario.scenario}")
        counts = drawn.counts_by_year
        leaves = np.divide(-more, rates, out=np.zeros_like(rates), where=rates > 0)
        left = generator.binomial(counts, np.clip(leaves, 0, 1))
        joined = generator.poisson(np.maximum(more, 0))
        return ScenarioDraws((counts - left + joined).astype(np.int32), rates + more)


def _ratio(scenario: xr.DataArray, first: xr.DataArray, area: str, crime_type: str) -> np.ndarray:
    """Return a scenario's expectation over the first one's, (area, month) float32; 1 where neither expects any."""
    after, before = (
        mean.sel(crime_type=crime_type).transpose(area, "month").to_numpy().astype(np.float32)
        for mean in (scenario, first)
    )
    return np.divide(after, before, out=np.ones_like(before), where=before > 0)
