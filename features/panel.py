"""The dense panel: every ward, crime type and month, with what else was known and since when.

Walks in: the canonical tables of a force. Walks out: a `Panel`, the only thing a model may see. `Panel.as_known_at`
is the one gate against leakage: every model passes through it before it looks at anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from features.breaks import load_breaks
from features.revisions import COLUMNS, newest_month_revisions
from sources.files.errors import InputError
from sources.tables.contracts import AGE_EVIDENCE, POPULATION_BY_AGE, POPULATION_BY_BAND, no_rows

if TYPE_CHECKING:
    from sources.tables.force_tables import ForceTables


@dataclass(frozen=True)
class Panel:
    """What is known of a force.

    offences : (ward, crime_type, month) int32, located offences; coordinates `borough` and `bcu` along ward,
        `major_type` along crime_type.
    unlocated : (area, crime_type, month) float, offences with no known ward by borough code, or by force code where
        no borough is known; missing where that was not published.
    areas, crime_types, breaks, ward_population, borough_population_by_age, ward_population_by_age,
    ward_population_by_band, age_evidence : tables, see `sources.tables.contracts`; the last three are empty where a
        force has no such file.
    revisions : month, difference; by how much the newest months of earlier editions were revised since.
    """

    offences: xr.DataArray
    unlocated: xr.DataArray
    areas: pd.DataFrame
    crime_types: pd.DataFrame
    breaks: pd.DataFrame
    ward_population: pd.DataFrame
    borough_population_by_age: pd.DataFrame
    ward_population_by_age: pd.DataFrame = field(default_factory=lambda: no_rows(POPULATION_BY_AGE))
    ward_population_by_band: pd.DataFrame = field(default_factory=lambda: no_rows(POPULATION_BY_BAND))
    age_evidence: pd.DataFrame = field(default_factory=lambda: no_rows(AGE_EVIDENCE))
    revisions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))

    @property
    def months(self) -> pd.DatetimeIndex:
        """The months of history, ascending and without gaps."""
        return pd.DatetimeIndex(self.offences["month"].to_index())

    @property
    def last_month(self) -> pd.Timestamp:
        """The newest month of history."""
        return self.months[-1]

    def as_known_at(self, origin: pd.Timestamp) -> Panel:
        """Return the panel as it was knowable at the end of the origin month.

        Raises
        ------
        InputError
            When the origin lies outside the history.
        """
        if origin not in self.months:
            raise InputError(
                f"The origin {origin:%Y-%m} is not a month of the history",
                value=f"{origin:%Y-%m}",
                remedy=f"Choose a month from {self.months[0]:%Y-%m} to {self.last_month:%Y-%m}.",
            )
        known = partial(_public_by, day=origin + pd.offsets.MonthEnd(0))
        return replace(
            self,
            offences=self.offences.sel(month=slice(None, origin)),
            unlocated=self.unlocated.sel(month=slice(None, origin)),
            breaks=_without_later_ends(known(self.breaks), origin),
            ward_population=known(self.ward_population),
            borough_population_by_age=known(self.borough_population_by_age),
            ward_population_by_age=known(self.ward_population_by_age),
            ward_population_by_band=known(self.ward_population_by_band),
            age_evidence=known(self.age_evidence),
            # Months of the past stand here as revised since: only the newest still has its revision before it.
            revisions=self.revisions if origin == self.last_month else self.revisions.iloc[:0],
        )


def _public_by(table: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the rows known by a day: a part of the table itself, not a copy, where those known first stand first."""
    public = table["known_from"].to_numpy() <= day.to_datetime64()
    count = int(public.sum())
    return table.iloc[:count] if public[:count].all() else table[public].reset_index(drop=True)


