"""Commands of Wardcast in processes of their own that can really be killed, and struck at a named function.

They are forked from a process that has imported everything, since importing is most of the time of a small run.
"""

from __future__ import annotations

import errno
import functools
import os
import pkgutil
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from prefect.context import refresh_global_settings_context

PATIENCE = 1800.0  # seconds; the time limit of a test usually comes before
_forks = get_context("forkserver")
_forks.set_forkserver_preload(["tests.running.preloaded"])


@dataclass(frozen=True)
class Strike:
    """What happens to a command when it calls a function (`module:name`) for the n-th time.

    kill : the process dies by SIGKILL. stop : it stands still until it is told to go on. fail : the call raises an
    error of the disk, once. fail always : the same, at this and every later call.
    """

    at: str
    do: Literal["kill", "stop", "fail", "fail always"] = "kill"
    call: int = 1

    def lie_in_wait(self) -> None:
        """Put the strike in the function's way."""
        module, _, path = self.at.partition(":")
        *owner, name = path.split(".")
        holder = pkgutil.resolve_name(f"{module}:{'.'.join(owner)}" if owner else module)
        struck, calls = getattr(holder, name), 0

        @functools.wraps(struck)
        def wrapped(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == self.call or (calls > self.call and self.do == "fail always"):
                self.strike()
            return struck(*arguments, **named)

        setattr(holder, name, wrapped)

    def strike(self) -> None:
        """Strike the process that calls."""
        if self.do == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.do == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


class Command:
    """A command at work in a folder; what it says goes to a file."""

    def __init__(
        self, folder: Path, words: tuple[str, ...], variables: Mapping[str, str], strike: Strike | None = None
    ) -> None:
        # Beside the folder, in which nothing may be left lying about.
        self._out, self._err = (folder.parent / f"{stream}-{time.monotonic_ns()}.txt" for stream in ("out", "err"))
        for file in (self._out, self._err):
            file.touch()
        self.process = _forks.Process(target=_work, args=(folder, words, dict(variables), self._out, self._err, strike))
        self.process.start()

    @property
    def out(self) -> str:
        """What it has written to standard output so far."""
        return self._out.read_text()

    @property
    def err(self) -> str:
        """What it has written to standard error so far."""
        return self._err.read_text()

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self.err + self.out

    def wait_until(self, reached: Callable[[], object]) -> None:
        """Wait for a moment of its work."""
        deadline = time.monotonic() + PATIENCE
        while not reached():
            assert self.process.is_alive(), f"it ended before its moment came: {self.said}"
            assert time.monotonic() < deadline, f"its moment never came: {self.said}"
            time.sleep(0.01)

    def wait_until_it_says(self, words: str) -> None:
        """Wait for words."""
        self.wait_until(lambda: words in self.said)

    def wait_until_it_stands(self) -> None:
        """Wait until a strike has stopped it."""
        state = Path(f"/proc/{self.process.pid}/stat")
        self.wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T")

    def send(self, number: int) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def end(self) -> int:
        """Wait for its end and return its exit code, negative for the signal that ended it."""
        self.process.join(PATIENCE)
        assert self.process.exitcode is not None, f"it hangs: {self.said}"
        return self.process.exitcode


def _work(
    folder: Path, words: tuple[str, ...], variables: dict[str, str], out: Path, err: Path, strike: Strike | None
) -> None:
    os.chdir(folder)
    os.environ.pop("PREFECT_API_URL", None)  # should the process have one from which commands are forked
    os.environ.update(variables)
    refresh_global_settings_context()
    for stream, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_APPEND), stream)
    if strike is not None:
        strike.lie_in_wait()
    if words == ("daily check",):
        from pipelines.flows.scheduled import daily_check

        print(daily_check(), flush=True)
    else:
        from pipelines.commands.cli import app

        app(words)
