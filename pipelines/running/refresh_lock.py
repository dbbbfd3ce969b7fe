"""One refresh at a time: a lock that dies with its holder.

Walks in: a folder. Walks out: the right to refresh it, for as long as the process lives and the block lasts.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sources.files.errors import InputError

LOCK = ".refresh.lock"


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while the block runs; what a killed holder left half-written there is removed first.

    The kernel drops the lock of a process that ends, however it ends, so no stale lock can block a later run.

    Raises
    ------
    InputError
        At once, when another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise InputError(
                "Another refresh is at work here",
                file=folder / LOCK,
                value=f"process {lock.read().strip() or 'unknown'}",
                remedy="Let it finish, or stop that process; then run again.",
            ) from None
        # What a killed holder was writing is nobody's now; without this the disk would fill in time.
        for leftover in folder.glob(".*/"):
            shutil.rmtree(leftover)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
