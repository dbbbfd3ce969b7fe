"""Steps of flows: coarse pieces of work, each tried once more when what failed it may have passed.

Walks in: a function. Walks out: a Prefect task. The delay before the second try is the setting `retry_delay`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from pipelines.running.progress import tell
from sources.catalogue.data_folder import FilesChangedError
from sources.files.errors import InputError

P = ParamSpec("P")
R = TypeVar("R")


def step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function a step of this name."""
    return task(name=name, cache_policy=NO_CACHE, retries=1, retry_condition_fn=may_have_passed)


def may_have_passed(step: Task[..., Any], run: object, state: Any) -> bool:
    """Whether what failed a step may have passed by now, so that a second try is worth it; says so if it is.

    Wrong input will be wrong again; a file that was being copied will not.
    """
    failure = state.data
    if isinstance(failure, InputError) and not isinstance(failure, FilesChangedError):
        return False
    tell(f"Could not {step.name} ({type(failure).__name__}); trying once more in {step.retry_delay_seconds} s ...")
    return True
