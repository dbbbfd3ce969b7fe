"""The map's lines: ward shapes and the outlines of boroughs and BCUs, as SVG paths on one plane.

Walks in: boundaries in longitude and latitude. Walks out: paths in whole units of a plane WIDTH wide. A ward with no
polygon, or an empty one, has no path; the page then has it in its lists and tables only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from publication.atlas.places import Places

WIDTH = 6000  # units; of London each is ten metres, as fine as its boundaries are drawn
SPECK = 1_900  # square units; smaller rings are gaps between neighbours' lines, not land


@dataclass(frozen=True)
class Plane:
    """The flat map: longitudes shrunk by the cosine of the middle latitude, which keeps shapes of a city true."""

    west: float
    north: float
    shrink: float
    scale: float
    height: int

    @classmethod
    def around(cls, shapes: np.ndarray) -> Plane:
        """Return the plane that just holds the shapes; one of no size where there are none."""
        west, south, east, north = shapely.total_bounds(shapes) if len(shapes) else (0.0, 0.0, 0.0, 0.0)
        shrink = float(np.cos(np.radians((south + north) / 2)))
        breadth, depth = (east - west) * shrink, north - south
        scale = WIDTH / max(breadth, depth * 0.6, 1e-9)
        return cls(west, north, shrink, scale, max(int(np.rint(depth * scale)), 1))

    def flat(self, points: np.ndarray) -> np.ndarray:
        x, y = points[:, 0] - self.west, self.north - points[:, 1]
        return np.rint(np.column_stack([x * self.shrink, y]) * self.scale)


def ward_map(places: Places, ward_boundaries: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the map: width, height, middle (x, y of each ward), and a path, or "", for each ward, borough and bcu.

    Outlines are made of the wards' own shapes, so that they lie on the wards' edges.
    """
    count = places.count("ward")
    shapes = _shapes(places.table["code"][:count], ward_boundaries)
    present = ~shapely.is_missing(shapes)
    plane = Plane.around(shapes[present])
    middle = np.zeros((count, 2), dtype=int)
    middle[present] = plane.flat(shapely.get_coordinates(shapely.centroid(shapes[present])))
    paths: dict[str, Any] = {"ward": [path(shape, plane) for shape in shapes]}
    for level in ("borough", "bcu"):
        rows = np.flatnonzero(places.table["level"] == level)
        parents = places.table[level].to_numpy()[:count]
        paths[level] = [path(shapely.union_all(shapes[present & (parents == row)]), plane) for row in rows]
    return {"width": WIDTH, "height": plane.height, "middle": middle.tolist(), **paths}


def path(shape: shapely.Geometry | None, plane: Plane) -> str:
    """Return a polygon's rings as one SVG path of whole, relative steps; "" for no shape."""
    if shape is None or shape.is_empty:
        return ""
    rings = [
        plane.flat(shapely.get_coordinates(ring)[:-1]).astype(int)
        for ring in shapely.get_rings(shapely.get_parts(shape))
    ]
    sizes = [_size(ring) for ring in rings]
    return "".join(_drawn(ring) for ring, size in zip(rings, sizes, strict=True) if size >= min(SPECK, max(sizes)))


def _size(ring: np.ndarray) -> float:
    """Return the area of a ring in square units (shoelace formula)."""
    x, y = ring.T.astype(float)
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _drawn(ring: np.ndarray) -> str:
    moves = np.diff(ring, axis=0)
    moves = moves[(moves != 0).any(axis=1)]
    return f"M{ring[0, 0]},{ring[0, 1]}l" + " ".join(f"{x},{y}" for x, y in moves) + "z"


def _shapes(codes: pd.Series, boundaries: gpd.GeoDataFrame) -> np.ndarray:
    """Return a valid polygon, or None, for each code."""
    by_code = dict(zip(boundaries["code"].astype(str), boundaries.geometry.to_numpy(), strict=True))
    shapes = shapely.make_valid(np.array([by_code.get(code) for code in codes], dtype=object))
    polygons = [
        shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")])
        if shape is not None and shape.geom_type == "GeometryCollection"
        else shape
        for shape in shapes
    ]
    kept = [
        shape if shape is not None and "Polygon" in shape.geom_type and not shape.is_empty else None
        for shape in polygons
    ]
    return np.array([*kept, None], dtype=object)[:-1]  # the extra None keeps NumPy from guessing a shape
