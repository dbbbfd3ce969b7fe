"""A plan by stage, from the draws that a forecast kept: seconds, processor seconds, and peak memory so far.

.venv/bin/python benchmarks/plan_stages.py cache/panel-1a2b3c/forecast-1 --force E23000001 \
    [--streams cache/streams-1a2b3c] [--plan FOLDER]
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from pipelines.kept.kept_draws import digest_of, read_kept_draws
from pipelines.steps.plan_series import series_of_residents, series_of_streams, shares_by_age
from planning.folder.check import Ground
from planning.folder.read import read_plan
from planning.make import make_plan
from publication.plan.files import write_plan_files


@contextmanager
def measured(stage: str) -> Iterator[None]:
    """Print what a stage took."""
    started, worked = time.monotonic(), time.process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    took, used = time.monotonic() - started, time.process_time() - worked
    print(f"{stage:20} {took:7.1f} s {used:7.1f} s of processor  peak {peak:.2f} GiB", flush=True)


def main() -> None:
    """Plan on a forecast's folder and print the stages."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("forecast", type=Path)
    asked.add_argument("--force", default="E23000001")
    asked.add_argument("--plan", type=Path)
    asked.add_argument("--streams", type=Path, help="folder cache/streams-... of the same data")
    given = asked.parse_args()
    with measured("read draws"):
        kept = read_kept_draws(given.forecast)
    with measured("digest of draws"):
        digest_of(given.forecast)
    areas, types = (pd.read_parquet(given.forecast.parent / f"{name}.parquet") for name in ("areas", "crime_types"))
    majors = dict(zip(types["crime_type"], types["major_type"], strict=True))
    months = pd.DatetimeIndex(kept.by_month["month"].to_numpy())
    with measured("read series and ages"):
        series = series_of_streams(given.streams) | series_of_residents(given.forecast)
        ages = shares_by_age(given.forecast)
    ground = Ground(given.force, areas, majors, months, series=series, ages=ages)
    with measured("read plan"):
        plan = read_plan(given.plan, ground)
    with measured("make plan"):
        result = make_plan(kept, plan, ground)
    with measured("write tables"), TemporaryDirectory() as folder:
        write_plan_files(Path(folder), result.tables)
    pd.set_option("display.width", 200)
    of_force = (result.tables["work"]["area_level"] == "force") & (result.tables["work"]["what"] == "all")
    hours = result.tables["work"][of_force].pivot_table(index=["scenario", "function"], columns="year", values="mean")
    print(hours.round(0).to_string())
    people = result.tables["people"]
    if len(people):
        rows = people[(people["function"] == "all") & (people["area_level"] == "force")]
        print(rows.drop(columns=["area_level", "area_code", "area_name", "function"]).round(2).to_string())
        print(result.tables["break_even"].to_string())
        print(result.tables["variance"].round(4).to_string())
    for name in (
        "categories",
        "stream_work",
        "against_central",
        "frontline",
        "ranks",
        "backlog",
        "posts_beside_hours",
    ):
        print(name, result.tables[name].round(3).to_string(), sep="\n")


if __name__ == "__main__":
    main()
