"""Two refreshes at once, a stale lock, a clock set back, steps that fail once and always."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from pipelines.running.refresh_lock import LOCK
from publication.release.release import latest, list_releases
from tests.deep.faults.conftest import Note
from tests.running.commands import Strike
from tests.running.place import QUICK, Place
from tests.running.places import WARDCAST
from tests.running.servers import Server

pytestmark = pytest.mark.e2e

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def test_a_killed_run_and_its_lock_then_two_refreshes_at_once(place: Place, note: Note) -> None:
    before = place.published()
    place.assert_killed(before, Strike("mlflow:log_figure"))
    assert not psutil.pid_exists(int((place.folder / "cache" / LOCK).read_text()))
    first = place.start()
    first.wait_until_it_says("Reading the force's files")
    second, training = place.start(), place.start("train", "--data", "data")
    for refused in (second, training):
        assert refused.end() == 1
        assert "Another refresh is at work here" in refused.said
        assert f"process {first.process.pid}" in refused.said
    assert first.end() == 0, first.said
    place.assert_one_was_added(before)
    note("kill -9 while MLflow logs", "the last release was served; the next run published one more", "nothing")
    note("two refreshes at once", "the second was refused at once, naming the process at work", "nothing")
    note("stale lock", "taken over: the kernel had dropped it with its holder", "nothing")


def test_two_refreshes_at_once_with_caches_of_their_own(place: Place, note: Note) -> None:
    before = place.published()
    caches = [shutil.copytree(place.folder / "cache", place.folder / f"cache-{number}") for number in range(2)]
    both = [place.start(WARDCAST_CACHE=str(cache)) for cache in caches]
    assert [one.end() for one in both] == [0, 0], [one.said for one in both]
    after = place.published()
    assert {name: after.get(name) for name in before} == before
    assert len(after) == len(before) + 2
    assert latest(place.releases) == list_releases(place.releases)[-1]
    note("two refreshes at once, two caches", "both published whole, one after the other", "nothing")


def test_a_step_that_always_fails_then_once(place: Place, note: Note) -> None:
    before = place.published()
    always = place.run(strike=Strike("pipelines.flows.forecast:forecast_tables", "fail always"))
    assert always.end() == 1
    assert always.said.count("Drawing possible futures ...") == 2
    assert "Error: Input/output error" in always.said
    assert "The last release is still served" in always.said
    place.assert_as_it_was(before)
    note("a step that always fails", "tried twice, then failed in words, exit 1; the next run published", "nothing")

    place.assert_one_more(before, strike=Strike("pipelines.flows.forecast:forecast_tables", "fail"))
    note("a step that fails once", "tried again after the set delay; the same run published", "nothing")


def test_a_clock_set_back(place: Place, prefect_server: Server, note: Note) -> None:
    if FAKETIME is None:
        pytest.skip("libfaketime is not installed (Debian: apt-get install libfaketime)")
    before = place.published()
    set_back = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": "-400d"}
    reporting = {"PREFECT_API_URL": prefect_server.api}
    done = subprocess.run(
        [WARDCAST, "run", "--data", "data"],
        cwd=place.folder,
        env=os.environ | QUICK | reporting | set_back,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    place.assert_one_was_added(before)
    then = latest(place.releases)
    assert list_releases(place.releases)[-1] == then
    place.assert_one_more(place.published())
    now = latest(place.releases)
    assert list_releases(place.releases)[-2:] == [then, now]
    back = place.run("releases", "rollback")
    assert (back.end(), latest(place.releases)) == (0, then), back.said
    note("clock set back by 400 days", "published; releases keep the order in which they were made", "nothing")
