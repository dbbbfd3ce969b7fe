"""The calendar: how many days, weekend days and bank holidays a month has.

Walks in: months. Walks out: three counts of days by month, known for any future month.
"""

from __future__ import annotations

import holidays
import pandas as pd
import xarray as xr


def calendar(months: pd.DatetimeIndex) -> xr.Dataset:
    """Return `days`, `weekend_days` and `bank_holidays` of each month, in days, dimension month.

    Bank holidays are those of England and Wales as the law stands today; one-off holidays are known in advance only
    once proclaimed, so models of the past must not lean on them.
    """
    days = pd.date_range(months[0], months[-1] + pd.offsets.MonthEnd(0), freq="D")
    proclaimed = holidays.country_holidays("GB", subdiv="ENG", years=sorted(set(days.year)), observed=True)
    table = pd.DataFrame(
        {
            "days": 1,
            "weekend_days": (days.day_of_week >= 5).astype(int),
            "bank_holidays": days.isin(pd.DatetimeIndex(list(proclaimed))).astype(int),
        },
        index=days.to_period("M"),
    )
    by_month = table.groupby(level=0).sum().reindex(months.to_period("M"))
    by_month.index = months.rename("month")
    return by_month.to_xarray()
