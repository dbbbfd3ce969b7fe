"""The bytes of a publisher's file, unpacked, and how large they may be.

Walks in: the path of a file, plain or gzipped. Walks out: its content, or an `InputError` that names it. Nothing is
unpacked further than `LARGEST_CONTENT`, however it was packed: a file made to do harm is refused, not read.
"""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from sources.files.errors import InputError

# London's records of six years, the largest file that is expected, are some 460 MiB; read, they take three times that.
LARGEST_CONTENT = 512 * 2**20  # bytes, unpacked
# Publishers' tables shrink by 6 to 20 times; a file of zeros, made to fill a memory, by a thousand.
DENSEST = 200  # unpacked bytes a packed one
SMALLEST_BOMB = 2**20  # bytes, unpacked: less than this does no harm, however dense

_GZIP_MAGIC = b"\x1f\x8b"


def read_content(path: Path, largest: int = LARGEST_CONTENT) -> bytes:
    """Return the content of a file, unpacked if it is gzipped, of at most `largest` bytes.

    Raises
    ------
    InputError
        If the file is missing, unreadable, no plain file, empty or too large, or a gzip file that is cut short or
        would unpack to far more than a table can.
    """
    try:
        if path.exists() and not path.is_file():  # reading a pipe would wait for ever
            raise InputError(
                "The file cannot be opened: it is a folder or a device", file=path, remedy="Put a plain file there."
            )
        if path.stat().st_size > largest:
            raise too_large(path, f"over {largest:,} bytes")
        packed = path.read_bytes()
        content = _unpacked(packed, path, largest) if packed.startswith(_GZIP_MAGIC) else packed
    except FileNotFoundError as error:
        raise InputError(
            "There is no such file",
            file=path,
            remedy="Put the file there, or fetch it with `wardcast fetch`.",
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            "The compressed file is cut short or damaged", file=path, remedy="Obtain the file again, whole."
        ) from error
    except OSError as error:
        raise InputError(
            f"The file cannot be opened: {error.strerror}",
            file=path,
            remedy="Check what it is and its permissions.",
        ) from error
    if not content.strip():
        raise InputError("The file is empty", file=path, remedy="Obtain the file again, whole.")
    return content


def too_large(path: Path, value: str) -> InputError:
    """Return the error for a file that holds more than is ever read."""
    return InputError(
        "The file holds more than any file of this kind is known to",
        file=path,
        value=value,
        remedy="Obtain it from its publisher again; docs/bad-input.md states the limits. Split a larger one.",
    )


def _unpacked(packed: bytes, path: Path, largest: int) -> bytes:
    dense = max(SMALLEST_BOMB, DENSEST * len(packed))
    limit = min(largest, dense)
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise too_large(path, f"over {limit:,} bytes, unpacked from {len(packed):,}")
    return content
