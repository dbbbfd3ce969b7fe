"""Engines: who does the parts of heavy work, threads of this process or the workers of a Dask cluster.

Walk in: settings. Walks out: a `ForEach`, which the rooms hand their parts to. The numbers do not depend on the engine,
nor on how many workers it has: every part draws from random streams of its own, and linear algebra has one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from threadpoolctl import threadpool_limits

from models.forecast.for_each import ForEach, Part, Result, Shared, Threads
from pipelines.code_version import code_version, lock_hash
from pipelines.settings import LOOPBACK, Settings
from sources.files.errors import InputError

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 10  # seconds to wait for a scheduler, for its first worker, and between looks at whether any is left
# A cluster of our own serves no pages.
WITHOUT_PAGES: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}
ROUNDS = 3  # how often parts are handed out again when what they share was lost with its workers


@contextmanager
def engine_of(settings: Settings) -> Iterator[ForEach]:
    """Give the engine that the settings choose, for as long as the block lasts.

    Raises
    ------
    InputError
        When the Dask scheduler does not answer, has no workers, or has workers that run other code.
    """
    if settings.engine == "local":
        yield Threads(settings.workers)
        return
    with _client(settings) as client:
        _refuse_other_code(client)
        yield DaskWorkers(client)


class DaskWorkers:
    """Does parts on the workers of a Dask cluster, which get what parts share once each.

    Parts of a worker that dies are done by another. Where what they share died with all its holders, it is handed out
    again with the parts that are left.
    """

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(
        self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Yield each part with its result as it is done.

        Raises
        ------
        InputError
            When the scheduler or all workers are lost, or one part ends worker after worker.
        """
        left = list(parts)
        for _ in range(ROUNDS):
            try:
                for part, result in self._once(work, shared, left):
                    left.remove(part)
                    yield part, result
                return
            except CancelledError:
                _wait_for_workers(self.client)
        raise _lost("What the workers share was lost with them again and again")

    def _once(
        self, work: Callable[[Shared, Part], Result], shared: Shared, parts: Sequence[Part]
    ) -> Iterator[tuple[Part, Result]]:
        from distributed import KilledWorker

        held = self.client.scatter(shared, broadcast=True, hash=False)
        part_of = {
            self.client.submit(_with_one_thread, work, held, part, key=f"{work.__name__}-{uuid4().hex}"): part
            for part in parts
        }
        while part_of:
            for done in self._next_done(list(part_of)):
                try:
                    result = done.result()
                except KilledWorker as error:
                    raise _lost(f"Part {part_of[done]} ended every worker that it was given to") from error
                yield part_of.pop(done), result

    def _next_done(self, futures: list[Future]) -> set[Future]:
        from distributed import wait

        while True:
            try:
                with self.client.as_current():
                    return set(wait(futures, timeout=PATIENCE, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                _wait_for_workers(self.client)


def _with_one_thread(work: Callable[[Shared, Part], Result], shared: Shared, part: Part) -> Result:
    with threadpool_limits(1):
        return work(shared, part)


@contextmanager
def _client(settings: Settings) -> Iterator[Client]:
    # Imported here since it takes a while, and most runs do without.
    import dask
    from distributed import Client, LocalCluster

    if not settings.scheduler:
        with (
            dask.config.set(WITHOUT_PAGES),
            LocalCluster(
                n_workers=settings.workers,
                threads_per_worker=1,
                host=LOOPBACK,
                security=True,  # with a certificate made for it, so that no other account of the machine can join
                dashboard_address=f"{LOOPBACK}:0",
                scheduler_kwargs={"dashboard": False},
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client
        return
    try:
        client = Client(settings.scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            "The Dask scheduler cannot be reached",
            column="scheduler",
            value=settings.scheduler,
            remedy="See whether it runs there (`dask scheduler`), and write its address as tcp://HOST:8786.",
        ) from error
    with client:
        _wait_for_workers(client)
        yield client


def _wait_for_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except (TimeoutError, OSError) as error:
        raise _lost("The Dask scheduler has no workers") from error


def _refuse_other_code(client: Client) -> None:
    """Refuse workers whose Wardcast or libraries are others than these, since they would make other numbers."""
    here = _code_and_libraries()
    answers = client.run(_code_and_libraries, on_error="return")
    for address, there in answers.items():
        if there != here:
            raise InputError(
                f"A Dask worker does not run this version of Wardcast, {here}",
                file=address,
                value=str(there),
                remedy="Install the same version, from the same lock file, on every worker, and start it anew.",
            )


def _code_and_libraries() -> str:
    return f"{code_version()}, lock file {lock_hash()[:12] or 'unknown'}"


def _lost(what: str) -> InputError:
    return InputError(
        what,
        remedy="See the logs of the scheduler and its workers: most often memory ran out. Give each worker 4 GiB, or "
        "start workers with `dask worker ADDRESS --nthreads 1`. What was published before stands.",
    )
