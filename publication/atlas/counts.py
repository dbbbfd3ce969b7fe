"""Long tables turned into arrays with the areas and times of the atlas.

Walks in: rows of forecasts and of recorded offences. Walks out: arrays (..., area, time), NaN where nothing is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from models.forecast.vocabulary import ALL_RECORDED
from publication.atlas.places import LEVELS, UNLOCATED, Places
from publication.numbers.recorded import measure_told
from publication.release.contents import Contents

EDGES = ("q025", "q10", "q25", "q50", "q75", "q90", "q975")  # edges of the 50, 80 and 95 % intervals, the middle
FIGURES = ("mean", *EDGES)
YEAR = 12  # months
RECORDED_MONTHS = 10 * YEAR  # ten years show trend, seasons and the pandemic; all of it weighs half as much again

CrimeKey = tuple[str, str]  # crime_level, crime_type


def by_crime(table: pd.DataFrame, places: Places) -> dict[CrimeKey, pd.DataFrame]:
    """Return the rows of each crime type by level and type, with `area`, the row of `places`."""
    if table.empty:
        return {}
    table = table.assign(area=places.rows(table["area_level"], table["area_code"]))
    groups = table.groupby(["crime_level", "crime_type"], observed=True, sort=False)
    return {(str(level), str(kind)): rows for (level, kind), rows in groups}


def figures(rows: pd.DataFrame, places: Places, months: pd.DatetimeIndex, names: Sequence[str] = FIGURES) -> np.ndarray:
    """Return a forecast's numbers, (name, area, month), of rows of one crime type, scenario, age group and period."""
    filled = np.full((len(names), len(places), len(months)), np.nan)
    if len(rows):
        month = months.get_indexer(pd.DatetimeIndex(rows["month"]))
        filled[:, rows["area"].to_numpy(), month] = rows[list(names)].to_numpy(dtype=float).T
    return filled


class History:
    """Recorded offences of every area by minor type: a month's zeros are filled in, what is withheld is missing.

    months : those told, up to the origin.
    """

    def __init__(
        self,
        offences: pd.DataFrame,
        unlocated: pd.DataFrame,
        places: Places,
        minor_types: Sequence[str],
        origin: pd.Timestamp,
    ) -> None:
        oldest = origin - pd.DateOffset(months=RECORDED_MONTHS - 1)
        offences = offences[offences["month"].between(oldest, origin)]
        first = offences["month"].min() if len(offences) else origin
        unlocated = unlocated[unlocated["month"].between(first, origin)]
        self.months = pd.date_range(first, origin, freq="MS", unit="us")
        self._places = places
        self._lost = (places.table["level"] == UNLOCATED).to_numpy()
        self._minor = pd.Index(minor_types)
        self._counts = np.zeros((len(self._minor), len(places), len(self.months)))
        for table, level, column in ((offences, "ward", "ward_code"), (unlocated, UNLOCATED, "area_code")):
            area, month = places.rows(level, table[column]), self.months.get_indexer(pd.DatetimeIndex(table["month"]))
            counts = table["count"].to_numpy(dtype=float)
            np.add.at(self._counts, (self._minor.get_indexer(pd.Index(table["crime_type"])), area, month), counts)
            if level == UNLOCATED:
                published = np.zeros(self._counts.shape[1:], dtype=bool)
                published[area, month] = True
                self._counts[:, self._lost[:, None] & ~published] = np.nan
        self._protected: np.ndarray | None = None
        self._within = np.zeros((len(places), int(self._lost.sum())))
        self._whole = np.ones((len(places), len(self.months)), dtype=bool)

    def withhold(self, minor_types: Sequence[str], protected_counts: pd.DataFrame | None) -> None:
        """Take out types of which not every offence is told, and take their yearly counts instead.

        protected_counts : as in `Contents`; only the last twelve months are used, if they are a year of it.
        """
        self._counts[self._minor.isin(minor_types)] = np.nan
        self._protected = np.full(self._counts.shape[:2], np.nan)
        if protected_counts is None or len(self.months) < YEAR:
            return
        rows = protected_counts[protected_counts["month"] == self.months[-YEAR]]
        area = self._places.rows(rows["area_level"], rows["area_code"])
        self._protected[self._minor.get_indexer(pd.Index(rows["crime_type"])), area] = rows["count"].to_numpy(
            dtype=float, na_value=np.nan
        )

    def last_year(self, minor_types: Sequence[str]) -> np.ndarray:
        """Return offences of the types together in the last twelve months, (area); missing for a shorter history."""
        if len(self.months) < YEAR:
            return np.full(len(self._places), np.nan)
        told = [minor for minor in minor_types if not np.isnan(self._counts[self._minor.get_loc(minor), 0]).any()]
        total = np.where(self._whole[:, -YEAR:].all(axis=1), self.of(told)[:, -YEAR:].sum(axis=1), np.nan)
        if self._protected is not None and len(told) < len(minor_types):
            total = total + self._protected[self._minor.isin(set(minor_types) - set(told))].sum(axis=0)
        return total

    def of(self, minor_types: Sequence[str]) -> np.ndarray:
        """Return offences of the types together, (area, month).

        Levels that tell all recorded offences count those with no known ward in the months that were published.
        """
        counts = self._counts[self._minor.isin(minor_types)].sum(axis=0)
        located = self._places.summed_up(counts[: self._places.count("ward")].T).T
        lost = np.nan_to_num(counts[self._lost])
        return np.where(self._lost[:, None], counts, located + self._within @ lost)

    def count_all_recorded(self, levels: Collection[str]) -> None:
        """Let levels count offences with no known ward: (area, unlocated area), whether one lies in the other."""
        self._within = self._places.homes_of_unlocated(levels)
        published = np.isfinite(self._counts[:, self._lost]).any(axis=0)
        whole = (self._within @ published) == self._within.sum(axis=1, keepdims=True)
        self._whole = whole | (self._places.table["level"] == "force").to_numpy()[:, None]

    @property
    def whole_from(self) -> np.ndarray:
        """For each area the first month, by place among the months, from which all that it counts was published."""
        incomplete = ~self._whole
        last = incomplete.shape[1] - 1 - np.argmax(incomplete[:, ::-1], axis=1)
        return np.where(incomplete.any(axis=1), last + 1, 0)


def recorded_history(contents: Contents, places: Places) -> History:
    """Return the history that the contents tell."""
    minor_types = contents.crime.crime_types["crime_type"].tolist()
    history = History(
        contents.recorded.offences, contents.recorded.unlocated_offences, places, minor_types, contents.facts.origin
    )
    history.withhold(contents.crime.withheld_counts, contents.recorded.protected_counts)
    history.count_all_recorded([level for level in LEVELS[1:] if measure_told(contents.ahead, level) == ALL_RECORDED])
    return history
