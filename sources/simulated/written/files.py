"""Files that have the same bytes whenever they are written.

Walks in: tables and paths. Walks out: CSV, Parquet and GeoJSON files, gzipped where the name says so.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import shapely


def write_csv(table: pd.DataFrame, path: Path, line_end: str = "\n") -> None:
    """Write a table without its index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as content:
        if path.suffix != ".gz":
            table.to_csv(content, index=False, lineterminator=line_end)
            return
        # Neither time nor name goes into the header: the same table is the same bytes.
        with (
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=content, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
        ):
            table.to_csv(text, index=False, lineterminator=line_end)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table without its index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path, index=False, compression="zstd")


def write_geojson(properties: pd.DataFrame, polygons: Sequence[shapely.Polygon], path: Path) -> None:
    """Write polygons in WGS84, one feature a line, as the Office for National Statistics does."""
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": row,
                "geometry": json.loads(shapely.to_geojson(shapely.multipolygons(shapely.get_parts(polygon)))),
            }
        )
        for row, polygon in zip(properties.to_dict("records"), polygons, strict=True)
    ]
    crs = json.dumps({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
    head = f'{{\n"type": "FeatureCollection",\n"name": "{path.stem}",\n"crs": {crs},\n'
    head += '"xy_coordinate_resolution": 1e-05,\n"features": [\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + ",\n".join(features) + "\n]\n}\n", encoding="utf-8")
