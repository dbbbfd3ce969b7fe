"""Offences of a year that targets count: what was recorded of it, and draws of the months that are still to come.

Walk in: demand of a plan, the recorded past, and what is counted. Walk out: sums by draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from planning.demand.plan_demand import PlanDemand

MONTHS_A_YEAR = 12


@dataclass(frozen=True, eq=False)
class Counted:
    """What is counted: `members` of the areas of the kept draws, and crime types, both true or false; a year."""

    members: np.ndarray
    types: np.ndarray
    year_from: pd.Timestamp

    @property
    def months(self) -> pd.DatetimeIndex:
        """The twelve months of the year."""
        return pd.date_range(self.year_from, periods=MONTHS_A_YEAR, freq="MS", unit="us")


@dataclass(frozen=True, eq=False)
class Past:
    """What was recorded before the forecast.

    base : (area of the kept draws, crime type) of the last twelve months. history : (area_code, crime_type, month),
    offences by borough, those of no known borough under the force's code; none where it is not known.
    """

    base: np.ndarray
    codes: np.ndarray
    last_month: pd.Timestamp
    history: xr.DataArray | None

    @classmethod
    def of(cls, demand: PlanDemand, history: xr.DataArray | None) -> Past:
        """Return the past of a demand."""
        last = demand.months[0] - pd.DateOffset(months=1)
        types = {} if history is None else {"crime_type": demand.types}
        codes = demand.kept.by_month["area_code"].to_numpy()
        return cls(demand.base, codes, last, None if history is None else history.sel(types))

    def months(self, what: Counted, months: pd.DatetimeIndex) -> np.ndarray | None:
        """Return what was recorded of months, (month); None where they are not known."""
        history = self.history
        if history is None or not months.isin(pd.DatetimeIndex(history["month"].to_numpy())).all():
            return None
        inside = np.isin(history["area_code"].to_numpy(), self.codes[what.members])
        chosen = history.sel(month=months).to_numpy()
        return np.asarray(chosen[inside][:, what.types].sum(axis=(0, 1)), dtype=float)

    def year(self, what: Counted, year_from: pd.Timestamp) -> float | None:
        """Return what was recorded of twelve months; None where they are not known."""
        if year_from == self.last_month - pd.DateOffset(months=MONTHS_A_YEAR - 1):
            return float(self.base[what.members][:, what.types].sum())
        found = self.months(what, pd.date_range(year_from, periods=MONTHS_A_YEAR, freq="MS", unit="us"))
        return None if found is None else float(found.sum())

    def last_year(self, what: Counted) -> np.ndarray:
        """Return the last twelve months, (month); each a twelfth where only their sum is known."""
        months = pd.date_range(end=self.last_month, periods=MONTHS_A_YEAR, freq="MS", unit="us")
        found = self.months(what, months)
        mean = float(self.base[what.members][:, what.types].sum()) / MONTHS_A_YEAR
        return np.full(MONTHS_A_YEAR, mean) if found is None else found


def year_draws(demand: PlanDemand, past: Past, wanted: Sequence[Counted]) -> list[np.ndarray | None]:
    """Return offences of each year wanted, (draw), recorded months as they were; None where those are not known."""
    ahead = {month: place for place, month in enumerate(demand.months)}
    found: list[np.ndarray | None] = []
    for what in wanted:
        known = what.months[what.months <= past.last_month]
        recorded = past.months(what, known) if len(known) else np.zeros(1)
        if len(known) == MONTHS_A_YEAR and recorded is None and (whole := past.year(what, what.year_from)) is not None:
            recorded = np.array([whole])
        found.append(None if recorded is None else np.full(demand.draws, recorded.sum()))
    for month, place in ahead.items():
        inside = [(one, sums) for one, sums in zip(wanted, found, strict=True) if month in one.months]
        drawn = demand.recorded(place) if inside else np.zeros(0)
        for one, sums in inside:
            if sums is not None:
                sums += drawn[one.members][:, one.types].sum(axis=(0, 1))
    return found
