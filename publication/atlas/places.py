"""The areas of the atlas, in the order in which every column has them.

Walks in: the table of areas, and codes of areas that have offences with no known ward. Walks out: `Places`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from publication.release.manifest import ReleaseError

LEVELS = ("ward", "borough", "bcu", "force")
UNLOCATED = "unlocated"


def base_area(areas: pd.DataFrame) -> str:
    """Return what the smallest areas are: `LSOA` where all have codes of LSOAs, else `ward`."""
    return "LSOA" if areas["ward_code"].str.match("[EW]01").all() else "ward"


@dataclass(frozen=True, eq=False)
class Places:
    """Every area once: wards by BCU, borough and name, then boroughs, BCUs, the force, and areas of unlocated offences.

    table : level, code, name, and borough and bcu: the rows of the areas it lies in, -1 for none.
    """

    table: pd.DataFrame

    @classmethod
    def of(cls, areas: pd.DataFrame, unlocated_codes: Iterable[str]) -> Places:
        """Return the areas in order; codes of unlocated offences are those of boroughs or of the force."""
        ordered = areas.sort_values(["bcu_name", "borough_name", "ward_name", "ward_code"])
        parts = [
            ordered.drop_duplicates(f"{level}_code").assign(
                level=level, code=ordered[f"{level}_code"], name=ordered[f"{level}_name"]
            )
            for level in LEVELS
        ]
        names = pd.concat(parts[1:]).drop_duplicates("code").set_index("code")["name"]
        lost = pd.DataFrame({"level": UNLOCATED, "code": sorted(set(unlocated_codes))}, dtype=object)
        table = pd.concat([*parts, lost.assign(name=lost["code"].map(names))], ignore_index=True)
        table["name"] = table["name"].fillna(table["code"])
        row = {key: place for place, key in enumerate(zip(table["level"], table["code"], strict=True))}
        for parent, children in (("borough", ("ward",)), ("bcu", ("ward", "borough"))):
            codes = zip(table["level"], table[f"{parent}_code"], strict=True)
            table[parent] = [row[parent, code] if level in children else -1 for level, code in codes]
        return cls(table[["level", "code", "name", "borough", "bcu"]])

    def __len__(self) -> int:
        return len(self.table)

    def count(self, level: str) -> int:
        """Return how many areas there are of a level."""
        return int((self.table["level"] == level).sum())

    def rows(self, level: pd.Series | str, code: pd.Series) -> np.ndarray:
        """Return the row of each area named by level and code; `ReleaseError` for one that is not there."""
        levels = pd.Series(level, index=code.index) if isinstance(level, str) else level
        level_of, level_names = pd.factorize(levels)
        code_of, code_names = pd.factorize(code)
        pairs, where = np.unique(level_of.astype(np.int64) * len(code_names) + code_of, return_inverse=True)
        named = [level_names.take(pairs // len(code_names)), code_names.take(pairs % len(code_names))]
        index = pd.MultiIndex.from_frame(self.table[["level", "code"]].astype(object))
        found = index.get_indexer(pd.MultiIndex.from_arrays([pd.Index(one).astype(object) for one in named]))
        if (found < 0).any():
            stranger = " ".join(str(one[int(np.argmin(found))]) for one in named)
            raise ReleaseError(
                f"The atlas cannot be written: figures name an area that is not in the table of areas ({stranger})",
                remedy="This is a fault of the program, not of the disk: report it with the run id.",
            )
        return found[where]

    def homes_of_unlocated(self, levels: Collection[str]) -> np.ndarray:
        """Return (area, unlocated area), 1 where an area of one of the levels holds the offences of the other, else 0.

        Codes of unlocated offences are those of boroughs, or of the force, which holds them all.
        """
        table = self.table
        lost = table.loc[table["level"] == UNLOCATED, "code"].tolist()
        boroughs = table[table["level"] == "borough"]
        row = dict(zip(boroughs["code"], boroughs.index, strict=True))
        within = np.zeros((len(table), len(lost)))
        for column, code in enumerate(lost):
            home = row.get(code)
            parents = [] if home is None else [home, int(table["bcu"][home])]
            for place in (*parents, int(np.flatnonzero(table["level"] == "force")[0])):
                within[place, column] = table["level"][place] in levels
        return within

    def summed_up(self, wards: np.ndarray) -> np.ndarray:
        """Return figures of every area, (..., area), from figures of wards that add up, (..., ward).

        A total is missing where a part is; areas of unlocated offences are missing.
        """
        count = self.count("ward")
        total = np.full((*wards.shape[:-1], len(self)), np.nan)
        total[..., :count] = wards
        for level in ("borough", "bcu", "force"):
            rows = np.flatnonzero(self.table["level"] == level)
            parents = self.table[level].to_numpy()[:count] if level != "force" else np.full(count, rows[0])
            within = (parents[:, None] == rows).astype(float)
            total[..., rows] = np.nan_to_num(wards) @ within
            total[..., rows] = np.where(np.isnan(wards).astype(float) @ within > 0, np.nan, total[..., rows])
        return total
