"""The columns of one crime type: what its data file holds.

Walks in: the rows of the type in each table of the contents. Walks out: columns by the names that
`page/source/data/crime_data.ts` asks for. Axes: as in `Axes`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from publication.atlas.columns import Column
from publication.atlas.counts import YEAR, figures
from publication.atlas.places import UNLOCATED, Places
from publication.release.contents import Contents

HUNDREDTHS, TWENTIETHS, TENTHS = 100, 20, 10  # divisors of means
EIGHTY = ("q10", "q50", "q90")


@dataclass(frozen=True, eq=False)
class Axes:
    """What the axes of columns stand for.

    years, months : first months of the forecast's years, and its months. last_year : the months up to the origin, which
    were forecast a year before. scenarios : those with a forecast, the first having months too.
    """

    places: Places
    scenarios: tuple[str, ...]
    years: pd.DatetimeIndex
    months: pd.DatetimeIndex
    last_year: pd.DatetimeIndex

    @classmethod
    def of(cls, contents: Contents) -> Axes:
        """Return the axes of the contents; the forecast may be shorter than a year, or have no months."""
        forecast, origin = contents.ahead.forecast, contents.facts.origin
        lost = forecast.loc[forecast["area_level"] == UNLOCATED, "area_code"].astype(str)
        places = Places.of(
            contents.geography.areas, {*lost, *contents.recorded.unlocated_offences["area_code"].astype(str)}
        )
        present = set(forecast["scenario"].astype(str))
        scenarios = tuple(name for name in contents.facts.scenarios if name in present)
        years, months = (
            pd.DatetimeIndex(sorted(forecast.loc[forecast["period"] == period, "month"].unique()))
            for period in ("year", "month")
        )
        last_year = pd.date_range(end=origin, periods=YEAR, freq="MS", unit="us")
        return cls(places, scenarios, years, months, last_year)


def forecast_columns(rows: pd.DataFrame, axes: Axes) -> list[Column]:
    """Return a crime type's expectation and quantiles: by year for each scenario, by month for the first.

    Scenarios but the first have the 80 % interval and the middle only, for the page's weight.
    """
    first = rows[rows["scenario"] == axes.scenarios[0]]
    columns = _mean_and_quantiles(
        f"year.{axes.scenarios[0]}", figures(first[first["period"] == "year"], axes.places, axes.years), HUNDREDTHS
    )
    monthly = figures(first[first["period"] == "month"], axes.places, axes.months)
    columns += _mean_and_quantiles("month", monthly, TWENTIETHS, season=YEAR)
    for scenario in axes.scenarios[1:]:
        chosen = rows[(rows["scenario"] == scenario) & (rows["period"] == "year")]
        values = figures(chosen, axes.places, axes.years, ("mean", *EIGHTY))
        columns += _mean_and_quantiles(f"year.{scenario}", values, TENTHS)
    return columns


def last_year_columns(rows: pd.DataFrame | None, axes: Axes) -> list[Column]:
    """Return what was expected of the last twelve months a year before, by year and month; nothing if it was not."""
    if rows is None:
        return []
    names = ("mean", *EIGHTY)
    year = figures(
        rows[(rows["period"] == "year") & rows["month"].isin(axes.last_year[:1])],
        axes.places,
        axes.last_year[:1],
        names,
    )
    monthly = rows[(rows["period"] == "month") & rows["month"].isin(axes.last_year)]
    month = figures(monthly, axes.places, axes.last_year, names)
    return [
        *_mean_and_quantiles("last_year.year", year, TENTHS),
        *_mean_and_quantiles("last_year.month", month, TENTHS),
    ]


def difference_columns(rows: pd.DataFrame | None, axes: Axes) -> list[Column]:
    """Return by how much the years of each further scenario differ from the first scenario's."""
    if rows is None:
        return []
    columns = []
    for scenario in axes.scenarios[1:]:
        chosen = rows[(rows["scenario"] == scenario) & (rows["period"] == "year")]
        values = figures(chosen, axes.places, axes.years, ("mean", *EIGHTY))
        columns += _mean_and_quantiles(f"difference.{scenario}", values, TENTHS)
    return columns


def driver_columns(rows: pd.DataFrame | None, axes: Axes, steps: list[str]) -> list[Column]:
    """Return the steps of each year from the last recorded one, (step, area, year)."""
    if rows is None:
        return []
    values = [figures(rows[rows["step"] == step], axes.places, axes.years, ("offences",))[0] for step in steps]
    return [Column("drivers", np.array(values), TENTHS)]


def age_columns(rows: pd.DataFrame, axes: Axes, groups: pd.MultiIndex) -> list[Column]:
    """Return expectation and 80 % interval by year, (basis and group, area, year), of the first scenario."""
    filled = np.full((1 + len(EIGHTY), len(groups), len(axes.places), len(axes.years)), np.nan)
    group = groups.get_indexer(pd.MultiIndex.from_frame(rows[["age_basis", "age_group"]].astype(str)))
    year = axes.years.get_indexer(pd.DatetimeIndex(rows["month"]))
    filled[:, group, rows["area"].to_numpy(), year] = rows[["mean", *EIGHTY]].to_numpy(dtype=float).T
    return _mean_and_quantiles("age", filled, TENTHS)


def _mean_and_quantiles(name: str, values: np.ndarray, divisor: int, season: int = 0) -> list[Column]:
    """values : (figure, ...), the mean first, then quantiles from the lowest."""
    return [
        Column(f"{name}.mean", values[0], divisor, season=season),
        Column(f"{name}.quantiles", values[1:], rungs=True),
    ]
