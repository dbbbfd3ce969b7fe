"""A monthly series of the force beside its crime types: a stream as recorded and as forecast, or its residents.

Walk in: recorded months and draws of months ahead. Walk out: amounts of any months, in every draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.years import MONTHS_A_YEAR
from sources.files.errors import InputError


@dataclass(frozen=True, eq=False)
class Series:
    """A series by month.

    recorded : by month; months that are not known are left out. months, draws : ahead, (month, draw). unit : of what.
    cuts_across : whether it counts offences of crime types over again, as a flag does.
    """

    name: str
    unit: str
    recorded: pd.Series
    months: pd.DatetimeIndex
    draws: np.ndarray
    cuts_across: bool = False

    @property
    def last_month(self) -> pd.Timestamp:
        """The last month that is forecast, or recorded where none is."""
        return self.months[-1] if len(self.months) else self.recorded.index.max()

    def over(self, months: pd.DatetimeIndex, draws: int) -> np.ndarray:
        """Return amounts of months, (month, draw): recorded, else forecast; later months repeat those a year before.

        Raises
        ------
        InputError
            Where neither a month nor those a year or more before it are known.
        """
        taken = np.arange(draws) % max(self.draws.shape[1], 1)
        recorded = {pd.Timestamp(str(month)): float(value) for month, value in self.recorded.items()}
        ahead = {month: place for place, month in enumerate(self.months)}
        first = min([*recorded, *ahead], default=None)
        found = np.empty((len(months), draws))
        for place, month in enumerate(months):
            known = month
            while known not in recorded and known not in ahead:
                known -= pd.DateOffset(months=MONTHS_A_YEAR)
                if first is None or known < first:
                    raise InputError(
                        "A stream has no value for a month of the plan, nor a year or more before it",
                        value=f"{self.name}, {month:%Y-%m}",
                        remedy="Give its amount as `fixed` in streams.csv, or bring more months of it.",
                    )
            found[place] = recorded[known] if known in recorded else self.draws[ahead[known]][taken]
        return found


def residents_series(residents: pd.DataFrame) -> dict[str, Series]:
    """Return residents of the force as series: `residents`, and `residents 10-17` and so on where ages are known.

    residents : year, age_group, persons. A year's number holds in each of its months; a month's amount is a twelfth of
    it, so that twelve months sum to residents.
    """
    found = {}
    for group, rows in residents.groupby("age_group"):
        by_year = rows.groupby("year")["persons"].sum()
        months = pd.DatetimeIndex([pd.Timestamp(year, month, 1) for year in by_year.index for month in range(1, 13)])
        values = pd.Series(np.repeat(by_year.to_numpy(float), MONTHS_A_YEAR) / MONTHS_A_YEAR, index=months)
        name = "residents" if group == "all" else f"residents {group}"
        found[name] = Series(name, "residents", values, pd.DatetimeIndex([]), np.zeros((0, 1)))
    return found
