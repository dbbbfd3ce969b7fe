"""Which areas touch, and which of those may share a command.

Walks in: polygons of areas, barriers and bridges between them. Walks out: the neighbours of each area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely

from sources.files.errors import InputError

SHORTEST_BORDER = 100.0  # metres; a shorter one joins nobody: no road need cross it

BORDERS = pa.DataFrameSchema(
    {
        "one": pa.Column(str, coerce=True),
        "other": pa.Column(str, coerce=True),
        "metres": pa.Column("float64", pa.Check.ge(0), coerce=True),
    },
    unique=["one", "other"],
    strict=True,
    name="borders",
    description="Pairs of areas that touch, `one` before `other` in the order of their codes, and the length of their "
    "border. Areas that touch in a point have a border of 0 metres.",
)


@dataclass(frozen=True)
class AreaMap:
    """Areas and who neighbours whom, barriers and bridges heeded.

    `neighbours` holds, for each area, the places of its neighbours as the bits of an integer, as all sets of areas
    here. `parted` gives the barrier that lies between two neighbours otherwise, by their places, the lower first.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    neighbours: tuple[int, ...]
    parted: dict[tuple[int, int], str]

    def members(self, group: int) -> list[int]:
        """Return the places of a set's areas."""
        return [place for place in range(len(self.codes)) if group >> place & 1]

    def named(self, group: int) -> str:
        """Return the names of a set's areas, as a person reads them."""
        return " + ".join(self.names[place] for place in self.members(group))

    def place(self, name_or_code: str) -> int:
        """Return the place of an area by its code or its name, capitals aside.

        Raises
        ------
        InputError
            If there is none, or two have that name.
        """
        wanted = name_or_code.strip().casefold()
        found = [
            place
            for place, (code, name) in enumerate(zip(self.codes, self.names, strict=True))
            if wanted in (code.casefold(), name.casefold())
        ]
        if len(found) != 1:
            raise InputError(
                "Two areas have this name" if found else "There is no such area",
                value=name_or_code,
                remedy=f"Name one of: {', '.join(sorted(self.names))}; or give its code.",
            )
        return found[0]

    def group(self, names_or_codes: Sequence[str]) -> int:
        """Return a set of areas given by names or codes; raises as `place`."""
        return sum(1 << place for place in {self.place(each) for each in names_or_codes})

    def without(self, barrier: str) -> AreaMap:
        """Return the map as if that barrier were not there."""
        neighbours = list(self.neighbours)
        for one, other in (pair for pair, wall in self.parted.items() if wall == barrier):
            neighbours[one] |= 1 << other
            neighbours[other] |= 1 << one
        left = {pair: wall for pair, wall in self.parted.items() if wall != barrier}
        return replace(self, neighbours=tuple(neighbours), parted=left)


def shared_borders(polygons: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the areas that touch and the metres of their borders, contract `BORDERS`.

    polygons : code, geometry (WGS84), of areas that neither overlap nor leave gaps. Lengths are measured in the zone of
    the Universal Transverse Mercator grid in which the areas lie.
    """
    shapes = polygons.sort_values("code").reset_index(drop=True)
    shapes = shapes.to_crs(shapes.estimate_utm_crs())
    pairs = shapely.STRtree(shapes.geometry).query(shapes.geometry, predicate="intersects")
    one, other = pairs[:, pairs[0] < pairs[1]]
    geometry = shapes.geometry.to_numpy()
    metres = shapely.length(shapely.intersection(geometry[one], geometry[other]))
    codes = shapes["code"].to_numpy()
    table = pd.DataFrame({"one": codes[one], "other": codes[other], "metres": metres})
    return BORDERS.validate(table.sort_values(["one", "other"], ignore_index=True))


def area_map(
    names: pd.Series,
    polygons: gpd.GeoDataFrame,
    *,
    barriers: pd.DataFrame | None = None,
    bridges: pd.DataFrame | None = None,
    shortest: float = SHORTEST_BORDER,
) -> AreaMap:
    """Return the areas of a force with the neighbours that they may share a command with.

    names : name by code. polygons : code, geometry; areas that are not in `names` are left out, and join nobody.
    barriers, bridges : one, other (codes), name; a bridge joins areas that do not touch. shortest : metres.

    Raises
    ------
    InputError
        If an area has no polygon, or a pair is both a barrier and a bridge.
    """
    codes = tuple(str(code) for code in names.index)
    if len(codes) < 2:
        return AreaMap(codes, tuple(names), (0,) * len(codes), {})
    place = {code: at for at, code in enumerate(codes)}
    lacking = [code for code in codes if code not in set(polygons["code"])]
    if lacking:
        raise InputError(
            f"{len(lacking)} areas have no polygon, so who their neighbours are is unknown: "
            + ", ".join(f"{names[code]} ({code})" for code in lacking[:5]),
            remedy="Supply boundaries of the same vintage as the areas.",
        )
    borders = shared_borders(polygons[polygons["code"].isin(codes)])
    touching = borders.loc[borders["metres"] >= shortest, ["one", "other"]].assign(name="")
    walls = _pairs(barriers, place)
    joined = _pairs(bridges, place)
    both = sorted(set(walls) & set(joined))
    if both:
        one, other = (names.iloc[at] for at in both[0])
        raise InputError(
            f"{one} and {other} are parted by the barrier '{walls[both[0]]}' and joined by the bridge "
            f"'{joined[both[0]]}'",
            remedy="Keep one of the two.",
        )
    pairs = set(_pairs(touching, place)) | set(joined)
    neighbours = np.zeros(len(codes), dtype=object)
    for one, other in pairs - set(walls):
        neighbours[one] |= 1 << other
        neighbours[other] |= 1 << one
    return AreaMap(codes, tuple(names), tuple(neighbours), {pair: walls[pair] for pair in pairs & set(walls)})


def is_connected(neighbours: Sequence[int], group: int) -> bool:
    """Return whether every area of a set can be reached from every other within it."""
    return group != 0 and reached(neighbours, group & -group, group) == group


def reached(neighbours: Sequence[int], start: int, within: int) -> int:
    """Return the areas of `within` that can be reached from those of `start` without leaving it."""
    seen, edge = start, start
    while edge:
        place = edge.bit_length() - 1
        edge ^= 1 << place
        new = neighbours[place] & within & ~seen
        seen |= new
        edge |= new
    return seen


def connected_parts(neighbours: Sequence[int], within: int) -> list[int]:
    """Return the parts into which a set of areas falls, each connected in itself."""
    parts, rest = [], within
    while rest:
        part = reached(neighbours, rest & -rest, rest)
        parts.append(part)
        rest &= ~part
    return parts


def _pairs(table: pd.DataFrame | None, place: dict[str, int]) -> dict[tuple[int, int], str]:
    """Return the names of pairs by places, the lower first; pairs of areas that are not there are left out."""
    if table is None or table.empty:
        return {}
    found = {}
    for one, other, name in zip(table["one"], table["other"], table["name"], strict=True):
        if one in place and other in place:
            first, second = sorted((place[one], place[other]))
            found[first, second] = str(name)
    return found
