"""The draws that a run keeps for planning, as decisions on places need them: by ward or borough, and year.

Walks in: `KeptDraws`. Walk out: labelled arrays (draw, year, ward) and (draw, year, area).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from models.draws.kept import KeptDraws

YEAR = 12


def kept_by_ward(kept: KeptDraws, types: Sequence[str]) -> xr.DataArray:
    """Return located offences of some crime types together, (draw, year, ward), years from 1."""
    counted = kept.by_year.sel(
        crime_type=[each for each in kept.by_year["crime_type"].to_numpy() if each in set(types)]
    )
    years = np.arange(1, counted.sizes["year"] + 1)
    sums = counted.sum("crime_type").assign_coords(year=years).astype(float)
    return sums.transpose("draw", "year", "ward").reset_coords(drop=True)


def kept_by_borough(kept: KeptDraws, areas: pd.DataFrame) -> xr.DataArray:
    """Return all recorded offences, those of no known ward with their borough, (draw, year, area), as in `areas`.

    Offences of no known borough count for none. Months beyond the last whole year are left out.
    """
    boroughs = areas.drop_duplicates("borough_code")["borough_code"].tolist()
    years = kept.by_month.sizes["month"] // YEAR
    monthly = kept.by_month.sum("crime_type").isel(month=slice(0, years * YEAR)).transpose("draw", "month", "area")
    held = monthly.to_numpy().reshape(monthly.sizes["draw"], years, YEAR, -1).sum(axis=2)
    codes = kept.by_month["area_code"].to_numpy()
    member = np.array([[code == borough for borough in boroughs] for code in codes], dtype=float)
    coordinates = {"year": np.arange(1, years + 1), "area": boroughs}
    return xr.DataArray(held @ member, dims=("draw", "year", "area"), coords=coordinates, name="crime")
