"""Suppression of ages that come from a record-level extract.

Walks in: the forecast by age group, whose groups add up to the row of all ages. Walks out: the same with less of it:
by year only, for fewer crime types in wards, and without the smallest age groups.

The age groups are put in one order, from the smallest. Of each crime type at each level of areas the first k groups are
suppressed in every area and year, k being 0 or at least 2. With orders the same and k never smaller for finer areas and
finer types than for coarser ones, whatever is suppressed can be moved: some from one group to another, back in a second
type of the same total (or a second area), with no total that is told any different. So nothing suppressed follows from
what is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from models.forecast.vocabulary import QUANTILES
from publication.disclosure.count_suppression import SUPPRESSED
from publication.disclosure.rules import Rules, open_places

LEVELS = ("ward", "borough", "bcu", "force")
CRIME = ["crime_level", "crime_type"]

Kind = tuple[str, str]


@dataclass
class _Level:
    """Expected offences by crime type, (area and year, group), and how many of the first groups are suppressed."""

    cells: dict[Kind, np.ndarray]
    first: dict[Kind, int]

    def raise_to(self, kind: Kind, k: int) -> bool:
        """Suppress at least k groups of a type; return whether that is more than before."""
        if k <= self.first[kind]:
            return False
        self.first[kind] = k
        return True


def suppressed_ages(
    by_age: pd.DataFrame, areas: pd.DataFrame, parents: Mapping[Kind, Kind | None], rules: Rules
) -> pd.DataFrame:
    """Return the forecast by age as it may be told, with a column `marker`.

    parents : of each crime type to tell of, (crime_level, crime_type), the sum that it is part of; other types are left
        out, and so are those of which no group can be told. Suppressed rows have no mean and no quantiles.
    """
    known = pd.MultiIndex.from_frame(by_age[CRIME]).isin([*parents])
    places = pd.MultiIndex.from_frame(by_age[["area_level", "area_code"]])
    fine = np.zeros(len(by_age), dtype=bool)
    for crime_level, finest in rules.ages.finest_open_level.items():
        if finest != "ward":
            telling = places.isin([*open_places(areas, finest, rules.types.fewest_wards)])
            fine |= (by_age["crime_level"] == crime_level).to_numpy() & ~telling
    told = by_age[known & ~fine & (by_age["period"] == "year")]
    told = told.astype(dict.fromkeys([*CRIME, "age_basis", "age_group", "area_level", "area_code", "scenario"], "str"))
    parts, smallest = [], rules.ages.smallest
    for _, rows in told.groupby("age_basis", sort=False):
        groups = _from_the_smallest(rows)
        levels = {str(level): _measured(part, groups, smallest) for level, part in rows.groupby("area_level")}
        _complement(levels, parents, areas, smallest)
        parts.append(_marked(rows, groups, levels))
    return pd.concat(parts, ignore_index=True) if parts else by_age.iloc[:0].assign(marker="")


def _from_the_smallest(rows: pd.DataFrame) -> pd.Index:
    return rows.groupby("age_group")["mean"].sum().sort_values(kind="stable").index


def _measured(rows: pd.DataFrame, groups: pd.Index, smallest: float) -> _Level:
    """Return a level of areas before complementary suppression; a missing number passes for none, which is small."""
    cell = rows.groupby(["area_code", "scenario", "month"], sort=False).ngroup().to_numpy()
    place = pd.Series(range(len(groups)), index=groups)[rows["age_group"]].to_numpy()
    mean = rows["mean"].to_numpy(dtype=float)
    cells: dict[Kind, np.ndarray] = {}
    kinds = pd.MultiIndex.from_frame(rows[CRIME])
    for kind in kinds.unique():
        chosen = np.flatnonzero(kinds == kind)
        table = np.zeros((cell.max() + 1, len(groups)))
        table[cell[chosen], place[chosen]] = mean[chosen]
        cells[kind] = table
    return _Level(cells, {kind: _first(table, smallest) for kind, table in cells.items()})


def _first(cells: np.ndarray, smallest: float) -> int:
    """Return how many of the first groups to suppress, so that no small number is told, nor a small sum of numbers."""
    small = np.flatnonzero(cells.min(axis=0) < smallest)
    if not len(small):
        return 0
    k = max(int(small[-1]) + 1, 2)
    while k < cells.shape[1] and cells[:, :k].sum(axis=1).min() < smallest:
        k += 1
    return min(k, cells.shape[1])


def _complement(
    levels: dict[str, _Level], parents: Mapping[Kind, Kind | None], areas: pd.DataFrame, smallest: float
) -> None:
    """Raise what is suppressed until nothing of it follows from sums of crime types or of areas."""
    nested = [level for level in LEVELS if level in levels]
    changed = True
    while changed:
        changed = False
        for level in levels.values():
            for parent in {one for one in parents.values() if one in level.first}:
                children = [kind for kind in level.first if parents[kind] == parent]
                changed |= _within_sum(level, parent, children, smallest)
        for low, high in pairwise(nested):
            alone = areas.groupby(f"{high}_code")[f"{low}_code"].nunique().min() < 2
            for kind in levels[low].first.keys() & levels[high].first.keys():
                changed |= levels[low].raise_to(kind, levels[high].first[kind])
                if alone:  # such an area is the same as the one within it
                    changed |= levels[high].raise_to(kind, levels[low].first[kind])


def _within_sum(level: _Level, parent: Kind, children: list[Kind], smallest: float) -> bool:
    """Suppress a group that the parent tells of in no child, or in at least two with `smallest` offences or more."""
    changed = False
    for child in children:
        changed |= level.raise_to(child, level.first[parent])
    for group in range(level.first[parent], level.cells[parent].shape[1]):
        hidden = [child for child in children if level.first[child] > group]
        rest = [child for child in children if level.first[child] <= group]
        rest.sort(key=lambda child: (-level.first[child], level.cells[child].sum()))
        while hidden and rest and not _safe(level, hidden, group, smallest):
            changed |= level.raise_to(rest[0], max(group + 1, 2))
            hidden.append(rest.pop(0))
        if len(hidden) == 1:  # the only child is the same as its parent
            changed |= level.raise_to(parent, max(group + 1, 2))
    return changed


def _safe(level: _Level, hidden: list[Kind], group: int, smallest: float) -> bool:
    together = np.sum([level.cells[child][:, group] for child in hidden], axis=0)
    return len(hidden) >= 2 and bool(together.min() >= smallest)


def _marked(rows: pd.DataFrame, groups: pd.Index, levels: dict[str, _Level]) -> pd.DataFrame:
    """Return the rows without the numbers of suppressed groups, and without types of which every group is."""
    names = ["area_level", *CRIME]
    number = rows.groupby(names, sort=False).ngroup().to_numpy()
    kinds = rows[names].drop_duplicates().itertuples(index=False)  # in the order of their numbers
    first = np.array([levels[level].first[(of, name)] for level, of, name in kinds])
    told = first[number] < len(groups)
    place = pd.Series(range(len(groups)), index=groups)
    hidden = rows["age_group"].map(place).to_numpy() < first[number]
    numbers: dict[str, pd.Series] = {name: rows[name].astype("Int32").mask(hidden) for name in QUANTILES}
    numbers["mean"] = rows["mean"].astype(float).mask(hidden)
    return rows.assign(marker=np.where(hidden, SUPPRESSED, ""), **numbers)[told]
