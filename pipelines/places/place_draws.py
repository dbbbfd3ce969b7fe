"""Draws by ward or borough and year, for decisions on places.

Walks in: the draws that a forecast keeps in its folder, or the file of draws that `wardcast backtest` writes. Walk out:
labelled arrays of whole years.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import xarray as xr

from pipelines.kept.kept_draws import read_kept_draws
from planning.places.kept_draws import kept_by_borough, kept_by_ward
from sources.files.errors import InputError

YEAR = 12


def draws_of_wards(place: Path, areas: pd.DataFrame, types: Sequence[str]) -> xr.DataArray:
    """Return draws of some crime types together, (draw, year, ward), of a forecast's folder or a file of draws.

    Raises
    ------
    InputError
        As `read_kept_draws` and `ward_year_draws`.
    """
    if place.is_dir():
        return kept_by_ward(read_kept_draws(place), types)
    return ward_year_draws(place, areas, types)


def draws_of_boroughs(place: Path, areas: pd.DataFrame, types: Sequence[str]) -> xr.DataArray:
    """Return draws by borough, (draw, year, area): all recorded of a forecast's folder, located of a file of draws."""
    if place.is_dir():
        return kept_by_borough(read_kept_draws(place), areas)
    return borough_year_draws(ward_year_draws(place, areas, types), areas)


def ward_year_draws(file: Path, areas: pd.DataFrame, types: Sequence[str]) -> xr.DataArray:
    """Return draws of some crime types together, (draw, year, ward), of whole years ahead, the first of them 1.

    Raises
    ------
    InputError
        If the file holds none of these types, wards of another force, or less than a year.
    """
    parquet = pq.ParquetFile(file)
    wards = pd.Index(areas["ward_code"])
    total: np.ndarray | None = None
    for group in range(parquet.num_row_groups):
        rows = parquet.read_row_group(group)
        if rows["crime_type"][0].as_py() not in types:
            continue
        places = wards.get_indexer(pd.Index(rows["ward_code"].to_pylist()))
        months = pd.DatetimeIndex(rows["month"].to_numpy())
        step = (months.year - months.year.min()) * YEAR + months.month
        year = ((step - step.min()) // YEAR).to_numpy()
        whole = year < (int(step.max() - step.min()) + 1) // YEAR
        if (places < 0).any() or not whole.any():
            raise InputError(
                "The draws hold a ward that the force does not have"
                if (places < 0).any()
                else "The draws end within a year",
                file=file,
                remedy="Write draws of this force, twelve months ahead or more, with `wardcast backtest --draws`.",
            )
        drawn = np.stack(rows["draws"].to_numpy())
        if total is None:
            total = np.zeros((int(year[whole].max()) + 1, len(wards), drawn.shape[1]))
        np.add.at(total, (year[whole], places[whole]), drawn[whole])
    if total is None:
        raise InputError(
            "The file holds no draws of crime types that count here",
            file=file,
            remedy="Name a file that `wardcast backtest --draws` wrote.",
        )
    coordinates = {"ward": list(wards), "year": np.arange(1, len(total) + 1)}
    return xr.DataArray(total, dims=("year", "ward", "draw"), coords=coordinates).transpose("draw", "year", "ward")


def borough_year_draws(by_ward: xr.DataArray, areas: pd.DataFrame) -> xr.DataArray:
    """Return the sums of wards' draws by borough, (draw, year, area), boroughs in the order of `areas`."""
    boroughs = areas.drop_duplicates("borough_code")["borough_code"]
    member = (areas["borough_code"].to_numpy()[:, np.newaxis] == boroughs.to_numpy()).astype(float)
    sums = by_ward.to_numpy() @ member
    coordinates = {"area": list(boroughs), "year": by_ward["year"].to_numpy()}
    return xr.DataArray(sums, dims=("draw", "year", "area"), coords=coordinates, name="crime")
