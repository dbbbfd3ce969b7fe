"""A fictional country on disk: the data folders of many simulated forces, written side by side.

Walk in: how many forces, wards and months. Walks out: a folder of data folders.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from sources.catalogue.catalogue import FORCE_ENTRY
from sources.simulated import simulate
from sources.simulated.country import PlannedForce, plan_country


def write_country(
    out: Path, forces: int, wards: int, months: int, seed: int, workers: int, progress: Callable[[], None]
) -> Path:
    """Write a data folder for each force, named after it, and return the folder of them all.

    Forces that an earlier simulation wrote there are replaced, and taken away where they are not in this one.

    Raises
    ------
    ValueError
        If a number is out of bounds.
    FileExistsError
        If the folder holds anything that no simulation wrote.
    """
    planned = plan_country(forces, wards, seed)
    _refuse_foreign_content(out)
    for old in {folder.name for folder in out.glob("*")} - {force.folder for force in planned}:
        shutil.rmtree(out / old)
    out.mkdir(parents=True, exist_ok=True)
    # Processes of their own, since most of the time goes to writing text, which keeps threads waiting.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(partial(_write, out, months), force) for force in planned]):
            done.result()
            progress()
    return out


def _write(out: Path, months: int, force: PlannedForce) -> None:
    simulate(
        out / force.folder, wards=force.wards, months=months, seed=force.seed, identity=force.identity, truth=False
    )


def _refuse_foreign_content(out: Path) -> None:
    for found in out.glob("*"):
        if not (found / "SIMULATED.txt").is_file() or not (found / FORCE_ENTRY).is_file():
            raise FileExistsError(f"{out} holds {found.name}, which no simulation wrote; name an empty or a new folder")
