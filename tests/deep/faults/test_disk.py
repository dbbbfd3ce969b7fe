"""Disks that are full or cannot be written, at the start and midway; real file systems, mounted for the purpose."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deep.faults.conftest import Note
from tests.running.commands import Strike
from tests.running.place import Place

pytestmark = pytest.mark.e2e

Mount = Callable[[Path, str], None]
ROOM = 1 << 20  # bytes left on a full disk: less than a release needs, more than the start of a run


@pytest.fixture
def mount(place: Place) -> Iterator[Mount]:
    """Mount a folder's content on a file system with these options; mounting again changes the options."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a file system")
    mounted: list[Path] = []

    def mounting(folder: Path, options: str) -> None:
        if folder in mounted:
            subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)
            return
        aside = folder.rename(folder.with_name("aside"))
        folder.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode:
            pytest.skip("this machine mounts no file systems")
        mounted.append(folder)
        shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(aside)

    yield mounting
    for folder in mounted:
        subprocess.run(["umount", folder], check=True)


def size(folder: Path) -> int:
    """Return the bytes that a folder takes, in pages, as a file system in memory counts them."""
    pages = sum(-(-path.lstat().st_size // 4096) + 1 for path in folder.rglob("*"))
    return 4096 * pages


def test_a_disk_full_for_good_then_until_the_second_try(place: Place, mount: Mount, note: Note) -> None:
    before = place.published()
    mount(place.releases, f"size={size(place.releases) + ROOM}")
    full = place.run()
    assert full.end() == 1
    assert "has no room for the release" in full.said
    assert full.said.count("Writing the release ...") == 2
    assert "Traceback" not in full.said
    place.assert_as_it_was(before)
    note("disk of releases full", "tried twice, then failed in words, exit 1; the next run published", "nothing")

    freed = place.start()
    freed.wait_until_it_says("Could not write the release")
    mount(place.releases, "size=1g")
    assert freed.end() == 0, freed.said
    place.assert_one_was_added(before)
    note("disk full, freed before the second try", "the same run published", "nothing")


def test_a_full_disk_of_the_tracking_store(place: Place, mount: Mount, note: Note) -> None:
    before = place.published()
    mlruns = place.folder / "mlruns"
    mount(mlruns, f"size={size(mlruns) + 64 * 1024}")
    full = place.run()
    assert full.end() == 1
    assert "What to do: " in full.said
    assert "Traceback" not in full.said
    place.assert_as_it_was(before)
    mount(mlruns, "size=1g")
    place.assert_one_more(before)
    note("disk of MLflow's store full", "failed in words, exit 1; the next run published", "that run's record")


def test_a_release_folder_that_turns_read_only(place: Place, mount: Mount, note: Note) -> None:
    before = place.published()
    mount(place.releases, "size=1g")
    turned = place.start(strike=Strike("pipelines.flows.publish:contents_of", "stop"))
    turned.wait_until_it_stands()
    mount(place.releases, "ro")
    turned.send(signal.SIGCONT)
    assert turned.end() == 1
    assert "cannot be written (Read-only file system)" in turned.said
    place.assert_as_it_was(before)

    at_the_start = place.run()
    assert at_the_start.end() == 1
    assert "cannot be made or written to" in at_the_start.said
    assert "Reading the force's files" not in at_the_start.said
    place.assert_as_it_was(before)

    mount(place.releases, "rw")
    place.assert_one_more(before)
    note("release folder read-only", "refused before any work, or failed in words; the next run published", "nothing")
