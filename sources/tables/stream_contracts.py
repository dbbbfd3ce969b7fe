"""The contracts of streams: what is said of each, and their values.

Walks in: tables that `sources.streams` made. Walk out: the same with their types settled.
"""

from __future__ import annotations

import pandera.pandas as pa

_NAME = pa.Column(str, pa.Check.str_length(min_value=1), coerce=True)
STREAM_VALUES = pa.DataFrameSchema(
    {
        "stream": _NAME,
        "area_code": _NAME,
        "series": _NAME,
        "start": pa.Column("datetime64[us]", coerce=True, description="first day of the period"),
        "value": pa.Column("float64", pa.Check.in_range(0, 1e12), coerce=True),
    },
    unique=["stream", "area_code", "series", "start"],
    strict=True,
    name="stream_values",
    description="Counts or amounts of streams by area, series and period; no crime type, and never added to one.",
)
STREAMS = pa.DataFrameSchema(
    {
        "stream": pa.Column(str, unique=True, coerce=True),
        "about": pa.Column(str, coerce=True, description="the stream's entry, as JSON"),
        "file": _NAME,
        "first": pa.Column("datetime64[us]", coerce=True),
        "last": pa.Column("datetime64[us]", coerce=True),
        "total": pa.Column("float64", coerce=True),
        "set_aside": pa.Column("float64", coerce=True, description="what periods hold that were set aside"),
    },
    strict=True,
    name="streams",
)
