"""Releases are whole or not at all, whatever happens to the process or the disk."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import pickle
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publication.release import release as release_module
from publication.release.release import (
    ReleaseError,
    ReleaseFacts,
    latest,
    list_releases,
    point_latest_to,
    previous_release,
    read_manifest,
    verify,
    write_release,
)
from publication.tables.tables import write_tables

pytestmark = pytest.mark.integration

SECOND = "b2c3d4e5f6071829"


def contents(folder: Path) -> None:
    """A few files, one of them in a folder."""
    (folder / "csv").mkdir()
    for name in ("forecast.parquet", "csv/force.csv", "index.html"):
        (folder / name).write_bytes(name.encode() * 500)


@pytest.fixture
def facts(publication: Any) -> ReleaseFacts:
    return publication.facts


@pytest.fixture
def releases(tmp_path: Path, facts: ReleaseFacts) -> Path:
    """A folder in which one release is served."""
    write_release(tmp_path / "releases", contents, facts)
    return tmp_path / "releases"


def second(facts: ReleaseFacts) -> ReleaseFacts:
    return replace(facts, run_id=SECOND, created_at=datetime(2025, 5, 1, tzinfo=UTC))


def leftovers(releases: Path) -> list[str]:
    return sorted(path.name for path in releases.glob(".*") if path.name != ".lock")


def assert_served(releases: Path, facts: ReleaseFacts) -> None:
    served = latest(releases)
    assert served == releases / facts.name
    assert verify(served) == []


def test_a_release_is_a_folder_with_a_manifest_of_its_files(releases: Path, facts: ReleaseFacts) -> None:
    manifest = json.loads((releases / "latest" / "manifest.json").read_text())
    assert releases.joinpath("latest").readlink() == Path("2025-03-a1b2c3d4")
    assert {entry["path"] for entry in manifest["files"]} == {
        "forecast.parquet",
        "csv/force.csv",
        "index.html",
    }
    assert manifest["simulated"] is True
    assert (manifest["run_id"], manifest["origin"], manifest["horizon_months"]) == (
        facts.run_id,
        "2025-03",
        24,
    )
    assert manifest["inputs"][0]["file"] == "a.csv"
    assert manifest["created_at"] == "2025-04-20T09:30:00+00:00"
    assert leftovers(releases) == []
    assert_served(releases, facts)


def test_publishing_the_same_run_twice_changes_nothing(releases: Path, facts: ReleaseFacts) -> None:
    write_release(releases, contents, second(facts))
    before = {path: path.lstat().st_mtime_ns for path in releases.rglob("*") if path.is_file()}
    again = write_release(releases, contents, replace(facts, created_at=datetime.now(UTC)))
    assert again == releases / facts.name
    assert {path: path.lstat().st_mtime_ns for path in releases.rglob("*") if path.is_file()} == before
    assert_served(releases, second(facts))


def test_a_file_that_is_stamped_anew_each_time_is_no_other_content(tmp_path: Path, facts: ReleaseFacts) -> None:
    def stamped(folder: Path) -> None:
        contents(folder)
        (folder / "wardcast.duckdb").write_bytes(os.urandom(100))

    release = write_release(tmp_path, stamped, facts)
    first = (release / "wardcast.duckdb").read_bytes()
    assert write_release(tmp_path, stamped, facts) == release
    assert (release / "wardcast.duckdb").read_bytes() == first
    assert verify(release) == []


def test_a_run_published_again_is_compared_with_the_release_it_was_compared_with(
    tmp_path: Path, facts: ReleaseFacts
) -> None:
    def writer(own: ReleaseFacts) -> Callable[[Path], None]:
        before = previous_release(tmp_path, own)

        def write(folder: Path) -> None:
            contents(folder)
            (folder / "changes.json").write_text(json.dumps({"since": before and before.name}))

        return write

    runs = [replace(facts, run_id=f"run{number:05d}") for number in range(3)]
    for run in [*runs, *runs]:
        write_release(tmp_path, writer(run), run)
    since = [json.loads((tmp_path / run.name / "changes.json").read_text())["since"] for run in runs]
    assert since == [None, runs[0].name, runs[1].name]


def test_releases_for_all_and_for_the_force_alone_are_never_in_one_folder(
    releases: Path, facts: ReleaseFacts, tmp_path: Path
) -> None:
    internal = replace(second(facts), audience="internal")
    with pytest.raises(ReleaseError, match=r"holds releases for the audience 'open'(.|\n)*Name another folder"):
        write_release(releases, contents, internal)
    assert_served(releases, facts)
    release = write_release(tmp_path / "internal", contents, internal)
    assert release.name.endswith("-internal")
    assert read_manifest(release)["audience"] == "internal"
    with pytest.raises(ReleaseError, match="this one is for 'open'"):
        write_release(tmp_path / "internal", contents, facts)


def test_a_name_taken_by_other_content_is_refused(releases: Path, facts: ReleaseFacts) -> None:
    def other(folder: Path) -> None:
        contents(folder)
        (folder / "index.html").write_text("other")

    with pytest.raises(ReleaseError, match=r"exists with other content: its files differ(.|\n)*new run id"):
        write_release(releases, other, facts)
    with pytest.raises(ReleaseError, match="its run_id differ"):
        write_release(releases, contents, replace(facts, run_id="a1b2c3d4-another"))
    assert leftovers(releases) == []
    assert_served(releases, facts)


def test_a_damaged_release_is_not_taken_for_the_same(releases: Path, facts: ReleaseFacts) -> None:
    (releases / facts.name / "index.html").write_text("")
    with pytest.raises(ReleaseError, match="exists and is damaged"):
        write_release(releases, contents, facts)


def test_any_exception_and_ctrl_c_leave_the_latest_as_it_was(releases: Path, facts: ReleaseFacts) -> None:
    for interruption in (KeyboardInterrupt, ZeroDivisionError):

        def failing(folder: Path, interruption: type[BaseException] = interruption) -> None:
            contents(folder)
            raise interruption

        with pytest.raises(interruption):
            write_release(releases, failing, second(facts))
        assert leftovers(releases) == []
        assert_served(releases, facts)


def test_nothing_but_plain_files_enters_a_release(releases: Path, facts: ReleaseFacts) -> None:
    def linking(folder: Path) -> None:
        (folder / "passwords.csv").symlink_to("/etc/passwd")

    with pytest.raises(ReleaseError, match=r"plain files only.*passwords\.csv"):
        write_release(releases, linking, second(facts))
    assert_served(releases, facts)


@pytest.mark.parametrize("run_id", ["", "../../etc", "a/b", ".hidden", "a b"])
def test_a_run_id_cannot_lead_out_of_the_folder(facts: ReleaseFacts, run_id: str) -> None:
    with pytest.raises(ValueError, match="run id"):
        replace(facts, run_id=run_id)


# Killed


def in_a_child(work: Callable[[], None]) -> int:
    """Run the work in a forked process; return its exit status, negative for the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    raise KeyboardInterrupt


