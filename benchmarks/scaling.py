"""How the main job's time and memory grow with wards, stage by stage, for one force and for many.

    .venv/bin/wardcast simulate --out country --forces 43 --wards 7500 --months 180
    .venv/bin/python benchmarks/scaling.py measure country --workers 2 --out country.csv
    .venv/bin/python benchmarks/scaling.py tell country.csv --picture docs/pictures/scaling_forces.svg

`measure` runs `wardcast run` on a data folder and looks once a second at every force's process: the stage it says
it is in, the processor seconds that it has used, and its resident memory with that of its own processes. It adds a row
for each force and stage to a CSV file. `tell` prints the tables of docs/scaling.md: every force, then all stages of the
largest forces that together have the wards of London once and three times, and of the whole country.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import psutil
from matplotlib.figure import Figure

from publication.charts.charts import STYLE, save_picture

WARDCAST = Path(sys.executable).with_name("wardcast")
TICK = 1.0  # seconds between looks, each of which costs some itself
BEGINS, ENDS = re.compile(r"^(.+) \.\.\.$"), re.compile(r"^(.+): [\d.]+ s$")
BETWEEN = "Between stages"
TIMES_LONDON, LONDON_WARDS = (1, 3, float("inf")), 679
NEARLY = 0.99  # of those wards are near enough
STEPS = ("Reading the force's files", "Judging", "Fitting", "Learning rates by age", "Drawing", "Writing the release")


@dataclass
class Job:
    """One force's process, and what was seen of it by stage."""

    process: psutil.Process
    log: Path
    used: float = 0.0
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    processor_seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    peak_gib: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def look(self, passed: float) -> None:
        """Add what has been used since the last look to the stage that the log says it is in."""
        stage = _stage(self.log)
        with suppress(psutil.NoSuchProcess):
            family = [self.process, *self.process.children(recursive=True)]
            used = sum(sum(each.cpu_times()[:2]) for each in family)
            memory = sum(each.memory_info().rss for each in family) / 2**30
            self.seconds[stage] += passed
            self.processor_seconds[stage] += max(used - self.used, 0.0)
            self.peak_gib[stage] = max(self.peak_gib[stage], memory)
            self.used = used


def measure(data: Path, place: Path, workers: int, draws: int, out: Path) -> None:
    """Run the main job in a place of its own, watch it, and add its rows to a CSV file."""
    place.mkdir(parents=True, exist_ok=True)
    own_log = place / "run.log"
    words = [WARDCAST, "run", "--data", data, "--workers", str(workers), "--draws", str(draws)]
    jobs: dict[int, Job] = {}
    with own_log.open("wb") as said:
        run = subprocess.Popen(words, cwd=place, stdout=said, stderr=said, env=os.environ | {"OMP_NUM_THREADS": "1"})
        before = time.monotonic()
        while run.poll() is None:
            time.sleep(TICK)
            now = time.monotonic()
            for process, log in _jobs(run.pid, data, place):
                jobs.setdefault(process.pid, Job(process, log)).look(now - before)
            before = now
    rows = [
        (job.log.parent.name, _wards(data, job.log), _released(job.log), stage, job.seconds[stage],
         job.processor_seconds[stage], job.peak_gib[stage])
        for job in jobs.values()
        for stage in job.seconds
    ]  # fmt: skip
    columns = ["force", "wards", "released", "stage", "seconds", "processor_seconds", "peak_gib"]
    table = pd.DataFrame(rows, columns=columns).assign(workers=workers, draws=draws)
    table.to_csv(out, mode="a", header=not out.exists(), index=False)
    print(table.to_string())
    print(f"{data.name}: exit code {run.returncode}, {sum(job.used for job in jobs.values()):.0f} processor seconds")


def _jobs(main: int, data: Path, place: Path) -> Iterator[tuple[psutil.Process, Path]]:
    """Yield every force's process and its log: the main one, or those that it started for forces of the folder."""
    with suppress(psutil.NoSuchProcess):
        if (data / "force.toml").is_file():
            yield psutil.Process(main), place / "run.log"
            return
        for child in psutil.Process(main).children():
            words = child.cmdline()
            if "--data" in words:
                yield child, place / "cache" / Path(words[words.index("--data") + 1]).name / "run.log"


