"""Memory of a long job: what one stage is done with is given back before the next.

Walks in: a process. Walks out: the same, holding what it still uses. Without this the allocators keep half a gigabyte
and more of a large force's reading and drawing through the stages that follow.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
from contextlib import suppress
from functools import cache

import pyarrow as pa


def give_back() -> None:
    """Return unused memory of Python, Arrow and the C library to the operating system, where the latter can."""
    gc.collect()
    _set_libraries_aside()
    pa.default_memory_pool().release_unused()
    # Of glibc alone; other C libraries lack it.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _set_libraries_aside() -> None:
    """Leave what is loaded by now, libraries for the most part, out of every later search for what is unused."""
    gc.freeze()
    # Python's last search, at its end, must find them: else DuckDB counts what it still holds, line by line.
    atexit.register(gc.unfreeze)
