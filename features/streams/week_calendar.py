"""What is special about a week and known long before: its place in the year, bank holidays, school holidays.

Walks in: Mondays. Walks out: columns for a regression, (week, column).
"""

from __future__ import annotations

import holidays
import numpy as np
import pandas as pd

HARMONICS = 3  # of the year
DAYS_A_YEAR = 365.2425


def week_columns(weeks: pd.DatetimeIndex, country: tuple[str, str | None], school_holidays: pd.DataFrame) -> np.ndarray:
    """Return waves of the year, bank holidays (days) and school holidays (share of days) of weeks, (week, column).

    Bank holidays are those of the law as it stands today; one-off ones are known in advance only once proclaimed, which
    a model of the past must not lean on: they are few, and one effect stands for all.
    """
    middle = weeks + pd.Timedelta(days=3)
    angle = 2 * np.pi * middle.day_of_year.to_numpy() / DAYS_A_YEAR
    waves = [wave(angle * k) for k in range(1, HARMONICS + 1) for wave in (np.sin, np.cos)]
    days = weeks.to_numpy()[:, None] + np.arange(7).astype("timedelta64[D]")
    years = range(weeks[0].year, weeks[-1].year + 2)
    named = holidays.country_holidays(country[0], subdiv=country[1], years=years)
    bank = np.isin(days.astype("datetime64[D]"), np.array(sorted(named), dtype="datetime64[D]")).sum(axis=1)
    columns = [*waves, bank.astype(float)]
    if len(school_holidays):
        off = np.zeros(days.shape, dtype=bool)
        for first, last in zip(school_holidays["first_day"], school_holidays["last_day"], strict=True):
            off |= (days >= first.to_datetime64()) & (days <= last.to_datetime64())
        columns.append(off.mean(axis=1))
    return np.column_stack(columns)
