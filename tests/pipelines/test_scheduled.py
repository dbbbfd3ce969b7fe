"""What runs by itself: a new month is published once, nothing new does nothing, one refresh at a time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.one_at_a_time import one_at_a_time
from publication.release import latest, list_releases
from sources.contracts import InputError
from sources.simulated import simulate
from tests.pipelines.conftest import SMALL, Workplace

CHECKS = """
import os, sys
from pipelines.settings import load_settings, prepare_environment
prepare_environment(load_settings())
from pipelines.scheduled import daily_check, monthly_refresh
for data in sys.argv[1:]:
    os.environ["WARDCAST_DATA"] = data
    print("CHECKED", daily_check())
print("CHECKED", monthly_refresh())
"""
HOLD = """
import sys, time
from pathlib import Path
from pipelines.one_at_a_time import one_at_a_time
with one_at_a_time(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.mark.e2e
def test_a_new_month_is_released_once(workplace: Workplace, released: Path, tmp_path: Path) -> None:
    # In a copy, for other tests go on from what the first run left.
    workplace = Workplace(tmp_path / "copy", workplace.data)
    shutil.copytree(released.parents[1], workplace.folder, symlinks=True)
    newer = simulate(workplace.folder / "month61", wards=12, months=61, seed=3, last_month="2025-04")
    before = list_releases(workplace.folder / "releases")
    done = subprocess.run(
        [sys.executable, "-c", CHECKS, workplace.data, newer, newer],
        cwd=workplace.folder,
        env=os.environ | SMALL,
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
    after = list_releases(workplace.folder / "releases")
    assert [release for release in after if release not in before] == [latest(workplace.folder / "releases")]


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
