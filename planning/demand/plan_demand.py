"""Demand of a plan: the forecast's own draws times named factors, month by month, so that nothing large is held twice.

    recorded demand x factor of the scenario x judgement = demand of the plan

Walk in: kept draws and factors. Walks out: demand of a month, (area, crime type, draw), real-valued.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from models.draws.kept import LOCATED, KeptDraws

FactorOfMonth = Callable[[int], "np.ndarray | float"]  # (area, crime type, draw) of a month, by its place


@dataclass(frozen=True, eq=False)
class PlanDemand:
    """Demand under one scenario.

    factors : each gives, for the place of a month, what demand is multiplied by, broadcastable to (area, crime type,
        draw).
    budgeted : (crime type) whether its work is a budget that stays as in the last recorded year, whatever is recorded.
    """

    kept: KeptDraws
    budgeted: np.ndarray
    factors: tuple[FactorOfMonth, ...] = ()

    @property
    def months(self) -> pd.DatetimeIndex:
        """The months ahead."""
        return pd.DatetimeIndex(self.kept.by_month["month"].to_numpy())

    @property
    def types(self) -> list[str]:
        """The minor crime types."""
        return [str(name) for name in self.kept.by_month["crime_type"].to_numpy()]

    @property
    def draws(self) -> int:
        """The number of draws."""
        return self.kept.by_month.sizes["draw"]

    @property
    def located(self) -> np.ndarray:
        """Which areas are boroughs, whose wards are known."""
        return self.kept.by_month["measure"].to_numpy() == LOCATED

    @property
    def base(self) -> np.ndarray:
        """What was recorded in the last twelve months, (area, crime type)."""
        return self.kept.base.to_numpy()

    def times(self, *factors: FactorOfMonth) -> PlanDemand:
        """Return the demand with further factors."""
        return replace(self, factors=(*self.factors, *factors))

    def recorded(self, month: int) -> np.ndarray:
        """Return offences of a month under the factors, (area, crime type, draw)."""
        found = self.kept.by_month.to_numpy()[:, :, month].astype(float)
        for factor in self.factors:
            found *= factor(month)
        return found

    def worked(self, month: int) -> np.ndarray:
        """Return offences that make work in a month: as recorded, but those whose work is a budget as they were."""
        found = self.recorded(month)
        found[:, self.budgeted] = self.base[:, self.budgeted, None] / 12
        return found


def plan_demand(kept: KeptDraws, discovered: Sequence[str]) -> PlanDemand:
    """Return the demand of a plan without scenario or judgement: the forecast's draws themselves."""
    types = kept.by_month["crime_type"].to_numpy()
    return PlanDemand(kept, np.isin(types, list(discovered)))