def _stage(log: Path) -> str:
    """Return the stage that was last said to begin and not to end."""
    current = BETWEEN
    with suppress(FileNotFoundError):
        for line in log.read_text(encoding="utf-8").splitlines():
            if begun := BEGINS.match(line):
                current = begun[1]
            elif ENDS.match(line):
                current = BETWEEN
    return next((step for step in STEPS if current.startswith(step)), BETWEEN)


def _wards(data: Path, log: Path) -> int:
    folder = data if (data / "force.toml").is_file() else data / log.parent.name
    return len(pd.read_csv(folder / "lookups/ward22_borough_bcu.csv"))


def _released(log: Path) -> bool:
    return "Release: " in log.read_text(encoding="utf-8")


def tell(files: list[Path], picture: Path | None) -> None:
    """Print what each force's job took, and each stage of all of them."""
    rows = pd.concat([pd.read_csv(file).assign(run=file.stem) for file in files], ignore_index=True)
    rows = rows[rows["released"]]
    jobs = rows.groupby(["run", "force", "wards"]).agg(
        processor_seconds=("processor_seconds", "sum"), peak_gib=("peak_gib", "max")
    )
    jobs = jobs.reset_index().sort_values("wards")
    print(jobs.round(2).to_string(index=False))
    seconds_each, a_ward = _line(jobs["wards"], jobs["processor_seconds"])
    print(f"\n{seconds_each:.0f} processor seconds a force and {a_ward:.3f} a ward")
    largest_first = jobs.sort_values("wards", ascending=False)
    reached = largest_first["wards"].cumsum()
    for times in TIMES_LONDON:
        chosen = largest_first[(reached - largest_first["wards"]) < times * LONDON_WARDS * NEARLY]
        part = rows.merge(chosen[["run", "force"]])
        by_stage = part.groupby("stage").agg(
            processor_seconds=("processor_seconds", "sum"), peak_gib=("peak_gib", "max")
        )
        print(f"\n{len(chosen)} forces, {chosen['wards'].sum():,} wards")
        print(by_stage.reindex([*STEPS, BETWEEN]).dropna().round(1).to_string())
        print(f"all {by_stage['processor_seconds'].sum():,.0f}, largest memory {by_stage['peak_gib'].max():.2f} GiB")
    if picture:
        _draw(jobs, picture)


def _line(wards: pd.Series, values: pd.Series) -> tuple[float, float]:
    """Return the constant and the slope of a straight line through values by wards (least squares)."""
    slope, constant = np.polyfit(wards, values, 1)
    return float(constant), float(slope)


def _draw(jobs: pd.DataFrame, file: Path) -> None:
    """Draw processor seconds and largest memory of every force's job over its wards."""
    titles = {"processor_seconds": "Processor seconds of a force's job", "peak_gib": "Its largest memory, GiB"}
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 3), layout="constrained")
        for axes, (column, title) in zip(figure.subplots(1, 2), titles.items(), strict=True):
            constant, slope = _line(jobs["wards"], jobs[column])
            ends = np.array([0, jobs["wards"].max()])
            axes.plot(ends, constant + slope * ends, color="#28A197", linewidth=1)
            axes.plot(jobs["wards"], jobs[column], "o", color="#12436D", markersize=4)
            axes.set_title(title, fontsize=10, loc="left")
            axes.set_xlabel("wards")
            axes.set_xlim(left=0)
            axes.set_ylim(bottom=0)
        save_picture(figure, file)


def main() -> None:
    """Measure, or tell what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("measure")
    measuring.add_argument("data", type=Path)
    measuring.add_argument("--place", type=Path, help="folder to work in; beside the CSV file if none is named")
    measuring.add_argument("--workers", type=int, default=2)
    measuring.add_argument("--draws", type=int, default=400)
    measuring.add_argument("--out", type=Path, required=True)
    telling = commands.add_parser("tell")
    telling.add_argument("files", type=Path, nargs="+")
    telling.add_argument("--picture", type=Path, help="file to draw the curves into")
    arguments = parser.parse_args()
    if arguments.command == "measure":
        place = arguments.place or arguments.out.with_suffix(".work")
        measure(arguments.data.resolve(), place.resolve(), arguments.workers, arguments.draws, arguments.out)
    else:
        tell(arguments.files, arguments.picture)


if __name__ == "__main__":
    main()
