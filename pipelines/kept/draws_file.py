"""Draws on disk: one row a ward, crime type and month, with its draws as a list.

Walks in: draws of one crime type at a time, from any thread. Walks out: a Parquet file with a row group for each
origin and crime type, which `wardcast score` reads, ours or a peer's.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from models.forecast.forecast import months_ahead


class DrawsFile:
    """A file that takes draws; used in a `with` block, at whose end it is whole."""

    def __init__(self, file: Path, wards: np.ndarray, draws: int) -> None:
        self._wards, self._draws, self._writing = wards, draws, Lock()
        self._schema = pa.schema(
            [
                ("origin", pa.timestamp("us")),
                ("ward_code", pa.string()),
                ("crime_type", pa.string()),
                ("month", pa.timestamp("us")),
                ("draws", pa.list_(pa.int32(), draws)),
            ]
        )
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, origin: pd.Timestamp, crime_type: str, drawn: np.ndarray) -> None:
        """Add the draws, (ward, month, draw), of one origin and crime type."""
        months = months_ahead(origin, drawn.shape[1])
        rows = len(self._wards) * len(months)
        table = pa.table(
            {
                "origin": pa.array(np.full(rows, origin.to_datetime64())),
                "ward_code": pa.array(np.repeat(self._wards, len(months)), pa.string()),
                "crime_type": pa.array([crime_type] * rows, pa.string()),
                "month": pa.array(np.tile(months.to_numpy(), len(self._wards))),
                "draws": pa.FixedSizeListArray.from_arrays(pa.array(drawn.ravel().astype(np.int32)), self._draws),
            }
        ).cast(self._schema)
        with self._writing:
            self._writer.write_table(table, row_group_size=rows)

    def __enter__(self) -> DrawsFile:
        """Take draws until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish the file."""
        self._writer.close()