def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


SHRUGGED_OFF = 3  # exit status of a publisher that was struck, and published all the same


def struck_at(step: int, strike: Callable[[], None], work: Callable[[], object]) -> Callable[[], None]:
    """The work, struck just before its n-th touch of the file system."""

    def run() -> None:
        steps = 0

        def count(event: str, _: object) -> None:
            nonlocal steps
            if event == "open" or event.startswith(("os.", "shutil.", "fcntl.")):
                steps += 1
                if steps == step:
                    strike()

        sys.addaudithook(count)
        work()
        os._exit(0 if steps < step else SHRUGGED_OFF)

    return run


@pytest.mark.parametrize("strike", [kill, interrupt, fill_the_disk])
def test_a_publisher_struck_at_any_step_leaves_a_whole_release_served(
    tmp_path: Path, facts: ReleaseFacts, strike: Callable[[], None]
) -> None:
    write_release(tmp_path / "before", contents, facts)
    statuses, served_after = [], []
    while 0 not in statuses:
        step = len(statuses) + 1
        releases = tmp_path / f"releases-{step}"
        shutil.copytree(tmp_path / "before", releases, symlinks=True)
        publish = partial(write_release, releases, contents, second(facts))
        statuses.append(in_a_child(struck_at(step, strike, publish)))
        served = latest(releases)
        assert served is not None
        if statuses[-1] == SHRUGGED_OFF:
            assert served.name == second(facts).name
        else:
            served_after.append(served.name)
        assert all(verify(release) == [] for release in list_releases(releases))
        assert strike is kill or not list(releases.glob(".writing-*"))

        publish()
        assert_served(releases, second(facts))
        assert [release.name for release in list_releases(releases)] == [facts.name, second(facts).name]
        assert leftovers(releases) == []
    assert len(statuses) > 30, "the publisher was not struck often enough to say anything"
    assert set(statuses[:-1]) - {SHRUGGED_OFF} == {-signal.SIGKILL if strike is kill else 1}
    assert statuses.count(SHRUGGED_OFF) <= 3, "an error that matters was passed over"
    assert served_after == sorted(served_after), "what is served changes once, from the old to the new"
    assert set(served_after) == {facts.name, second(facts).name}


