"""Limits under which a worker reads damaged files, so that a hang, a full memory or a stray file shows as a fault.

Walk in: a worker process. Walks out: the same, with no more memory and time than the kernel is told to give it, and a
watch on whatever is opened for writing.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

MEMORY = 2 * 2**30  # bytes that a reader may add to what the worker has, and that the worker may have touched in all
SECONDS = 60  # of processor time that one mutation may take
LIFE = 3600  # seconds of processor time of a worker, at the end of which the kernel kills it, whatever it does

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod"}

_watched: list[str] = []
_watching = threading.Event()


class TooLongError(BaseException):
    """The time of a mutation is over; no reader may catch it."""


class StrayFileError(BaseException):
    """A reader wrote somewhere."""


def limit_worker() -> None:
    """Limit this process for good, and watch what it opens."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (LIFE, LIFE))
    signal.signal(signal.SIGXCPU, _too_long)
    sys.addaudithook(_audit)


@contextmanager
def one_mutation() -> Iterator[None]:
    """Read within: `MEMORY`, `SECONDS` of time, not a byte written, no file or folder made, moved or removed.

    Raises
    ------
    StrayFileError
        When the reader wrote, though nothing that it was given says that it may.
    TooLongError
        When its time is over.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    now = int(used.ru_utime + used.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    _watched.clear()
    resource.setrlimit(resource.RLIMIT_CPU, (now + SECONDS, LIFE))
    resource.setrlimit(resource.RLIMIT_AS, (_reserved() + MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # holds for what libraries in C write, too
    _watching.set()
    try:
        yield
    finally:
        _watching.clear()
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CPU, (LIFE, LIFE))
    if _watched:
        raise StrayFileError("; ".join(_watched))


def largest_memory() -> int:
    """Return the most bytes that this process has had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _reserved() -> int:
    """Return the bytes of addresses that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _too_long(signal_number: int, frame: FrameType | None) -> None:
    raise TooLongError(f"over {SECONDS} seconds of processor time")


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching.is_set():
        return
    if event in _CHANGING or (event == "open" and _opens_for_writing(arguments)):
        _watched.append(f"{event} {arguments[0]!r}")
    elif event in (
        "socket.connect",
        "socket.getaddrinfo",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "subprocess.Popen",
    ):
        _watched.append(f"{event} {arguments!r}")


def _opens_for_writing(arguments: tuple[object, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, (str, bytes, os.PathLike)) and Path(os.fsdecode(path)) == Path(os.devnull):
        return False
    return any(letter in str(mode or "") for letter in "wax+") or bool(int(flags or 0) & _WRITING)  # type: ignore[call-overload]
