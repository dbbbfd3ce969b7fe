"""Damaged files by the thousand, read in two processes under limits.

    .venv/bin/python -m tests.deep.mutations.run --data ../shared/data                       the table
    .venv/bin/python -m tests.deep.mutations.run --data ../shared/data "knife crime" 17      one mutation again

Walks in: the London bundle. Walks out: an `Outcome` for each mutation, and the table of how they ended.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from tests.deep.mutations.damage import FAULT, QUARANTINED, REFUSED, SUCCESS, Outcome, mutated
from tests.deep.mutations.excerpts import write_excerpts
from tests.deep.mutations.forces import FORCE_CASES
from tests.deep.mutations.kept import KEPT_CASES, write_kept
from tests.deep.mutations.limits import (
    MEMORY,
    StrayFileError,
    TooLongError,
    largest_memory,
    limit_worker,
    one_mutation,
)
from tests.deep.mutations.publishers import CASES

WORKERS = 2
BUNDLE = "bundle"
MUTATIONS = 2_000
OF_WHOLE_FORCES = len(FORCE_CASES)  # one each
AT_ONCE = 10  # mutations that a worker is given together

# Whole files of London, in place of excerpts: those that a second count gets through in seconds.
FULL_FILES = {
    name: replace(case, name=name, corpus=BUNDLE)
    for name, case in ((f"full file, {case.name}", case) for case in CASES)
    if case.corpus == "london" and case.name not in ("stops", "victims of violence against women")
}
ALL_CASES = {case.name: case for case in (*CASES, *KEPT_CASES, *FORCE_CASES)} | FULL_FILES

Task = tuple[str, int]


def full_tasks() -> list[Task]:
    """Return the twenty mutations of whole files."""
    return _shared_out(list(FULL_FILES), 20)


def tasks() -> list[Task]:
    """Return every mutation by case and number: `MUTATIONS` in all, shared out evenly."""
    return [
        *_shared_out([case.name for case in (*CASES, *KEPT_CASES)], MUTATIONS - OF_WHOLE_FORCES),
        *_shared_out([case.name for case in FORCE_CASES], OF_WHOLE_FORCES),
    ]


def write_corpus(bundle: Path, out: Path) -> Path:
    """Write the undamaged files that all mutations are made of."""
    write_excerpts(bundle, out)
    write_kept(out)
    (out / BUNDLE).symlink_to(bundle)
    return out


def outcomes(chosen: Sequence[Task], corpus: Path, working: Path) -> list[Outcome]:
    """Return how the mutations ended, read in processes under limits.

    Raises
    ------
    RuntimeError
        When a process died, naming the mutations that were at work.
    """
    working.mkdir(parents=True, exist_ok=True)
    several = [chosen[start : start + AT_ONCE] for start in range(0, len(chosen), AT_ONCE)]
    start_afresh = get_context("spawn")  # a fork would share the threads and the memory of this process
    with ProcessPoolExecutor(WORKERS, start_afresh, initializer=limit_worker) as pool:
        try:
            return [
                each
                for some in pool.map(_several, several, [corpus] * len(several), [working] * len(several))
                for each in some
            ]
        except BrokenProcessPool as error:
            at_work = ", ".join(file.read_text(encoding="utf-8") for file in sorted(working.glob("*.at_work")))
            raise RuntimeError(f"A process died; at work were: {at_work}") from error


def _several(chosen: Iterable[Task], corpus: Path, working: Path) -> list[Outcome]:
    return [one(task, corpus, working / str(os.getpid())) for task in chosen]


def one(task: Task, corpus: Path, workspace: Path) -> Outcome:
    """Return how one mutation ended; its number alone decides what is damaged and how."""
    name, number = task
    workspace.with_suffix(".at_work").write_text(f"{name} {number}", encoding="utf-8")
    if workspace.exists():
        shutil.rmtree(workspace)
    workspace.mkdir(parents=True)
    try:
        ended = mutated(ALL_CASES[name], number, corpus, workspace, one_mutation)
    except (TooLongError, StrayFileError, MemoryError) as error:
        return Outcome(name, number, "", FAULT, f"{type(error).__name__}: {error}")
    if largest_memory() > MEMORY:
        return Outcome(name, number, ended.operation, FAULT, f"{largest_memory():,} bytes of memory")
    return ended


def table(found: Iterable[Outcome]) -> pd.DataFrame:
    """Return how mutations ended by case: mutations, success, quarantined, refused, faults."""
    counted = Counter((each.case, each.ended) for each in found)
    names = dict.fromkeys(case for case, _ in counted)
    rows = {name: [counted[name, ended] for ended in (SUCCESS, QUARANTINED, REFUSED, FAULT)] for name in names}
    shown = pd.DataFrame.from_dict(rows, orient="index", columns=["success", "quarantined", "refused", "faults"])
    shown.insert(0, "mutations", shown.sum(axis="columns"))
    return pd.concat([shown, shown.sum().rename("all").to_frame().T])


def told(fault: Outcome) -> str:
    """Return a fault in words, with what makes it again."""
    again = f'.venv/bin/python -m tests.deep.mutations.run --data ../shared/data "{fault.case}" {fault.number}'
    return f"{fault.case}, {fault.operation}, again with: {again}\n{fault.said}"


def _shared_out(names: Sequence[str], number: int) -> list[Task]:
    return [(names[place % len(names)], place // len(names)) for place in range(number)]


def main() -> None:
    """Run all mutations, or one again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="Folder of the London bundle.")
    parser.add_argument("case", nargs="?", help="Case of the one mutation to run again.")
    parser.add_argument("number", nargs="?", type=int, default=0, help="Its number.")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        corpus = write_corpus(given.data.resolve(), Path(folder) / "corpus")
        if given.case:
            print(one((given.case, given.number), corpus, Path(folder) / "workspace"))
            return
        found = outcomes([*tasks(), *full_tasks()], corpus, Path(folder) / "working")
    for fault in (each for each in found if each.ended == FAULT):
        print(told(fault))
    print(table(found).to_string())


if __name__ == "__main__":
    main()
