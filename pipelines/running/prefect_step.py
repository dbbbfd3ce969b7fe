"""Steps of flows: coarse pieces of work, each tried once more when what failed it may have passed.

Walks in: a function. Walks out: a Prefect task. The delay before the second try is the setting `retry_delay`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from pipelines.running.failures import chain_of
from pipelines.running.progress import tell
from sources.catalogue.data_folder import FilesChangedError
from sources.files.errors import InputError

P = ParamSpec("P")
R = TypeVar("R")


def step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function a step of this name."""
    return task(name=name, cache_policy=NO_CACHE, retries=1, retry_condition_fn=may_have_passed)


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