def test_a_kill_between_move_and_switch_is_finished_by_the_next_publisher(
    releases: Path, facts: ReleaseFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_module, "_switch", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    assert in_a_child(lambda: write_release(releases, contents, second(facts))) == -signal.SIGKILL
    monkeypatch.undo()
    assert_served(releases, facts)

    write_release(releases, contents, facts)
    assert_served(releases, second(facts))


def test_a_process_killed_from_outside_is_cleared_up_after(releases: Path, facts: ReleaseFacts) -> None:
    script = f"""
import pickle, sys, time
from pathlib import Path
from publication.release.release import write_release
facts = pickle.loads(bytes.fromhex(sys.argv[1]))
def endless(folder):
    for number in range(10**6):
        (folder / str(number)).write_bytes(b"x" * 1000)
        time.sleep(0.001)
write_release(Path({str(releases)!r}), endless, facts)
"""
    writer = subprocess.Popen([sys.executable, "-c", script, pickle.dumps(second(facts)).hex()])
    half_written = releases / f".writing-{second(facts).name}"
    deadline = time.monotonic() + 60
    while not (half_written / "20").exists():
        assert time.monotonic() < deadline
        assert writer.poll() is None
        time.sleep(0.02)
    assert_served(releases, facts)
    writer.kill()
    writer.wait()
    assert half_written.exists()

    write_release(releases, contents, second(facts))
    assert leftovers(releases) == []
    assert_served(releases, second(facts))


def test_a_second_publisher_waits_for_the_first_and_gives_up_in_the_end(
    releases: Path, facts: ReleaseFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_module, "PATIENCE", 0.3)
    with (releases / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="Another run has been publishing"):
            write_release(releases, contents, second(facts))
    write_release(releases, contents, second(facts))
    assert_served(releases, second(facts))


def test_many_publishers_at_once_all_publish(tmp_path: Path, facts: ReleaseFacts) -> None:
    releases, children = tmp_path / "releases", []
    for number in range(6):
        if (child := os.fork()) == 0:
            try:
                write_release(releases, contents, replace(facts, run_id=f"run{number:05d}"))
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 6
    assert len(list_releases(releases)) == 6
    assert [verify(release) for release in list_releases(releases)] == [[]] * 6
    assert latest(releases) in list_releases(releases)


# The disk


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a file system in memory with these options, if this user may; mounting again changes them."""
    place = tmp_path / "mounted"
    place.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"only root can mount a file system here: {done.stderr.strip()}")
        return place

    if shutil.which("mount") is None:
        pytest.skip("mount is not installed")
    yield mount
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


def test_a_full_disk_is_one_clear_error(mounted: Callable[[str], Path], publication: Any, facts: ReleaseFacts) -> None:
    releases = mounted("size=100k") / "releases"
    write_release(releases, contents, facts)
    for writer in (
        lambda folder: (folder / "big.bin").write_bytes(os.urandom(10**6)),
        lambda folder: write_tables(folder, publication.contents()),
        lambda folder: duckdb.connect(folder / "a.duckdb").execute("CREATE TABLE a AS FROM range(1000000)"),
    ):
        with pytest.raises(ReleaseError, match=r"no room for the release(.|\n)*What to do: Free some space"):
            write_release(releases, writer, second(facts))
        assert leftovers(releases) == []
        assert_served(releases, facts)


def test_a_disk_too_full_for_any_one_step_is_one_clear_error(
    mounted: Callable[[str], Path], facts: ReleaseFacts
) -> None:
    place = mounted("size=200k")
    releases, filler = place / "releases", place / "filler"
    write_release(releases, contents, facts)
    refused = 0
    for room in range(0, 48, 4):
        filler.write_bytes(b"")
        free = shutil.disk_usage(place).free
        filler.write_bytes(b"x" * (free - room * 1024))
        try:
            write_release(releases, contents, second(facts))
        except ReleaseError:
            refused += 1
            assert leftovers(releases) == []
            assert_served(releases, facts)
        else:
            break
    assert refused > 3
    assert_served(releases, second(facts))


def test_a_limit_on_file_size_is_one_clear_error(releases: Path, facts: ReleaseFacts) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        try:
            write_release(releases, contents, second(facts))
        except ReleaseError as error:
            os._exit(7 if "no room for the release" in str(error) else 8)

    assert in_a_child(limited) == 7
    assert leftovers(releases) == []
    assert_served(releases, facts)


def test_a_folder_that_cannot_be_written_is_one_clear_error(
    mounted: Callable[[str], Path], facts: ReleaseFacts
) -> None:
    releases = mounted("size=200k") / "releases"
    write_release(releases, contents, facts)
    mounted("remount,ro")
    with pytest.raises(ReleaseError, match=r"cannot be written.*Read-only"):
        write_release(releases, contents, second(facts))
    assert_served(releases, facts)


def test_a_folder_without_the_right_to_write_is_one_clear_error(releases: Path, facts: ReleaseFacts) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    releases.chmod(0o555)
    with pytest.raises(ReleaseError, match=r"cannot be written.*Permission denied"):
        write_release(releases, contents, second(facts))
    assert_served(releases, facts)


def test_a_file_in_the_place_of_the_folder_is_one_clear_error(tmp_path: Path, facts: ReleaseFacts) -> None:
    (tmp_path / "releases").write_text("")
    with pytest.raises(ReleaseError, match="could not be written"):
        write_release(tmp_path / "releases", contents, facts)


# Looking at releases


def test_releases_are_listed_oldest_first_and_served_at_will(releases: Path, facts: ReleaseFacts) -> None:
    write_release(releases, contents, second(facts))
    assert list_releases(releases) == [releases / facts.name, releases / second(facts).name]
    assert point_latest_to(releases, facts.name) == releases / facts.name
    assert_served(releases, facts)
    assert point_latest_to(releases, second(facts).name) == releases / second(facts).name
    assert_served(releases, second(facts))


def test_releases_keep_their_order_when_the_clock_is_set_back(releases: Path, facts: ReleaseFacts) -> None:
    earlier = replace(second(facts), created_at=facts.created_at.replace(year=2001))
    made = [releases / facts.name, write_release(releases, contents, earlier)]
    assert list_releases(releases) == made
    assert write_release(releases, contents, earlier) == made[1]
    assert list_releases(releases) == made


@pytest.mark.parametrize("name", ["2020-01-00000000", "", ".", "..", "latest", "../releases"])
def test_only_a_release_can_be_served(releases: Path, facts: ReleaseFacts, name: str) -> None:
    with pytest.raises(ReleaseError, match=r"There is no release(.|\n)*Choose one of: 2025-03-a1b2c3d4"):
        point_latest_to(releases, name)
    assert_served(releases, facts)


def test_a_damaged_release_is_not_served(releases: Path, facts: ReleaseFacts) -> None:
    write_release(releases, contents, second(facts))
    (releases / facts.name / "csv" / "force.csv").unlink()
    with pytest.raises(ReleaseError, match=r"damaged.*csv/force\.csv: missing"):
        point_latest_to(releases, facts.name)
    assert_served(releases, second(facts))


def test_no_releases_yet(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    assert list_releases(tmp_path / "nowhere") == []


def test_a_latest_that_is_a_folder_is_not_overwritten(tmp_path: Path, facts: ReleaseFacts) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(ReleaseError, match="is not a link"):
        write_release(tmp_path, contents, facts)
    assert not (tmp_path / facts.name).exists()


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / "index.html").unlink(), "index.html: missing"),
        (
            lambda folder: (folder / "index.html").write_text("x"),
            "index.html: has 1 bytes, the manifest says 5000",
        ),
        (lambda folder: (folder / "new.csv").write_text("x"), "new.csv: not in the manifest"),
        (lambda folder: (folder / "link").symlink_to("/etc/passwd"), "link: is not a plain file"),
        (
            lambda folder: (folder / "manifest.json").write_text("[]"),
            "manifest.json of release .* cannot be read",
        ),
        (
            lambda folder: (folder / "manifest.json").write_text('{"files": 3}'),
            "manifest.json .* cannot be read",
        ),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json of release .* cannot be read"),
    ],
)
def test_damage_is_named(releases: Path, facts: ReleaseFacts, damage: Callable[[Path], object], problem: str) -> None:
    damage(releases / facts.name)
    problems = verify(releases / facts.name)
    assert len(problems) == 1
    assert re.search(problem, problems[0])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_changed_byte_in_any_file_is_found(releases: Path, facts: ReleaseFacts, data: st.DataObject) -> None:
    release = releases / facts.name
    name = data.draw(st.sampled_from([entry["path"] for entry in read_manifest(release)["files"]]))
    intact = (release / name).read_bytes()
    place = data.draw(st.integers(0, len(intact) - 1))
    changed = bytearray(intact)
    changed[place] ^= data.draw(st.integers(1, 255))
    (release / name).write_bytes(changed)
    try:
        assert verify(release) == [f"{name}: content differs from the manifest (sha256)"]
    finally:
        (release / name).write_bytes(intact)


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": 5},
        {"origin": "2025-13"},
        {"origin": None},
        {"files": [{"path": ["a"], "bytes": 1, "sha256": ""}]},
        {"files": [{"path": "a", "bytes": "many", "sha256": ""}]},
        {"files": {}},
    ],
)
def test_a_manifest_of_other_things_is_refused_in_words(
    releases: Path, facts: ReleaseFacts, change: dict[str, object]
) -> None:
    file = releases / facts.name / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(ReleaseError, match="cannot be read"):
        read_manifest(file.parent)
    assert len(verify(file.parent)) == 1
    assert list_releases(releases) == [file.parent]


def test_a_manifest_without_end_is_refused_in_words(releases: Path, facts: ReleaseFacts) -> None:
    (releases / facts.name / "manifest.json").write_text("[" * 100_000)
    assert len(verify(releases / facts.name)) == 1


def test_a_release_is_compared_with_one_of_its_folder_only(releases: Path, facts: ReleaseFacts, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for since in ("../elsewhere", str(tmp_path / "elsewhere"), ["a"], 7, ""):
        (releases / facts.name / "changes.json").write_text(json.dumps({"since": since}))
        assert previous_release(releases, facts) is None
