"""The draws that planning needs, kept beside a forecast: files of draws, and one of what stood before them.

Walks in: sums of draws, one crime type at a time, from any thread. Walks out: `draws_by_month.parquet`,
`draws_by_year.parquet` (a row group a crime type) and `draws_basis.nc`; and `KeptDraws`, read back from them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from features.history import YEAR
from features.panel import Panel
from models.draws.kept import LOCATED, UNLOCATED, DrawSums, KeptDraws, log_exposures, strength_draws
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree, sum_groups
from models.forecast.years import MONTHS_A_YEAR, whole_years
from sources.files.errors import InputError

BY_MONTH, BY_YEAR, BASIS = "draws_by_month.parquet", "draws_by_year.parquet", "draws_basis.nc"
FILES = (BY_MONTH, BY_YEAR, BASIS)
_PACKED = {"compression": "zstd", "compression_level": 3}


class KeptDrawsFiles:
    """Files that take sums of draws; used in a `with` block, at whose end they are whole."""

    def __init__(self, folder: Path, draws: int) -> None:
        self._draws, self._writing = draws, Lock()
        self._schema = pa.schema([("crime_type", pa.string()), ("draws", pa.list_(pa.int32(), draws))])
        self._writers = [pq.ParquetWriter(folder / name, self._schema, **_PACKED) for name in (BY_MONTH, BY_YEAR)]

    def write(self, crime_type: str, sums: DrawSums) -> None:
        """Add the draws of one crime type: a row a place and period, places first."""
        with self._writing:
            for writer, counts in zip(self._writers, sums, strict=True):
                rows = counts.reshape(-1, self._draws)
                values = pa.array(np.ascontiguousarray(rows, dtype=np.int32).ravel())
                columns = [pa.array([crime_type] * len(rows)), pa.FixedSizeListArray.from_arrays(values, self._draws)]
                writer.write_table(pa.table(columns, schema=self._schema), row_group_size=max(len(rows), 1))

    def __enter__(self) -> KeptDrawsFiles:
        """Take draws until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish the files."""
        for writer in self._writers:
            writer.close()


def write_basis(
    folder: Path, first: Forecast, variants: dict[str, xr.DataArray], panel: Panel, draws: int, seed: int
) -> None:
    """Write what stood before the draws: the last recorded year, other populations, and the strength they act with."""
    tree = AreaTree.of(panel.areas)
    types = first.mean["crime_type"].to_numpy()
    last_year = panel.offences.sel(crime_type=types).isel(month=slice(-YEAR, None)).sum("month")
    by_ward = last_year.transpose("ward", "crime_type").to_numpy().astype(float)
    unlocated = panel.unlocated.sel(crime_type=types, area=first.unlocated["area"]).isel(month=slice(-YEAR, None))
    apart = unlocated.sum("month").transpose("area", "crime_type").to_numpy()
    areas = [*panel.areas["borough_code"].drop_duplicates(), *first.unlocated["area"].to_numpy()]
    measure = [LOCATED] * tree.boroughs + [UNLOCATED] * (len(areas) - tree.boroughs)
    basis = xr.Dataset(
        {
            "base": (("area", "crime_type"), np.concatenate([sum_groups(by_ward, tree.borough_of_ward), apart])),
            "base_by_ward": (("ward", "crime_type"), by_ward),
            "log_exposure": (("variant", "borough", "crime_type", "month"), log_exposures(first, variants, tree)),
            "strength": ("draw", strength_draws(first, draws, seed)),
        },
        coords={
            "area_code": ("area", np.array(areas, dtype=str)),
            "measure": ("area", np.array(measure, dtype=str)),
            "borough_code": ("ward", panel.areas["borough_code"].to_numpy(str)),
            "ward": panel.areas["ward_code"].to_numpy(str),
            "crime_type": types.astype(str),
            "variant": np.array(list(variants), dtype=str),
            "month": first.months,
        },
        attrs={"origin": f"{first.origin:%Y-%m}", "draws": draws, "seed": seed},
    )
    basis.to_netcdf(folder / BASIS, engine="scipy")


def read_kept_draws(folder: Path) -> KeptDraws:
    """Return what a forecast's folder keeps of its draws.

    Raises
    ------
    InputError
        Where it keeps none, as forecasts of earlier versions do.
    """
    for name in FILES:
        if not (folder / name).is_file():
            raise InputError(
                "The forecast keeps no draws to plan with", file=folder / name, remedy="Make it anew: `wardcast run`."
            )
    basis = xr.load_dataset(folder / BASIS, engine="scipy")
    draws, months = int(basis.attrs["draws"]), basis["month"].astype("datetime64[us]").to_numpy()
    years = months[: whole_years(len(months)) * MONTHS_A_YEAR : MONTHS_A_YEAR]
    types = basis["crime_type"].to_numpy()
    monthly = _read(folder / BY_MONTH, types, (basis.sizes["area"], len(months), draws))
    yearly = _read(folder / BY_YEAR, types, (basis.sizes["ward"], len(years), draws))
    area = {name: ("area", basis[name].to_numpy()) for name in ("area_code", "measure")}
    ward = {"ward": basis["ward"].to_numpy(), "borough_code": ("ward", basis["borough_code"].to_numpy())}
    of_type = {"crime_type": types}
    return KeptDraws(
        origin=np.datetime64(basis.attrs["origin"]),
        by_month=xr.DataArray(
            monthly, dims=("area", "crime_type", "month", "draw"), coords=area | of_type | {"month": months}
        ),
        by_year=xr.DataArray(
            yearly, dims=("ward", "crime_type", "year", "draw"), coords=ward | of_type | {"year": years}
        ),
        base=basis["base"].drop_vars("month", errors="ignore"),
        base_by_ward=basis["base_by_ward"],
        log_exposure=basis["log_exposure"].assign_coords(month=months),
        strength=basis["strength"],
    )


def digest_of(folder: Path) -> str:
    """Return one checksum of the draws that a forecast's folder keeps: of what they are, however they are packed."""
    kept = read_kept_draws(folder)
    digest = hashlib.sha256()
    for part in (kept.by_month, kept.by_year, kept.base):
        digest.update(np.ascontiguousarray(part.to_numpy()).tobytes())
    return digest.hexdigest()


def _read(file: Path, types: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Return draws, (place, crime type, period, draw) int32."""
    places, periods, draws = shape
    found = np.empty((places, len(types), periods, draws), dtype=np.int32)
    position = {str(name): place for place, name in enumerate(types)}
    source = pq.ParquetFile(file)
    for group in range(source.num_row_groups):
        table = source.read_row_group(group)
        if not len(table):
            continue
        values = table["draws"].combine_chunks().flatten().to_numpy()
        found[:, position[table["crime_type"][0].as_py()]] = values.reshape(places, periods, draws)
    return found
