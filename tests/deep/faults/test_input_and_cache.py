"""Input replaced while it is read, and a cache of which every file is damaged."""

from __future__ import annotations

import gzip
import signal

import pytest

from publication.release.release import latest, read_manifest
from sources.files.checksums import sha256
from tests.deep.faults.conftest import Note
from tests.running.commands import Strike
from tests.running.place import Place

pytestmark = pytest.mark.e2e


def test_killed_while_the_files_are_read_and_then_one_is_replaced(place: Place, note: Note) -> None:
    before = place.published()
    place.assert_killed(before, Strike("sources.read_force:read_recorded_crime"))
    note("kill -9 while the files are read", "the last release was served; the next run published one more", "nothing")

    (file,) = (place.folder / "data" / "mps_recorded_crime").glob("ward22_historical_*")
    # All has been read, and the checksums are about to be taken that will say what was.
    reading = place.start(strike=Strike("sources.read_force:manifest", "stop"))
    reading.wait_until_it_stands()
    edition = file.with_suffix(".new")
    edition.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()), mtime=1))
    edition.replace(file)
    reading.send(signal.SIGCONT)
    assert reading.end() == 0, reading.said
    assert "Could not read the force's files (FilesChangedError)" in reading.said
    place.assert_one_was_added(before)
    release = latest(place.releases)
    assert release is not None
    (read,) = (one for one in read_manifest(release)["inputs"] if one["file"].endswith(file.name))
    assert read["sha256"] == sha256(file)
    note("input replaced while it is read", "noticed and read anew; the release names the file it used", "nothing")


def test_the_cache_is_damaged_while_it_is_in_use_and_then_every_file_of_it(place: Place, note: Note) -> None:
    before = place.published()
    drawing = place.start(strike=Strike("pipelines.flows.publish:contents_of", "stop"))
    drawing.wait_until_it_stands()
    for file in (place.folder / "cache").rglob("*.parquet"):
        file.write_bytes(b"damaged")
    drawing.send(signal.SIGCONT)
    assert drawing.end() == 1
    assert "The file is damaged" in drawing.said
    place.assert_as_it_was(before)
    note("cache damaged while it is in use", "failed in words, exit 1; the next run published", "nothing")

    files = [path for path in (place.folder / "cache").rglob("*") if path.is_file() and path.name != ".refresh.lock"]
    kinds = {path.relative_to(place.folder / "cache").parts[0].partition("-")[0] for path in files}
    assert kinds == {"tables", "panel", "noise", "streams"}
    assert any(path.parent.name.startswith("forecast-") for path in files)
    for place_in_list, path in enumerate(files):
        path.write_bytes((b"", b"damaged", path.read_bytes()[:-20])[place_in_list % 3])
    place.assert_one_more(before)
    note("every file of the cache damaged", "made anew from the input; the run published", "nothing")
