"""Write the panel that peers learn from: the located offences of a force, as our own models see them.

Walks in: a data folder. Walks out: a Parquet file, one row a ward, minor crime type and month, zeros included.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from features.panel import Panel


def export_panel(panel: Panel, file: Path) -> None:
    """Write ward_code, borough_code, bcu_code, force_code, crime_type, major_type, month, count."""
    offences = panel.offences.transpose("ward", "crime_type", "month")
    wards, kinds, months = offences.shape
    areas = panel.areas.set_index("ward_code", drop=False).loc[offences["ward"].to_numpy()]
    table = pd.DataFrame({"count": offences.to_numpy().ravel()})
    for column in ("ward_code", "borough_code", "bcu_code", "force_code"):
        table[column] = pd.Categorical(areas[column]).repeat(kinds * months)
    for column in ("crime_type", "major_type"):
        names = pd.Categorical(offences[column].to_numpy())
        codes = np.tile(np.repeat(names.codes, months), wards)
        table[column] = pd.Categorical.from_codes(codes, categories=names.categories)
    table["month"] = np.tile(panel.months.to_numpy(), wards * kinds)
    aside = file.with_name(f".{file.name}")
    table.to_parquet(aside, index=False)
    aside.replace(file)
