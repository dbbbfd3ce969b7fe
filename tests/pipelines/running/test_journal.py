"""The journal is only ever added to, and shows if it was changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.running.journal import JOURNAL, has, read, record
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


def test_what_is_recorded_is_read_back_in_order(tmp_path: Path) -> None:
    assert read(tmp_path) == []
    for version in ("1", "2", "3"):
        record(tmp_path, "promoted", version=version, reason="line\nbreak")
    assert [entry["version"] for entry in read(tmp_path)] == ["1", "2", "3"]
    assert all(entry["who"] and entry["at"] for entry in read(tmp_path))


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record(tmp_path, "ran", number=str(number)), range(40)))
    assert {entry["number"] for entry in read(tmp_path)} == {str(number) for number in range(40)}


def test_a_changed_line_shows(tmp_path: Path) -> None:
    for version in ("1", "2", "3"):
        record(tmp_path, "promoted", version=version)
    file = tmp_path / JOURNAL
    file.write_text(file.read_text().replace('"version": "2"', '"version": "7"'))
    with pytest.raises(InputError, match="changed after it was written"):
        read(tmp_path)


def test_a_removed_line_shows(tmp_path: Path) -> None:
    for version in ("1", "2", "3"):
        record(tmp_path, "promoted", version=version)
    file = tmp_path / JOURNAL
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([lines[0], lines[2]]))
    with pytest.raises(InputError, match="changed after it was written"):
        read(tmp_path)


def test_a_line_is_found_by_its_facts_even_beside_damage(tmp_path: Path) -> None:
    assert not has(tmp_path, action="published")
    record(tmp_path, "published", release="a")
    with (tmp_path / JOURNAL).open("a") as journal:
        journal.write('{"at": "2025-')
    record(tmp_path, "trained", release="b")
    assert has(tmp_path, action="published", release="a")
    assert not has(tmp_path, action="published", release="b")


def test_a_line_cut_short_by_a_kill_does_not_spoil_the_next(tmp_path: Path) -> None:
    record(tmp_path, "ran", run="a")
    with (tmp_path / JOURNAL).open("a") as journal:
        journal.write('{"at": "2025-')
    record(tmp_path, "ran", run="b")
    assert [entry["run"] for entry in read(tmp_path)] == ["a", "b"]


@pytest.mark.parametrize("line", ["[]", "7", "{}", '{"at": "now"}'])
def test_a_line_that_is_none_of_the_journals_shows(tmp_path: Path, line: str) -> None:
    record(tmp_path, "ran")
    with (tmp_path / JOURNAL).open("a") as journal:
        journal.write(f"{line}\n")
    with pytest.raises(InputError, match="changed after it was written"):
        read(tmp_path)


def test_a_last_line_that_was_damaged_and_not_cut_short_shows(tmp_path: Path) -> None:
    for version in ("1", "2"):
        record(tmp_path, "promoted", version=version)
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes().replace(b"}\n{", b"}{"))
    with pytest.raises(InputError, match="changed after it was written"):
        read(tmp_path)
