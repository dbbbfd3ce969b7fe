"""Many forces: the whole job of each, in a process, a cache, a tracking folder and a releases folder of its own.

Walks in: a folder of data folders. Walks out: what each force's job came to and what it took. The failure of one does
not touch the others, and any of them can be refreshed alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from pipelines.running.prefect_server import running_server
from pipelines.settings import Settings
from sources.catalogue.catalogue import FORCE_ENTRY
from sources.files.errors import InputError

LOG = "run.log"
PARTITIONED = ("releases", "cache", "mlruns")  # folders of which each force has its own part
KIB_A_GIB = 2**20


@dataclass(frozen=True)
class ForceRun:
    """What one force's job came to: its exit code, its log, and what it took."""

    force: str
    exit_code: int
    log: Path
    seconds: float
    processor_seconds: float
    peak_gib: float

    @property
    def said(self) -> str:
        """The last thing that it said."""
        lines = [line for line in self.log.read_text(encoding="utf-8").splitlines() if line.strip()]
        errors = [place for place, line in enumerate(lines) if line.startswith("Error: ")]
        return "\n".join(lines[errors[-1] :]) if errors else "".join(lines[-1:])


def forces_in(data: Path, chosen: Sequence[str] = ()) -> list[str]:
    """Return the data folders in a folder of forces, largest first; none where it is itself the folder of one force.

    Raises
    ------
    InputError
        When a chosen one is not among them.
    """
    if (data / FORCE_ENTRY).is_file():
        there = []
    else:
        there = sorted((entry.parent for entry in data.glob(f"*/{FORCE_ENTRY}")), key=_size, reverse=True)
    names = [folder.name for folder in there]
    for name in chosen:
        if name not in names:
            raise InputError(
                "There is no data folder of this force",
                file=data,
                value=name,
                remedy=f"Name one of: {', '.join(sorted(names)) or 'none; this is the folder of one force'}.",
            )
    return [name for name in names if not chosen or name in chosen]


def run_forces(settings: Settings, flags: Mapping[str, object], forces: Sequence[str]) -> Iterator[ForceRun]:
    """Do the whole job of each force, as many side by side as there are workers, and yield each as it ends.

    `flags` are the settings given on the command line, which the forces' jobs take over.
    """
    for name in ("tracking_uri", "database_address"):
        if getattr(settings, name).get_secret_value():
            raise InputError(
                "Forces would overwrite each other in a shared server: champions and loaded rows are of one force",
                column=name,
                remedy="Unset it, or run each force by itself with a server or database of its own.",
            )
    side_by_side = min(settings.workers, len(forces))
    given = {name: value for name, value in flags.items() if value is not None and name != "data"}
    given |= {"workers": max(1, settings.workers // side_by_side)}
    pool = ThreadPoolExecutor(side_by_side)
    at_work: set[int] = set()
    # One Prefect server for all: each would otherwise start its own.
    with running_server(settings.prefect_port) as address:
        try:
            running = [pool.submit(_run, settings, given, force, address, at_work) for force in forces]
            for done in as_completed(running):
                yield done.result()
        finally:
            # Who is stopped stops the forces' jobs too: a signal to this process does not reach them.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in tuple(at_work):
                os.kill(process, signal.SIGTERM)
            pool.shutdown()


def _run(settings: Settings, given: Mapping[str, object], force: str, address: str, at_work: set[int]) -> ForceRun:
    """Run one force's job to its end in a process of its own, whose number is in `at_work` until then."""
    own = {name: getattr(settings, name) / force for name in PARTITIONED}
    words = {f"WARDCAST_{name.upper()}": _text(value) for name, value in {**given, **own}.items()}
    for folder in own.values():
        folder.mkdir(parents=True, exist_ok=True)
    log = own["cache"] / LOG
    started = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "wardcast", "run", "--data", settings.data / force],
            env=os.environ | words | {"PREFECT_API_URL": address},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        at_work.add(process.pid)
        # Waited for first, so that the number is not yet another's; in this way, since it tells what was used.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        at_work.remove(process.pid)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return ForceRun(
        force=force,
        exit_code=process.returncode,
        log=log,
        seconds=time.monotonic() - started,
        processor_seconds=used.ru_utime + used.ru_stime,
        peak_gib=used.ru_maxrss / KIB_A_GIB,
    )


def _text(value: object) -> str:
    """Return a setting as the environment gives it."""
    return json.dumps(value) if isinstance(value, Mapping) else str(value)


def _size(folder: Path) -> int:
    """Return the bytes of a folder's files: the larger a force, the longer its job."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
