"""A month played through: the schedule serves, a new month arrives, the release switches, the old one is scored.

    python benchmarks/month_played.py --data DATA --work FOLDER

Copies a data folder without its newest month, serves the schedule over the copy with a check every minute, puts the
newer files beside the older ones as a publisher would, waits until the release has switched and a later check has found
nothing new, stops the schedule and prints what happened. Settings come from the environment, as `WARDCAST_DRAWS=40`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import pandas as pd

CRIME = "mps_recorded_crime"
PATIENCE = 7200.0  # seconds
EVERY_MINUTE = "* * * * *"
PROMISES = "promises.csv"


def main() -> None:
    """Play a month through and print when what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder to work in, new")
    given = parser.parse_args()
    given.work.mkdir(parents=True)
    data = shutil.copytree(given.data, given.work / "data", copy_function=shutil.copyfile)
    newer = take_newest_month(data / CRIME, given.work / "to-come")
    port = free_port()
    server = f"http://127.0.0.1:{port}/api"
    with (given.work / "schedule.log").open("w") as log:
        schedule = subprocess.Popen(
            [Path(sys.executable).with_name("wardcast"), "schedule"],
            cwd=given.work,
            env={"WARDCAST_DAILY_CHECK_AT": EVERY_MINUTE}
            | os.environ
            | {"WARDCAST_PREFECT_PORT": str(port), "PREFECT_HOME": str((given.work / "prefect").resolve())},
            stdout=log,
            stderr=log,
        )
        try:
            told("the schedule is started")
            latest = given.work / "releases" / "latest"
            wait_until(latest.exists, schedule)
            first = latest.resolve()
            told(f"caught up at once: {first.name} is released")
            wait_until(lambda: checks_completed(server) >= 1, schedule)
            told("a check by the clock has found nothing new")
            for file in newer:
                file.rename(data / CRIME / file.name)
            told(f"the new month's files are there: {', '.join(file.name for file in newer)}")
            wait_until(lambda: latest.resolve() != first, schedule)
            told(f"the release has switched: {latest.resolve().name}")
            done = checks_completed(server)
            wait_until(lambda: checks_completed(server) >= done + 2, schedule)
            told("a later check has found nothing new")
            runs = flow_runs(server)
        finally:
            schedule.send_signal(signal.SIGTERM)
            code = schedule.wait(120)
        told(f"stopped by SIGTERM, exit code {code}; the server {'still ' if answers(server) else 'no longer '}answers")
    report(given.work, runs)


def take_newest_month(folder: Path, aside: Path) -> list[Path]:
    """Take the newest month out of a folder's wide files; return the whole files that hold it, moved aside.

    What stays is named by the month it now ends in.
    """
    aside.mkdir()
    wide = {file: months for file in sorted(folder.glob("*.csv*")) if (months := month_columns(file))}
    newest = max(months[-1] for months in wide.values())
    moved = []
    for file, months in wide.items():
        if months[-1] != newest:
            continue
        table = pd.read_csv(file, dtype=str, keep_default_na=False).drop(columns=newest)
        name = file.name.replace(newest, months[-2])
        moved.append(file.rename(aside / file.name))
        table.to_csv(folder / name, index=False)
    return moved


def month_columns(file: Path) -> list[str]:
    """Return the month columns of a wide file, in order."""
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        return sorted(name for name in lines.readline().strip().split(",") if name.isdigit())


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def told(words: str) -> None:
    """Say it, with the time."""
    print(f"{datetime.now():%H:%M:%S}  {words}", flush=True)


def wait_until(true: Callable[[], bool], schedule: subprocess.Popen[bytes]) -> None:
    """Wait until it is true; stop with an error if the schedule ends before."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        if schedule.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"The schedule ended or nothing came of it, exit code {schedule.poll()}: see schedule.log")
        time.sleep(0.5)


def flow_runs(server: str) -> list[dict[str, str]]:
    """Return the runs of the schedule's flows that Prefect knows, oldest first: name, state, when."""
    flows = httpx.post(f"{server}/flows/filter", json={}).json()
    names = {flow["id"]: flow["name"] for flow in flows}
    found = httpx.post(f"{server}/flow_runs/filter", json={"sort": "START_TIME_ASC", "limit": 200}).json()
    return [
        {
            "flow": names[run["flow_id"]],
            "by": "the clock" if run["deployment_id"] else "the start or another flow",
            "state": run["state_name"],
            "start": (run["start_time"] or "")[11:19],
            "end": (run["end_time"] or "")[11:19],
        }
        for run in found
        if run["start_time"]
    ]


def checks_completed(server: str) -> int:
    """Return how many checks that the clock started have ended well."""
    return sum(run["by"] == "the clock" and run["state"] == "Completed" for run in flow_runs(server))


def answers(server: str) -> bool:
    """Whether anything listens at the address."""
    try:
        return httpx.get(f"{server}/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def report(work: Path, runs: list[dict[str, str]]) -> None:
    """Print the flow runs, the releases and how the first one kept its promises."""
    print("\n" + pd.DataFrame(runs).to_string(index=False))
    releases = sorted(folder for folder in (work / "releases").iterdir() if folder.is_dir() and not folder.is_symlink())
    for release in releases:
        manifest = json.loads((release / "manifest.json").read_text())
        served = ", served" if release == (work / "releases" / "latest").resolve() else ""
        print(f"{release.name}: data to {manifest['origin']}, made {manifest['created_at']}{served}")
    print((work / "releases" / "latest" / PROMISES).read_text())


if __name__ == "__main__":
    main()
