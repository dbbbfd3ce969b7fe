"""Numbers on their way to the page: columns of whole numbers, packed small enough to travel as text.

Walks in: named arrays. Walks out: the text of a classic script that hands them to the page. A page opened from disk may
not read files, but may run scripts, so data are scripts. `page/source/data/columns.ts` is the other side of what is
written here.

Each column becomes whole numbers of 1, 2 or 4 bytes: scaled, less their predecessor where a predecessor tells most of
them (the next lower quantile, the same month a year before), with the bytes of equal weight put together: all for
gzip's sake, which then needs two thirds of the room.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Smallest number of each width: stands for what is missing.
MISSING = {width: int(np.iinfo(f"i{width}").min) for width in (1, 2, 4)}
LEVEL = 6  # of gzip; 9 takes six times as long to save 3 %


@dataclass(frozen=True, eq=False)
class Column:
    """An array with a name, and how it is packed.

    cells : any shape, NaN where missing. divisor : the page gets values rounded to 1 / divisor. rungs : the first
    axis climbs (quantiles), so each entry is told as its step from the one before. season : entries along the last axis
    are told as the difference from the one so many places before; 0 for as they are.
    """

    name: str
    cells: np.ndarray
    divisor: int = 1
    rungs: bool = False
    season: int = 0


def script(name: str, columns: Sequence[Column]) -> str:
    """Return the text of a classic script that calls `wardcast.take(name, columns, data)`.

    data : base64 of the gzip of all columns' bytes, one after the other. The same columns give the same text.
    """
    packed = [_packed(column) for column in columns]
    told = [description for description, _ in packed]
    data = gzip.compress(b"".join(content for _, content in packed), LEVEL, mtime=0)
    return f'wardcast.take({literal(name)},{literal(told)},"{base64.b64encode(data).decode("ascii")}");\n'


def literal(value: Any) -> str:
    """Return a value as a literal of JavaScript that also may stand inside an HTML page: nothing in it opens a tag."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _packed(column: Column) -> tuple[dict[str, Any], bytes]:
    missing = np.isnan(column.cells)
    whole = np.rint(np.where(missing, 0, column.cells) * column.divisor).astype(np.int64)
    # The predecessor of a flat place i is i - stride, where i's place within its row is stride or more.
    size = whole.size
    last = whole.shape[-1] if whole.ndim else 1
    row, stride = (size, size // whole.shape[0]) if column.rungs and size else (last, column.season)
    steps = whole.ravel()
    if stride:
        places = np.flatnonzero(np.arange(size) % row >= stride)
        steps = steps.copy()
        steps[places] -= whole.ravel()[places - stride]
    known = steps[~missing.ravel()]
    low, high = (int(known.min()), int(known.max())) if known.size else (0, 0)
    width = next(width for width in (1, 2, 4) if -MISSING[width] > max(high, -low))
    steps = np.where(missing.ravel(), MISSING[width], steps)
    bytes_apart = steps.astype(f"<i{width}").view(np.uint8).reshape(size, width).T
    description: dict[str, Any] = {"name": column.name, "shape": list(whole.shape), "width": width}
    description |= {"divisor": column.divisor, "stride": stride, "row": row}
    return description, bytes_apart.tobytes()
