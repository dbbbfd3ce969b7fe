"""What runs by itself: a new month is published once, nothing new does nothing, what is odd is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipelines.running.refresh_lock import one_at_a_time
from publication.release.release import latest, list_releases
from sources.files.errors import InputError
from tests.running.place import QUICK, Place, simulate_without_ages

CHECKS = """
import os, sys, time
from pathlib import Path
from pipelines.settings import load_settings, prepare_environment
prepare_environment(load_settings())
from prefect.client.orchestration import get_client
from pipelines.flows.scheduled import daily_check, monthly_refresh
from publication.release.release import list_releases, point_latest_to
for data in sys.argv[1:]:
    os.environ["WARDCAST_DATA"] = data
    try:
        print("CHECKED", daily_check())
    except Exception as error:
        print("REFUSED", str(error).splitlines()[0])
        os.environ["WARDCAST_DATA"] = sys.argv[2]
# Who went back to an earlier release does not get the later one again.
point_latest_to(Path("releases"), list_releases(Path("releases"))[-2].name)
print("CHECKED", monthly_refresh())
with get_client(sync_client=True) as client:
    for _ in range(120):
        asked = {"filter": {"event": {"name": ["wardcast.alert"]}}}
        events = client.request("POST", "/events/filter", json=asked).json()["events"]
        if {event["payload"]["kind"] for event in events} >= {"stalled feed", "refused input"}:
            break
        time.sleep(0.5)
for kind, said in sorted({(event["payload"]["kind"], event["payload"]["said"]) for event in events}):
    print("ALERTED", kind, said)
"""
HOLD = """
import sys, time
from pathlib import Path
from pipelines.running.refresh_lock import one_at_a_time
with one_at_a_time(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def with_a_new_type(data: Path, folder: Path) -> Path:
    """Return a copy of a data folder whose newest ward file names a crime type that nobody knows."""
    shutil.copytree(data, folder)
    (file,) = folder.glob("mps_recorded_crime/ward22_recent_2*")
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    (minor,) = [name for name in table if name.lower() == "minortext"]
    table[minor] = table[minor].replace({table[minor].iloc[0]: "DRONE MISUSE"})
    table.to_csv(file, index=False)
    return folder


@pytest.mark.e2e
def test_a_new_month_is_released_once(place: Place, prefect_home: Path) -> None:
    newer = simulate_without_ages(place.folder / "newer", months=49, last_month="2025-04")
    unheard_of = with_a_new_type(newer, place.folder / "unheard-of")
    before = list_releases(place.releases)
    done = subprocess.run(
        [sys.executable, "-c", CHECKS, place.folder / "data", newer, newer, unheard_of],
        cwd=place.folder,
        env=os.environ | QUICK | {"PREFECT_HOME": str(prefect_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [line.removeprefix("CHECKED ") for line in done.stdout.splitlines() if line.startswith("CHECKED")]
    assert said[0].startswith("Nothing new")
    assert said[1].startswith("A new month has arrived: the data reach 2025-04")
    assert said[2].startswith("Nothing new")
    assert said[3].startswith("Nothing new")
    # The data end long before today, and nobody looks: what is overdue or refused is told by events.
    alerted = [line.removeprefix("ALERTED ") for line in done.stdout.splitlines() if line.startswith("ALERTED")]
    assert any(line.startswith("stalled feed The newest month is 2025-0") for line in alerted)
    assert any(line.startswith("refused input") and "DRONE MISUSE" in line for line in alerted), alerted
    after = list_releases(place.releases)
    assert after[:-1] == before
    assert latest(place.releases) == before[-1]


@pytest.mark.integration
def test_a_lock_is_held_by_one_and_dies_with_its_holder(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(InputError, match=f"process {holder.pid}"), one_at_a_time(tmp_path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with one_at_a_time(tmp_path):
        assert (tmp_path / ".refresh.lock").read_text() == f"{os.getpid()}\n"
