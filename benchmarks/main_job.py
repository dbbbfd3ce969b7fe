"""The main job, stage by stage: seconds, processor seconds and peak memory.

    .venv/bin/python benchmarks/main_job.py ../shared/data

Runs the commands that have a limit of their own, with what the main job itself says of its stages, then the engine's
own steps: one origin 12 and 48 months ahead with 400 draws, and calibration on past origins apart. Memory is the
largest resident size seen during the step; processor seconds tell more than seconds where others use the machine too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import psutil

ROWS: list[tuple[str, float, float, float]] = []
WARDCAST = Path(sys.executable).with_name("wardcast")


@contextmanager
def measured(step: str) -> Iterator[None]:
    """Time a step and watch the memory of this process and its children."""
    done, peak = Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.02):
            try:
                own = psutil.Process()
                family = [own, *own.children(recursive=True)]
                peak[0] = max(peak[0], sum(each.memory_info().rss for each in family) / 2**30)
            except psutil.NoSuchProcess:
                continue

    watcher = Thread(target=watch)
    watcher.start()
    started, used = time.perf_counter(), _processor_seconds()
    try:
        yield
    finally:
        seconds, used = time.perf_counter() - started, _processor_seconds() - used
        done.set()
        watcher.join()
        ROWS.append((step, seconds, used, peak[0]))


def command(step: str, *words: object, folder: Path | None = None) -> str:
    """Measure one command, which must succeed, and return what it said."""
    with measured(step):
        done = subprocess.run([WARDCAST, *map(str, words)], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def engine(data: Path) -> None:
    """Measure the engine's steps at the last month of the data."""
    from features.panel import build_panel
    from models.draws.summary import forecast_table
    from models.fit import fit_at
    from models.forecast.forecast import months_ahead
    from models.people.population_demand import learn_population_demand
    from models.recipes.catalogue import MODELS
    from models.uncertainty.variances import estimate_noise
    from sources.read_force import read_force

    model = MODELS["boosted"]
    with measured("read the files"):
        tables = read_force(data)
    with measured("build the panel"):
        panel = build_panel(tables)
    origin = panel.last_month
    known = panel.as_known_at(origin)
    with measured("calibration on past origins"):
        noise = estimate_noise(model.judged_by, known)
    for horizon in (12, 48):
        with measured(f"one origin, {horizon} months, 400 draws, all quantiles"):
            fitted = fit_at(model, panel, origin, lambda model, known: noise)
            demand = learn_population_demand(known)
            ahead = demand.factor(months_ahead(origin, horizon))
            forecast_table(fitted.forecast(horizon, ahead, strength=demand.strength.mean), panel.areas)
    with measured("  of which factors"):
        model.factors(known)


def _processor_seconds() -> float:
    """Return processor seconds of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> None:
    """Print the table of steps and, before it, the main job's own account of its stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--engine-only", action="store_true", help="measure the engine's steps alone")
    arguments = parser.parse_args()
    data = arguments.data.resolve()
    if not arguments.engine_only:
        with TemporaryDirectory() as place:
            folder = Path(place)
            command("wardcast --help", "--help")
            command("wardcast check", "check", "--data", data, folder=folder)
            said = command("wardcast run, everything", "run", "--data", data, folder=folder)
        print("\n".join(line for line in said.splitlines() if line.endswith(" s")))
    engine(data)
    print(f"\n{'step':50} {'seconds':>8} {'processor':>10} {'peak GiB':>9}")
    for step, seconds, used, peak in ROWS:
        print(f"{step:50} {seconds:8.1f} {used:10.1f} {peak:9.2f}")
    print(f"{os.cpu_count()} processors; load of the last minute {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
