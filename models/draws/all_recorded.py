"""All recorded offences: located and unlocated ones in the same draws, for boroughs and above.

Walks in: figures by ward and unlocated area. Walks out: their sums by borough, BCU and force. A borough's sum is told
only where every borough has unlocated offences of its own: else those without a borough would be missing from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.forecast.hierarchy import AreaTree, sum_groups
from models.forecast.vocabulary import ALL_RECORDED


@dataclass(frozen=True, eq=False)
class AllRecorded:
    """Sums of located and unlocated offences.

    `tree`: the areas. `unlocated`: codes of the areas of offences with no known ward, boroughs or the force.
    """

    tree: AreaTree
    unlocated: np.ndarray

    @property
    def boroughs_told(self) -> bool:
        """Whether boroughs and BCUs have a sum: where every borough has unlocated offences of its own, or none has."""
        return set(self._borough_codes) <= set(self.unlocated) or not len(self.unlocated)

    @property
    def areas(self) -> range:
        """Which of the tree's areas are told."""
        last = len(self.tree.table)
        return range(self.tree.wards if self.boroughs_told else last - 1, last)

    def sums(self, base: np.ndarray) -> np.ndarray:
        """Return sums of `areas`, (area, ...), from values by ward and then unlocated area, (place, ...)."""
        wards = self.tree.wards
        if not self.boroughs_told:
            return base.sum(axis=0, dtype=base.dtype, keepdims=True)
        located, lost = sum_groups(base[:wards], self.tree.borough_of_ward), base[wards:]
        place = self._borough_codes.get_indexer(pd.Index(self.unlocated))
        in_borough = place >= 0
        np.add.at(located, place[in_borough], lost[in_borough])
        every = self.tree.sum_up_boroughs(located)
        every[-1] += lost[~in_borough].sum(axis=0, dtype=base.dtype)
        return every

    @property
    def _borough_codes(self) -> pd.Index:
        table = self.tree.table
        return pd.Index(table.loc[table["area_level"] == "borough", "area_code"])


def parts_that_add_up(forecast: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a `forecast` table of located and of unlocated offences, not those of all recorded ones.

    A table without a column `measure`, as others may supply, has none of the latter.
    """
    return forecast[forecast["measure"] != ALL_RECORDED] if "measure" in forecast else forecast


def all_recorded(forecast: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a `forecast` table of all recorded offences, located or not."""
    return forecast[forecast["measure"] == ALL_RECORDED] if "measure" in forecast else forecast.iloc[:0]
