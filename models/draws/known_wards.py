"""Offences whose ward will not be known: the same offences as the rest, lost by a process of its own.

Walk in: the rates of located offences as crime alone makes them, draw by draw. Walk out: what of them will be located,
and the rates of offences with no known ward. All that is recorded, both together, does not depend on how many wards
will be known: where more are lost, fewer are located.

    odds     = expected unlocated / expected located x shock, of an area
    located  = rate of all recorded / (1 + odds),  unlocated = rate of all recorded x odds / (1 + odds)
"""

from __future__ import annotations

import numpy as np

from models.draws.shocks import shock_path
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree, sum_groups

# Of the variance of these shocks, what all crime types share: what fails is a system, not a crime type. Between twelve
# months and the next, London's types correlated by .57 from 2013 on, by .75 from 2023 (docs/method.md).
SHARED_BY_TYPES = 0.6


class KnownWards:
    """Splits the rates of one forecast into located and unlocated, the same for each crime type in any order."""

    def __init__(self, forecast: Forecast, tree: AreaTree, draws: int) -> None:
        self.forecast, self.tree, self.draws = forecast, tree, draws
        boroughs = tree.table.loc[tree.table["area_level"] == "borough", "area_code"].tolist()
        # The borough that each unlocated area is, None for the force.
        self._boroughs = [
            boroughs.index(code) if code in boroughs else None for code in forecast.unlocated["area"].to_numpy()
        ]

    def split(
        self, crime_type: str, rate: np.ndarray, own: np.random.Generator, common: np.random.Generator
    ) -> np.ndarray:
        """Return the rates of unlocated offences, (unlocated area, month, draw), and lower or raise those located.

        `rate`: (ward, month, draw) float32, changed in place, so that in no draw more or fewer offences are recorded
        for it. `own` and `common` are random streams, of the crime type and the same one for all crime types.
        """
        of_type = {"crime_type": crime_type}
        located = sum_groups(self.forecast.mean.sel(of_type).to_numpy(), self.tree.borough_of_ward)
        expected = self.forecast.unlocated.sel(of_type).transpose("area", "month").to_numpy()
        variance = self.forecast.noise.unlocated.sel(of_type).to_numpy()
        shape = (np.ones(len(expected)), expected.shape[1], self.draws)
        shock = shock_path(common, SHARED_BY_TYPES * variance, *shape)
        shock *= shock_path(own, (1 - SHARED_BY_TYPES) * variance, *shape)
        as_crime = sum_groups(rate, self.tree.borough_of_ward)
        kept, unlocated = np.ones_like(as_crime), np.empty_like(shock)
        for area, borough in enumerate(self._boroughs):
            part = slice(None) if borough is None else slice(borough, borough + 1)
            usual, lost = located[part].sum(axis=0)[:, None], expected[area][:, None]
            any_located = usual > 0
            crime = np.divide(as_crime[part].sum(axis=0), usual, out=np.ones_like(shock[area]), where=any_located)
            of_area = np.divide(usual + lost, usual + lost * shock[area], out=np.ones_like(crime), where=any_located)
            of_area /= of_area.mean(axis=-1, keepdims=True)  # so that the expectation stays that of the named factors
            left = np.maximum(usual + lost - usual * of_area, 0)
            unlocated[area] = np.where(any_located, crime * left, lost * shock[area])
            kept[part] *= of_area
        for ward, borough in enumerate(self.tree.borough_of_ward):
            rate[ward] *= kept[borough]
        return unlocated
