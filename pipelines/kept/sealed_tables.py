"""Tables that one step leaves for another: each written whole, the folder sealed.

Walk in: tables by name. Walks out: their folder, which `sources.files.checksums.refuse_damaged` reads again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sources.files.checksums import seal


def write_sealed_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> Path:
    """Write the tables in their order, each whole or not at all, seal the folder, and return it."""
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        aside = folder / f"{name}.part"
        table.to_parquet(aside, index=False)
        aside.replace(folder / f"{name}.parquet")
    seal(folder)
    return folder
