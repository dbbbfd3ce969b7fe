"""Work that falls into parts: how its parts are done is chosen by who calls, what they yield is not.

Walk in: a function of what all parts share and of one part, and the parts. Walk out: the parts with their results, in
whatever order they are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Protocol, TypeVar

from threadpoolctl import threadpool_limits

Shared = TypeVar("Shared")
Part = TypeVar("Part")
Result = TypeVar("Result")


class ForEach(Protocol):
    """Does the same work for each of several different parts, perhaps in other processes.

    So `work` is a function of a module, and changes nothing outside itself; `shared` is handed over once.
    """

    def __call__(
        self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Yield each part with its result, in no set order."""
        ...


def in_turn(
    work: Callable[[Shared, Part], Result], shared: Shared, parts: Sequence[Part]
) -> Iterator[tuple[Part, Result]]:
    """Do one part after another."""
    for part in parts:
        yield part, work(shared, part)


class Threads:
    """Does parts side by side in threads: most of the work is numpy's, which leaves other threads to run."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def __call__(
        self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Yield each part with its result as it is done."""
        pool = ThreadPoolExecutor(self.workers)
        try:
            with threadpool_limits(1):
                part_of = {pool.submit(work, shared, part): part for part in parts}
                for done in as_completed(list(part_of)):
                    # Popped, so that a result is forgotten once it is used.
                    yield part_of.pop(done), done.result()
        finally:
            pool.shutdown(cancel_futures=True)
