"""Steps and parts of the main job; a step is tried once more when what failed it may have passed.

Walks in: a function. Walks out: a Prefect task or flow. The delay before the second try is the setting `retry_delay`.
Within `plainly` both are the functions that they were made of, so a script walks the same order with no server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from prefect import Flow, Task, get_run_logger
from prefect.cache_policies import NO_CACHE

from pipelines.running.failures import chain_of
from pipelines.running.progress import tell
from sources.catalogue.data_folder import FilesChangedError
from sources.files.errors import InputError

P = ParamSpec("P")
R = TypeVar("R")


_PLAINLY: ContextVar[bool] = ContextVar("plainly", default=False)


class Step(Task[P, R]):
    """A task of Prefect that is a plain function within `plainly`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:  # type: ignore[override]
        """Do the work, as a run of the task or plainly."""
        return self.fn(*args, **kwargs) if _PLAINLY.get() else super().__call__(*args, **kwargs)


class Part(Flow[P, R]):
    """A flow of Prefect that is a plain function within `plainly`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Any:  # type: ignore[override]
        """Do the work, as a run of the flow or plainly."""
        return self.fn(*args, **kwargs) if _PLAINLY.get() else super().__call__(*args, **kwargs)


def step(name: str) -> Callable[[Callable[P, R]], Step[P, R]]:
    """Make a function a step of this name."""

    def made(function: Callable[P, R]) -> Step[P, R]:
        return Step(function, name=name, cache_policy=NO_CACHE, retries=1, retry_condition_fn=may_have_passed)

    return made


def part(name: str) -> Callable[[Callable[P, R]], Part[P, R]]:
    """Make a function a part of the main job of this name: a flow within the flow of the whole."""

    def made(function: Callable[P, R]) -> Part[P, R]:
        return Part(function, name=name, validate_parameters=False)

    return made


@contextmanager
def plainly() -> Iterator[None]:
    """Let steps and parts be plain functions for as long as the block lasts: no server is asked, nothing is retried."""
    before = _PLAINLY.set(True)
    try:
        yield
    finally:
        _PLAINLY.reset(before)


def run_logger() -> logging.Logger | logging.LoggerAdapter[logging.Logger]:
    """Return the log of the open run of Prefect, or the process's own where there is none."""
    return logging.getLogger("wardcast") if _PLAINLY.get() else get_run_logger()


# What libraries raise when a server, a database or a worker is away.
SERVERS = frozenset(
    {"sqlite3", "sqlalchemy", "psycopg", "httpx", "httpcore", "requests", "urllib3", "mlflow", "prefect"}
)
WORKERS = frozenset({"distributed", "concurrent", "joblib", "multiprocessing"})


def _of_the_surroundings(failure: BaseException | None) -> bool:
    if isinstance(failure, FilesChangedError):
        return True
    if isinstance(failure, InputError):
        return False
    return any(
        isinstance(one, OSError | EOFError | MemoryError) or type(one).__module__.partition(".")[0] in SERVERS | WORKERS
        for one in chain_of(failure)
    )


def may_have_passed(step: Task[..., Any], run: object, state: Any) -> bool:
    """Whether what failed a step may have passed by now, so that a second try is worth it; says so if it is.

    Only what is of the surroundings may: a file that was being copied, a disk, a server, a lost worker. Wrong input,
    and what a recipe cannot make of it, is as wrong the second time.
    """
    if not _of_the_surroundings(state.data):
        return False
    failure = state.data
    tell(f"Could not {step.name} ({type(failure).__name__}); trying once more in {step.retry_delay_seconds} s ...")
    return True
