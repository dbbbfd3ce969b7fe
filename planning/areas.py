"""Areas of a plan: sums of what is known by borough, with offences of unknown ward, to BCUs and the force.

Walk in: values by area of the kept draws. Walk out: values by borough, BCU and force, that add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.draws.kept import KeptDraws


@dataclass(frozen=True, eq=False)
class PlanAreas:
    """Boroughs, BCUs and the force, all recorded offences of each, located or not.

    table : area_level, area_code, area_name. member : (area of the table, area of the kept draws) one or zero.
    borough_of_ward : place of each ward's borough among the kept draws' areas.
    """

    table: pd.DataFrame
    member: np.ndarray
    borough_of_ward: np.ndarray

    @classmethod
    def of(cls, kept: KeptDraws, areas: pd.DataFrame) -> PlanAreas:
        """Return the areas of kept draws; offences of no known borough are the force's alone."""
        codes = kept.by_month["area_code"].to_numpy()
        boroughs = areas.drop_duplicates("borough_code")
        bcu_of = dict(zip(boroughs["borough_code"], boroughs["bcu_code"], strict=True))
        rows, member = [], []
        for level in ("borough", "bcu", "force"):
            for code, name in areas[[f"{level}_code", f"{level}_name"]].drop_duplicates().itertuples(index=False):
                rows.append((level, code, name))
                inside = {"borough": codes == code, "bcu": np.array([bcu_of.get(one) == code for one in codes])}
                member.append(inside.get(level, np.ones(len(codes), dtype=bool)))
        located = [str(code) for code in codes[: len(boroughs)]]
        of_ward = np.array([located.index(code) for code in kept.by_year["borough_code"].to_numpy()])
        table = pd.DataFrame(rows, columns=["area_level", "area_code", "area_name"])
        return cls(table, np.array(member, dtype=float), of_ward)

    def sums(self, by_area: np.ndarray) -> np.ndarray:
        """Return values of every area of the table, (area, ...), from values by area of the kept draws."""
        return np.tensordot(self.member, by_area, axes=1)

    @property
    def force(self) -> int:
        """The place of the force."""
        return len(self.table) - 1
