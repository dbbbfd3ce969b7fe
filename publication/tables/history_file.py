"""What was recorded, as a file: offences by ward, crime type and month, and those with no known ward.

Walks in: the canonical tables of offences. Walks out: `history.parquet`, zeros included.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from publication.tables.forecast_files import marked, sorted_categories, unfit, write_by_crime_type


def write_history(
    path: Path, offences: pd.DataFrame, unlocated_offences: pd.DataFrame, areas: pd.DataFrame, *, mark: str = ""
) -> None:
    """Write recorded offences by area, minor type and month as Parquet, zeros included.

    Located offences have every ward, type and month from the first to the last; offences with no known ward
    have every type for each area and month that was published. A type without any row has none here either.
    """
    crime_types = pd.Index(np.union1d(offences["crime_type"], unlocated_offences["crime_type"]), name="crime_type")
    months = pd.date_range(offences["month"].min(), offences["month"].max(), freq="MS", unit="us", name="month")
    located = pd.MultiIndex.from_product([sorted(areas["ward_code"]), months], names=["area_code", "month"])
    published = unlocated_offences[["area_code", "month"]].drop_duplicates().sort_values(["area_code", "month"])
    table = pd.concat(
        [
            _dense("unlocated", unlocated_offences, pd.MultiIndex.from_frame(published), crime_types),
            _dense("ward", offences.rename(columns={"ward_code": "area_code"}), located, crime_types),
        ],
        ignore_index=True,
    )
    for name in ("crime_level", "crime_type", "area_level", "area_code"):
        table[name] = sorted_categories(table[name])
    write_by_crime_type(path, marked(table, mark))


def _dense(level: str, counts: pd.DataFrame, cells: pd.MultiIndex, crime_types: pd.Index) -> pd.DataFrame:
    """Return one row a crime type and cell (area_code, month), zero where `counts` has none."""
    dense = np.zeros((len(crime_types), len(cells)), dtype=np.int32)
    column = cells.get_indexer(pd.MultiIndex.from_frame(counts[["area_code", "month"]]))
    if (column < 0).any():
        stranger = counts["area_code"].to_numpy()[column < 0][0]
        raise unfit(f"the history has offences of an area that is not in the table of areas ({stranger})")
    dense[crime_types.get_indexer(pd.Index(counts["crime_type"])), column] = counts["count"]
    times = len(crime_types)
    return pd.DataFrame(
        {
            "crime_level": pd.Categorical.from_codes(np.zeros(dense.size, dtype=np.int8), pd.Index(["minor"])),
            "crime_type": pd.Categorical.from_codes(np.repeat(np.arange(times), len(cells)), crime_types),
            "area_level": pd.Categorical.from_codes(np.zeros(dense.size, dtype=np.int8), pd.Index([level])),
            "area_code": pd.Categorical.from_codes(np.tile(cells.codes[0], times), cells.levels[0]),
            "month": np.tile(cells.get_level_values("month").to_numpy(), times),
            "count": dense.ravel(),
        }
    )
