"""Sums up the trees: wards to boroughs, BCUs and the force; minor crime types to major types and to all.

Walks in: values by ward. Walks out: the same values for every area, wards first, then boroughs, BCUs and the force.
Sums of draws are draws of sums, so whatever is summarised after this adds up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.area_counts import borough_of_ward, sum_groups
from models.forecast.vocabulary import LEVELS


@dataclass(frozen=True)
class AreaTree:
    """Which ward lies in which borough and BCU.

    `table`: area_level, area_code, area_name, one row an area in the order of `sum_up`; `borough_of_ward` and
    `bcu_of_ward` are positions among the boroughs and the BCUs.
    """

    table: pd.DataFrame
    borough_of_ward: np.ndarray
    bcu_of_ward: np.ndarray

    @classmethod
    def of(cls, areas: pd.DataFrame) -> AreaTree:
        """Return the tree of an `areas` table, wards in the table's order."""
        boroughs = areas[["borough_code", "borough_name"]].drop_duplicates("borough_code")
        bcus = areas[["bcu_code", "bcu_name"]].drop_duplicates("bcu_code")
        force = areas[["force_code", "force_name"]].drop_duplicates("force_code")
        rows = [
            pd.DataFrame({"area_level": level, "area_code": part.iloc[:, 0], "area_name": part.iloc[:, 1]})
            for level, part in zip(LEVELS, (areas[["ward_code", "ward_name"]], boroughs, bcus, force), strict=True)
        ]
        return cls(
            table=pd.concat(rows, ignore_index=True),
            borough_of_ward=borough_of_ward(areas),
            bcu_of_ward=pd.Index(bcus["bcu_code"]).get_indexer(areas["bcu_code"]),
        )

    @property
    def wards(self) -> int:
        """The number of wards."""
        return len(self.borough_of_ward)

    @property
    def boroughs(self) -> int:
        """The number of boroughs."""
        return int(self.borough_of_ward.max()) + 1

    def places(self, unlocated: np.ndarray) -> pd.DataFrame:
        """Return the table with the areas of offences with no known ward below it, by borough or force code."""
        names = self.table[self.table["area_level"] != "ward"].drop_duplicates("area_code")
        named = names.set_index("area_code")["area_name"].reindex(unlocated).to_numpy()
        below = pd.DataFrame({"area_level": "unlocated", "area_code": unlocated, "area_name": named})
        return pd.concat([self.table, below], ignore_index=True)

    def sum_up(self, by_ward: np.ndarray) -> np.ndarray:
        """Return sums for every area, (area, ...), from values by ward, (ward, ...)."""
        return np.concatenate([by_ward, self.sum_up_boroughs(sum_groups(by_ward, self.borough_of_ward))])

    def sum_up_boroughs(self, by_borough: np.ndarray) -> np.ndarray:
        """Return sums for boroughs, BCUs and the force, (area, ...), from values by borough, (borough, ...)."""
        _, first_ward = np.unique(self.borough_of_ward, return_index=True)
        return np.concatenate(
            [
                by_borough,
                sum_groups(by_borough, self.bcu_of_ward[first_ward]),
                by_borough.sum(axis=0, dtype=by_borough.dtype, keepdims=True),
            ]
        )
