"""The bytes of files, unpacked no further than a table can be."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from sources.files.content import DENSEST, SMALLEST_BOMB, read_content
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


def test_a_file_packed_to_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    bomb.write_bytes(gzip.compress(bytes(400 * 2**20), 9))
    with pytest.raises(InputError, match=r"holds more than.*unpacked from") as caught:
        read_content(bomb)
    assert caught.value.file == bomb


def test_what_is_small_may_be_dense(tmp_path: Path) -> None:
    file = tmp_path / "dense.csv.gz"
    content = b"0," * (SMALLEST_BOMB // 2)
    file.write_bytes(gzip.compress(content, 9))
    assert len(content) > DENSEST * file.stat().st_size
    assert read_content(file) == content


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_over_the_limit_is_refused(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / "large.csv"
    content = bytes(range(200)) * 10
    file.write_bytes(gzip.compress(content) if packed else content)
    assert read_content(file, largest=2_000) == content
    with pytest.raises(InputError, match="1,999 bytes"):
        read_content(file, largest=1_999)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match="cannot be opened"):
        read_content(tmp_path / "pipe.csv")
