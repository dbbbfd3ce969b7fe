"""A GeoPackage of the areas with the figures that people map, for QGIS and other systems of maps.

Walks in: `Contents`. Walks out: `areas.gpkg` (its name marked where simulated or internal), a layer each for wards,
boroughs and BCUs in WGS 84: the next twelve months beside the last, of all crime and of each major crime type.
"""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio  # type: ignore[import-untyped]
import shapely

from models.forecast.vocabulary import ALL, EXCLUDING
from publication.numbers.chance import chance_of_more, direction
from publication.numbers.recorded import CELL, first_forecast_month, last_twelve, recorded_as_told, told_ahead
from publication.release.contents import Contents, Geography

LEVELS = ("ward", "borough", "bcu")
FIGURES = {"q50": "median", "q10": "low", "q90": "high", "mean": "mean"}


def write_geopackage(folder: Path, contents: Contents) -> None:
    """Write the layers; nothing where no ward has a boundary or the forecast is shorter than a year.

    Columns: code, name, and for each type of crime `<type>_recorded`, `_median`, `_low`, `_high` (80 % interval),
    `_mean`, `_change` (of the median), `_chance` (of a rise) and `_direction` (up, down, either). Types are `all` and
    slugs of the major types; wards tell them without their protected types, as elsewhere.
    """
    shapes = _ward_shapes(contents.geography)
    if shapes.empty:
        return
    path = folder / f"areas{contents.facts.mark}.gpkg"
    # Dated by the data, so that the same contents give the same bytes.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{contents.facts.data_to.isoformat()}T00:00:00.000Z"})
    try:
        for level in LEVELS:
            table = _figures(contents, level)
            if table.empty:
                continue
            layer = _dissolved(shapes, level).merge(table, left_on="code", right_index=True, how="left")
            layer.to_file(path, layer=f"{level}s", driver="GPKG", engine="pyogrio")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _ward_shapes(geography: Geography) -> gpd.GeoDataFrame:
    boundaries = geography.ward_boundaries
    if boundaries.empty:
        return gpd.GeoDataFrame({"ward_code": []}, geometry=[], crs=4326)
    shapes = boundaries.to_crs(4326)[["code", "geometry"]].merge(geography.areas, left_on="code", right_on="ward_code")
    return shapes.set_geometry(shapely.make_valid(shapes.geometry.to_numpy()), crs=4326)


def _dissolved(shapes: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Return the areas of a level: code, name, geometry."""
    names = {f"{level}_code": "code", f"{level}_name": "name"}
    columns = shapes[[*names, "geometry"]].rename(columns=names)
    if level == "ward":
        return columns.sort_values("code", ignore_index=True)
    return columns.dissolve(by="code", aggfunc="first").reset_index()[["code", "name", "geometry"]]


def _figures(contents: Contents, level: str) -> pd.DataFrame:
    """Return a row an area code, a column a figure of a crime type."""
    cells = told_ahead(contents, level)
    cells = cells[(cells["period"] == "year") & (cells["month"] == first_forecast_month(contents))]
    cells = cells[cells["crime_level"].isin([ALL, "major"])].astype(dict.fromkeys(CELL, str))
    counts = recorded_as_told(contents, level, last_twelve(contents))
    parts = []
    for (_, crime_type), part in cells.groupby(["crime_level", "crime_type"], sort=True):
        whole = str(crime_type).removesuffix(EXCLUDING)
        if whole != crime_type and (cells["crime_type"] == whole).any():
            continue  # the whole type is told at this level
        recorded = counts.reindex(pd.MultiIndex.from_frame(part[CELL])).to_numpy()
        chance = chance_of_more(part, recorded)
        table = (
            part[list(FIGURES)]
            .rename(columns=FIGURES)
            .assign(
                recorded=recorded,
                change=part["q50"].to_numpy() / np.where(recorded > 0, recorded, np.nan) - 1,
                chance=chance,
                direction=[direction(one) for one in chance],
            )
        )
        order = ["recorded", *FIGURES.values(), "change", "chance", "direction"]
        parts.append(table[order].set_axis(part["area_code"]).add_prefix(f"{_slug(whole)}_"))
    return pd.concat(parts, axis="columns") if parts else pd.DataFrame()


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