def _oldest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with what was known first before what was known later, else in its order."""
    return table.sort_values("known_from", kind="stable", ignore_index=True)


def _without_later_ends(breaks: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    # While a disruption lasts nobody knows when it will end.
    return breaks.assign(last_month=breaks["last_month"].where(breaks["last_month"] <= origin))


def build_panel(tables: ForceTables) -> Panel:
    """Return the dense panel of a force: absent rows of offences are zeros.

    Raises
    ------
    InputError
        When a month is missing from the history, or fewer than 25 months are given: a season needs two years
        and a forecast one month more.
    """
    areas = tables.areas.sort_values(["bcu_code", "borough_code", "ward_code"]).reset_index(drop=True)
    months = _months(tables.offences)
    located = _dense(tables.offences, "ward_code", areas["ward_code"], tables.crime_types["crime_type"], months)
    offences = xr.DataArray(
        located.astype(np.int32),
        dims=("ward", "crime_type", "month"),
        coords={
            "ward": areas["ward_code"].to_numpy(object),
            "crime_type": tables.crime_types["crime_type"].to_numpy(object),
            "month": months,
            "borough": ("ward", areas["borough_code"].to_numpy(object)),
            "bcu": ("ward", areas["bcu_code"].to_numpy(object)),
            "major_type": ("crime_type", tables.crime_types["major_type"].to_numpy(object)),
        },
        name="offences",
    )
    return Panel(
        offences=offences,
        unlocated=_unlocated(tables, areas, months),
        areas=areas,
        crime_types=tables.crime_types,
        breaks=load_breaks(force_code=tables.force.code),
        # So that a past origin takes no copy of them.
        ward_population=_oldest_first(tables.ward_population),
        borough_population_by_age=_oldest_first(tables.borough_population_by_age),
        ward_population_by_age=_oldest_first(tables.ward_population_by_age),
        ward_population_by_band=_oldest_first(tables.ward_population_by_band),
        age_evidence=_oldest_first(tables.age_evidence),
        revisions=newest_month_revisions(tables.overlaps, months[-1]),
    )


def _months(offences: pd.DataFrame) -> pd.DatetimeIndex:
    present = pd.DatetimeIndex(sorted(offences["month"].unique()))
    months = pd.date_range(present[0], present[-1], freq="MS", unit="us")
    missing = months.difference(present)
    if len(missing):
        raise InputError(
            "The history has no offences at all in a month between its first and its last",
            column=f"{missing[0]:%Y%m}",
            remedy="Add the edition that holds this month.",
        )
    if len(months) < 25:
        raise InputError(
            f"The history holds {len(months)} months, too few to learn a season from",
            remedy="Supply at least 25 months of offences.",
        )
    return months


def _dense(
    counts: pd.DataFrame, area: str, areas: pd.Series, crime_types: pd.Series, months: pd.DatetimeIndex
) -> np.ndarray:
    cube = np.zeros((len(areas), len(crime_types), len(months)), dtype=np.int64)
    place = pd.Index(areas).get_indexer(pd.Index(counts[area]))
    kind = pd.Index(crime_types).get_indexer(pd.Index(counts["crime_type"]))
    when = months.get_indexer(pd.Index(counts["month"]))
    np.add.at(cube, (place, kind, when), counts["count"].to_numpy())
    return cube


def _unlocated(tables: ForceTables, areas: pd.DataFrame, months: pd.DatetimeIndex) -> xr.DataArray:
    codes = pd.Series([*dict.fromkeys(areas["borough_code"]), tables.force.code])
    counts = tables.unlocated_offences
    counts = counts[counts["month"].isin(months)]
    cube = _dense(counts, "area_code", codes, tables.crime_types["crime_type"], months).astype(float)
    published = np.zeros((len(codes), len(months)), dtype=bool)
    area = pd.Index(codes).get_indexer(pd.Index(counts["area_code"]))
    published[area, months.get_indexer(pd.Index(counts["month"]))] = True
    return xr.DataArray(
        np.where(published[:, None, :], cube, np.nan),
        dims=("area", "crime_type", "month"),
        coords={
            "area": codes.to_numpy(object),
            "crime_type": tables.crime_types["crime_type"].to_numpy(object),
            "month": months,
            "major_type": ("crime_type", tables.crime_types["major_type"].to_numpy(object)),
        },
        name="unlocated",
    )
