"""Cells of past origins, kept by data and code.

Walks in: a panel, a model, an origin. Walks out: its cells, from a file where these data and this code have given them.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from cells import cells_at

from features.panel import Panel
from models.recipes.model import Model
from pipelines.kept.kept_noise import vintage_of


def kept_cells(panel: Panel, model: Model, origin: pd.Timestamp, draws: int, cache: Path) -> pd.DataFrame:
    """Return the cells of an origin, from the cache if these data and this code have given them before."""
    file = cache / f"{model.name}-{len(panel.areas)}-{draws}-{origin:%Y-%m}-{vintage_of(panel, model)}.parquet"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        cells_at(panel, model, origin, draws).to_parquet(file, index=False)
    return pd.read_parquet(file)
