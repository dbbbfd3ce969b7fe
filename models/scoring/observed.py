"""What was observed, at every area level and crime level: the other side of every score.

Walk in: the canonical tables of offences, areas and crime types. Walks out: `Observed`, which gives the
counts of one area level and crime level as an array (area, crime_type, month).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.area_counts import sum_groups
from models.draws.summary import MONTHS_A_YEAR
from models.forecast.hierarchy import AreaTree
from models.forecast.same_definition import same_definition
from models.forecast.vocabulary import CRIME_LEVELS, UNLOCATED
from sources.files.errors import InputError


@dataclass(frozen=True)
class CrimeTree:
    """Which minor crime type belongs to which major type.

    `table`: crime_level, crime_type, one row a type: minor types in the order of the `crime_types` table,
    then major types, then `all`; `major_of_minor` are positions among the major types.
    """

    table: pd.DataFrame
    major_of_minor: np.ndarray

    @classmethod
    def of(cls, crime_types: pd.DataFrame) -> CrimeTree:
        """Return the tree of a `crime_types` table."""
        major_of_minor, majors = pd.factorize(crime_types["major_type"])
        levels = np.repeat(CRIME_LEVELS, [len(crime_types), len(majors), 1])
        names = [*crime_types["crime_type"], *majors, "all"]
        return cls(pd.DataFrame({"crime_level": levels, "crime_type": names}), major_of_minor)

    def sum_up(self, by_minor: np.ndarray) -> np.ndarray:
        """Return sums for every crime type, (area, crime_type, ...), from minor types in the same place."""
        major = sum_groups(by_minor.swapaxes(0, 1), self.major_of_minor).swapaxes(0, 1)
        every = by_minor.sum(axis=1, keepdims=True, dtype=by_minor.dtype)
        return np.concatenate([by_minor, major, every], axis=1)


@dataclass(frozen=True)
class Observed:
    """Offences of every area and crime type, month by month without gaps up to the newest.

    located : (area, crime_type, month) in the order of the two trees' tables.
    unlocated : the same by area of `unlocated_areas` (boroughs, then the force); missing where the publisher
        gave nothing for that area and month.
    """

    areas: AreaTree
    crimes: CrimeTree
    months: pd.DatetimeIndex
    located: np.ndarray
    unlocated_areas: pd.Index
    unlocated: np.ndarray

    @classmethod
    def of(
        cls,
        offences: pd.DataFrame,
        areas: pd.DataFrame,
        crime_types: pd.DataFrame,
        unlocated_offences: pd.DataFrame | None = None,
    ) -> Observed:
        """Return what the canonical tables say; their contracts are in `sources.tables.contracts`.

        Absent rows of `offences` are zeros; without `unlocated_offences` unlocated counts are missing.

        Raises
        ------
        InputError
            When there are no offences, or a row names a ward, area or crime type that the other tables lack.
        """
        if offences.empty:
            raise InputError(
                "There are no offences to score against", remedy="Supply the recorded offences of the force."
            )
        area_tree, crime_tree = AreaTree.of(areas), CrimeTree.of(crime_types)
        months = pd.date_range(offences["month"].min(), offences["month"].max(), freq="MS", unit="us")
        minors = pd.Index(crime_types["crime_type"])
        located = _dense(offences, "ward_code", pd.Index(areas["ward_code"]), minors, months)
        upper = area_tree.table["area_level"].isin(["borough", "force"])
        places = pd.Index(area_tree.table.loc[upper, "area_code"])
        unlocated = np.full((len(places), len(minors), len(months)), np.nan)
        if unlocated_offences is not None:
            rows = unlocated_offences[unlocated_offences["month"].isin(months)]
            counts = _dense(rows, "area_code", places, minors, months)
            published = np.zeros((len(places), 1, len(months)), dtype=bool)
            place, month = positions(rows["area_code"], places), months.get_indexer(pd.Index(rows["month"]))
            published[place, 0, month] = True
            unlocated = np.where(published, counts, np.nan)
        return cls(
            areas=area_tree,
            crimes=crime_tree,
            months=months,
            located=crime_tree.sum_up(area_tree.sum_up(located)),
            unlocated_areas=places,
            unlocated=crime_tree.sum_up(unlocated),
        )

    def as_defined_at(self, origin: pd.Timestamp) -> Observed:
        """Return it without the unlocated counts of another kind than at the origin, see `same_definition`."""
        published = np.isfinite(self.unlocated).all(axis=1)
        alike = same_definition(published, int(self.months.searchsorted(origin)))
        return replace(self, unlocated=np.where(alike[:, None, :], self.unlocated, np.nan))

    def area_codes(self, area_level: str) -> pd.Index:
        """Return the codes of a level's areas, in the order of its counts."""
        if area_level == UNLOCATED:
            return self.unlocated_areas
        return pd.Index(self.areas.table["area_code"][_rows(self.areas.table["area_level"], area_level)])

    def crime_types(self, crime_level: str) -> pd.Index:
        """Return the crime types of a level, in the order of its counts."""
        return pd.Index(self.crimes.table["crime_type"][_rows(self.crimes.table["crime_level"], crime_level)])

    def at(self, area_level: str, crime_level: str) -> np.ndarray:
        """Return the counts of one area level and crime level, (area, crime_type, month)."""
        if area_level == UNLOCATED:
            return self.unlocated[:, _rows(self.crimes.table["crime_level"], crime_level)]
        return self.part(self.located, area_level, crime_level)

    def part(self, values: np.ndarray, area_level: str, crime_level: str) -> np.ndarray:
        """Return one level's part of values laid out as `located`, (area, crime_type, ...)."""
        areas = _rows(self.areas.table["area_level"], area_level)
        return values[areas, _rows(self.crimes.table["crime_level"], crime_level)]


def _rows(levels: pd.Series, level: str) -> slice:
    """Return where a level's rows stand, one after another, in the table of a tree."""
    rows = np.flatnonzero(levels == level)
    return slice(rows[0], rows[-1] + 1)


def sums_by_year(monthly: np.ndarray) -> np.ndarray:
    """Return sums of each whole twelve months, (..., year) from (..., month)."""
    years = monthly.shape[-1] // MONTHS_A_YEAR
    whole = monthly[..., : years * MONTHS_A_YEAR]
    return whole.reshape(*monthly.shape[:-1], years, MONTHS_A_YEAR).sum(axis=-1)


def _dense(counts: pd.DataFrame, area: str, places: pd.Index, minors: pd.Index, months: pd.DatetimeIndex) -> np.ndarray:
    place, kind = positions(counts[area], places), positions(counts["crime_type"], minors)
    for column, found in ((area, place), ("crime_type", kind)):
        if (found < 0).any():
            row = int(np.argmax(found < 0))
            raise InputError(
                f"The offences name a {column} that the force's tables do not hold",
                row=str(counts.index[row]),
                column=column,
                value=counts[column].iloc[row],
                remedy="Supply the offences, areas and crime types of the same force.",
            )
    shape = (len(places), len(minors), len(months))
    cell = np.ravel_multi_index((place, kind, months.get_indexer(pd.Index(counts["month"]))), shape)
    return np.bincount(cell, weights=counts["count"], minlength=int(np.prod(shape))).reshape(shape)


def positions(column: pd.Series, index: pd.Index) -> np.ndarray:
    """Return the position of each value of a column in an index, -1 where it is not there."""
    kinds = column.astype("category").cat
    # The last entry answers missing values, whose code is -1.
    found = np.append(index.get_indexer(kinds.categories), -1)
    return found[kinds.codes.to_numpy()]
