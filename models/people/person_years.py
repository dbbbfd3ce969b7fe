"""Person-years and offences behind counts of people by age.

Walks in: rows of `age_evidence`, residents by age and year, the panel. Walks out: person-years by age over the periods
of the rows, and the offences a year recorded in them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from sources.files.errors import InputError


def periods_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the periods of the rows, each once, by time: first_month, last_month, years (length), middle (year)."""
    ends = rows[["first_month", "last_month"]].to_numpy().astype("datetime64[M]").astype(int)  # months since 1970
    first, last = np.unique(ends, axis=0).T
    years = (last - first + 1) / 12
    months = {
        name: of_period.astype("datetime64[M]").astype(rows[name].dtype)
        for name, of_period in (("first_month", first), ("last_month", last))
    }
    return pd.DataFrame({**months, "years": years, "middle": 1970 + first / 12 + years / 2})


def person_years(periods: pd.DataFrame, residents: xr.DataArray) -> np.ndarray:
    """Return person-years by age over all the periods, (age,).

    residents : (age, year) on 30 June. Each period takes the 30 June nearest to its middle, of the years there are.

    Raises
    ------
    InputError
        If an age has no residents at all in these years.
    """
    years = residents["year"].to_numpy()
    nearest = np.abs(periods["middle"].to_numpy()[:, np.newaxis] - (years + 0.5)).argmin(axis=1)
    persons = residents.transpose("year", "age").to_numpy()[nearest]
    lived = periods["years"].to_numpy() @ persons
    if not (lived > 0).all():
        raise InputError(
            "An age has no residents, so that no rate can be made of the people counted",
            value=int(np.flatnonzero(~(lived > 0))[0]),
            remedy="Supply residents of every age from 0 to 90.",
        )
    return np.asarray(lived)


def offences_of_force(panel: Panel) -> pd.DataFrame:
    """Return offences with and without a known ward, index month, columns minor types."""
    located = panel.offences.sum("ward").transpose("month", "crime_type")
    unlocated = panel.unlocated.sum("area").transpose("month", "crime_type")
    return pd.DataFrame(located.to_numpy() + unlocated.to_numpy(), panel.months, panel.crime_types["crime_type"])


def offences_a_year(offences: pd.DataFrame, periods: pd.DataFrame, crime_types: Sequence[str]) -> pd.Series:
    """Return the offences a year of minor types in the months of the periods. offences : of `offences_of_force`.

    Months outside the history do not count; if all are, the year of history nearest to them is taken in their place.
    """
    months = offences.index
    first, last = periods["first_month"].to_numpy(), periods["last_month"].to_numpy()
    month = months.to_numpy()[:, np.newaxis]
    inside = np.asarray(((month >= first) & (month <= last)).any(axis=1))
    if not inside.any():
        later = periods["first_month"].min() > months[-1]
        inside[slice(-12, None) if later else slice(0, 12)] = True
    return offences[list(crime_types)][inside].mean() * 12
