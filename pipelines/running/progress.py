"""Progress for whoever watches: a bar on a terminal, a line a stage elsewhere.

Walks in: a stage's name and size. Walks out: a function to call at each step. Flows call `stage` wherever they run;
nothing is shown unless the command line opened a display.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipelines.running.memory import give_back

_display: list[Progress] = []
_interrupted = Event()


def stop_at_interrupt() -> None:
    """Let Ctrl-C or SIGTERM stop the work at once or, where a library swallows it, before the next stage begins.

    Call from the main thread.
    """

    def interrupt(signal_number: int, frame: FrameType | None) -> None:
        _interrupted.set()
        raise KeyboardInterrupt

    _interrupted.clear()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


@contextmanager
def display(console: Console) -> Iterator[None]:
    """Show the stages of everything that runs inside."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        _display.append(progress)
        try:
            yield
        finally:
            _display.remove(progress)


def tell(words: str) -> None:
    """Say something to whoever watches."""
    if _display:
        _display[-1].console.print(words, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def stage(description: str, steps: int = 1) -> Iterator[Callable[[], None]]:
    """Show one stage of `steps` steps and give the function that marks a step as done."""
    if _interrupted.is_set():
        raise KeyboardInterrupt
    give_back()
    if not _display:
        yield lambda: None
        return
    progress = _display[-1]
    task = progress.add_task(description, total=steps)
    shown = progress.console.is_terminal
    if not shown:
        progress.console.print(f"{description} ...")
    started = monotonic()
    yield lambda: progress.advance(task)
    progress.update(task, completed=steps)
    if not shown:
        progress.console.print(f"{description}: {monotonic() - started:.1f} s")
