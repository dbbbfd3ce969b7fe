"""Population exposure: how many people live in each ward in each month of history and horizon.

Walks in: mid-year estimates by ward and a projection by borough, as known at the origin. Walks out: residents by ward
and month, and the population factor, which is exposure relative to the origin.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel

ESTIMATE = "estimate"


def residents(panel: Panel, months: pd.DatetimeIndex) -> xr.DataArray | None:
    """Return residents of each ward in each month, (ward, month) persons; None where nothing is known at all.

    Mid-year estimates are joined by straight lines. After the last estimate a ward grows at the rate of its borough
    in the newest projection; without a projection, or past its end, it stays as it is.
    """
    estimates = panel.ward_population.query("variant == @ESTIMATE")
    if estimates.empty:
        return None
    by_year = estimates.pivot_table(index="ward_code", columns="year", values="persons")
    by_year = by_year.reindex(panel.areas["ward_code"])
    last_year = int(by_year.columns[-1])
    growth = _borough_growth(panel, last_year)
    if growth is not None:
        ahead = growth.reindex(panel.areas["borough_code"]).to_numpy() * by_year[[last_year]].to_numpy()
        by_year = pd.concat([by_year, pd.DataFrame(ahead, index=by_year.index, columns=growth.columns)], axis="columns")
    return _at_months(by_year, months)


def population_factor(panel: Panel, origin: pd.Timestamp, months: pd.DatetimeIndex) -> xr.DataArray:
    """Return residents relative to those of the origin month, (ward, month); 1 where no population is known.

    `panel` must be as known at the origin. A ward without residents (an airport, a station) keeps the factor 1.
    """
    wanted = months.union([origin])
    people = residents(panel, wanted)
    if people is None:
        ones = np.ones((len(panel.areas), len(months)))
        wards = panel.areas["ward_code"].to_numpy(object)
        return xr.DataArray(ones, dims=("ward", "month"), coords={"ward": wards, "month": months})
    base = people.sel(month=origin, drop=True)
    return (people.sel(month=months) / base.where(base > 0)).fillna(1.0).rename("population")


def _borough_growth(panel: Panel, last_year: int) -> pd.DataFrame | None:
    projection = panel.borough_population_by_age.query("variant != @ESTIMATE")
    if projection.empty:
        return None
    newest = projection[projection["known_from"] == projection["known_from"].max()]
    totals = newest.pivot_table(index="area_code", columns="year", values="persons", aggfunc="sum")
    if last_year not in totals.columns:
        return None
    later = [year for year in totals.columns if year > last_year]
    return totals[later].div(totals[last_year], axis="index")


def _at_months(by_year: pd.DataFrame, months: pd.DatetimeIndex) -> xr.DataArray:
    # Estimates are of 30 June, months are placed at their middle; outside the years given the ends are held.
    years = by_year.columns.to_numpy(dtype=float) + 0.5
    when = months.year.to_numpy() + (months.month.to_numpy() - 0.5) / 12
    right = np.clip(np.searchsorted(years, when), 1, max(len(years) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(years) - 1)
    span = np.where(right > left, years[right] - years[left], 1.0)
    weight = np.clip((when - years[left]) / span, 0.0, 1.0)
    values = by_year.to_numpy()
    return xr.DataArray(
        values[:, left] * (1 - weight) + values[:, right] * weight,
        dims=("ward", "month"),
        coords={"ward": by_year.index.to_numpy(object), "month": months},
        name="residents",
    )
