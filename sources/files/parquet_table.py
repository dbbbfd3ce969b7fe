"""A publisher's Parquet file as a table, once it is known to be whole and of a size that can be read.

Walks in: the content of a file. Walks out: its columns, or an `InputError` that names it. Only plain columns are read:
numbers, text, dates. Notes that pandas may have left in the file are passed over: they are not the publisher's data.
"""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sources.files.content import LARGEST_CONTENT, too_large
from sources.files.errors import InputError

MOST_CELLS = 50_000_000  # of a table; London's wide file by ward has 3.6 million, six years of its records 38 million

_INDEX = "__index_level_"  # what pandas calls the column of an index that had no name


def parse_parquet(content: bytes, path: Path) -> pd.DataFrame:
    """Return the table of a Parquet file, types kept, its rows numbered from 1; `path` is where it was.

    Raises
    ------
    InputError
        If it is no Parquet file, damaged, too large, or has a column of lists or other things than plain values.
    """
    try:
        table = _decoded(_read(content, path), path)
        rows = table.to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            "The file is not Parquet, or is cut short or damaged", file=path, remedy="Obtain the file again, whole."
        ) from error
    return rows.set_axis(pd.RangeIndex(1, len(rows) + 1))


def _read(content: bytes, path: Path) -> pa.Table:
    """Return the table with its texts as dictionaries, which take no more room than the file gives them."""
    described = pq.ParquetFile(io.BytesIO(content))
    about, schema = described.metadata, described.schema_arrow
    claimed = sum(about.row_group(each).total_byte_size for each in range(about.num_row_groups))
    cells = about.num_rows * about.num_columns
    if cells > MOST_CELLS or claimed > LARGEST_CONTENT:
        raise too_large(path, f"{cells:,} cells, {claimed:,} bytes")
    odd = [field for field in schema if not _is_plain(field.type)]
    if odd:
        raise InputError(
            "A column holds neither numbers nor text nor dates",
            file=path,
            column=odd[0].name,
            value=str(odd[0].type),
            remedy="Obtain the file again, or supply the table as CSV.",
        )
    texts = [field.name for field in schema if _is_text(field.type)]
    table = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts).read()
    if table.num_rows != about.num_rows:
        raise ValueError(f"{table.num_rows} rows where {about.num_rows} are stated")
    return table.drop_columns([name for name in table.column_names if name.startswith(_INDEX)])


def _decoded(table: pa.Table, path: Path) -> pa.Table:
    """Return the table with its texts written out, once they are known to be text and not to fill the memory."""
    table.validate(full=True)
    texts = [place for place, field in enumerate(table.schema) if pa.types.is_dictionary(field.type)]
    size = sum(_size(chunk) for place in texts for chunk in table.column(place).chunks)
    if size > LARGEST_CONTENT:
        raise too_large(path, f"{size:,} bytes of text")
    for place in texts:
        field = table.schema.field(place)
        table = table.set_column(place, field.name, table.column(place).cast(field.type.value_type))
    return table


def _size(chunk: pa.DictionaryArray) -> int:
    """Return the bytes of the texts of a column, each as often as it is there."""
    if not _is_text(chunk.type.value_type):
        return 8 * len(chunk)
    lengths = pc.cast(pc.binary_length(chunk.dictionary), pa.int64())
    return pc.sum(lengths.take(chunk.indices)).as_py() or 0


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _is_plain(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    numeric = pa.types.is_integer(value) or pa.types.is_floating(value) or pa.types.is_boolean(value)
    return (
        numeric or _is_text(value) or pa.types.is_date(value) or pa.types.is_timestamp(value) or pa.types.is_null(value)
    )
