"""The main job, stage by stage: seconds and peak memory.

    .venv/bin/python benchmarks/main_job.py ../shared/data

Runs the flows' own functions in the order of `wardcast run`, 48 months ahead with 400 draws, and the commands that
have a limit of their own. Memory is the largest resident size seen during the stage.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import psutil

ROWS: list[tuple[str, float, float]] = []
WARDCAST = Path(sys.executable).with_name("wardcast")


@contextmanager
def measured(stage: str) -> Iterator[None]:
    """Time a stage and watch the memory of this process and its children."""
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
    started = time.perf_counter()
    try:
        yield
    finally:
        ROWS.append((stage, time.perf_counter() - started, 0.0))
        done.set()
        watcher.join()
        ROWS[-1] = (*ROWS[-1][:2], peak[0])


def command(stage: str, *words: object, folder: Path | None = None) -> None:
    """Measure one command, which must succeed."""
    with measured(stage):
        subprocess.run([WARDCAST, *map(str, words)], cwd=folder, check=True, capture_output=True)


def stages(data: Path, folder: Path) -> None:
    """Measure what the flows do, without Prefect and MLflow around it."""
    from datetime import UTC, datetime

    from features.panel import build_panel
    from features.population import population_factor
    from models.catalogue import MODELS
    from models.forecast import months_ahead
    from models.scores import score, score_summary
    from models.summary import forecast_table
    from pipelines.publish import write_contents
    from publication.release import ReleaseFacts, write_release
    from sources.force import read_force

    model = MODELS["boosted"]
    with measured("read the files"):
        tables = read_force(data)
    with measured("build the panel"):
        panel = build_panel(tables)
    origin, past = panel.last_month, panel.months[-13]
    with measured("judge: factors and noise a year ago"):
        judged = model.fit(panel, past)
    with measured("judge: 12 months of draws"):
        last_year = forecast_table(judged.forecast(12), panel.areas)
    with measured("judge: scores"):
        scores = score(last_year, tables.offences, tables.areas, tables.crime_types)
    with measured("fit: factors"):
        model.factors(panel)
    with measured("fit: factors and noise"):
        fitted = model.fit(panel, origin)
    with measured("forecast: 48 months, 400 draws"):
        exposure = population_factor(panel, origin, months_ahead(origin, 48))
        table = forecast_table(fitted.forecast(48, exposure), panel.areas)
    facts = ReleaseFacts(
        run_id="benchmark",
        force=tables.force,
        origin=origin,
        horizon=48,
        scenarios=("central",),
        data_vintage="benchmark",
        inputs=tables.manifest,
        code_version="benchmark",
        created_at=datetime.now(UTC),
    )
    with measured("write the release"):
        write_release(
            folder / "releases",
            lambda release: write_contents(release, table, tables, score_summary(scores), facts),
            facts,
        )


def main() -> None:
    """Print the table of stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data.resolve()
    with TemporaryDirectory() as place:
        folder = Path(place)
        command("wardcast --help", "--help")
        command("wardcast check", "check", "--data", data, folder=folder)
        command("wardcast run, everything", "run", "--data", data, folder=folder)
        stages(data, folder / "stages")
    print(f"{'stage':40} {'seconds':>8} {'peak GiB':>9}")
    for stage, seconds, peak in ROWS:
        print(f"{stage:40} {seconds:8.1f} {peak:9.2f}")


if __name__ == "__main__":
    main()
