"""The panel on disk, by which one flow hands it to the next.

Walks in: a panel. Walks out: a folder of it, written whole or not at all, and the panel back from it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd
import xarray as xr

from features.panel import Panel
from sources.files.checksums import refuse_damaged, seal

TABLES = (
    "areas",
    "crime_types",
    "breaks",
    "ward_population",
    "ward_population_by_age",
    "ward_population_by_band",
    "borough_population_by_age",
    "age_evidence",
    "revisions",
)


def save_panel(panel: Panel, folder: Path) -> None:
    """Write the panel; a folder that is already there, from the same data, is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=".writing-", dir=folder.parent))
    try:
        xr.Dataset({"offences": panel.offences, "unlocated": panel.unlocated}).to_netcdf(
            aside / "counts.nc", engine="scipy"
        )
        for name in TABLES:
            getattr(panel, name).to_parquet(aside / f"{name}.parquet", index=False)
        seal(aside)
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def load_panel(folder: Path) -> Panel:
    """Return the panel that `save_panel` wrote; `InputError` when the folder is not as it was written."""
    refuse_damaged(folder, "Run again: the panel is then built anew. The cache may be deleted at any time.")
    counts = xr.load_dataset(folder / "counts.nc", engine="scipy")
    counts = counts.assign_coords(month=counts["month"].astype("datetime64[us]"))
    return Panel(
        offences=counts["offences"],
        unlocated=counts["unlocated"],
        **{name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES},
    )
