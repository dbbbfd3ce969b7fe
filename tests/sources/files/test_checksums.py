"""Folders sealed with the checksums of their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.files.checksums import SEAL, refuse_damaged, seal, state_of_sealed
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sealed folder of two files."""
    for name in ("one", "two"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    seal(tmp_path)
    return tmp_path


def test_a_folder_as_it_was_is_whole(folder: Path) -> None:
    (folder / "another").mkdir()
    refuse_damaged(folder, "-")
    seal(folder)
    refuse_damaged(folder, "-")


def test_a_changed_file_is_named_with_the_remedy(folder: Path) -> None:
    (folder / "two").write_text("tw0", encoding="utf-8")
    with pytest.raises(InputError, match=r"damaged(.|\n)*Read it again") as caught:
        refuse_damaged(folder, "Read it again.")
    assert caught.value.file == folder / "two"


@pytest.mark.parametrize("content", ["", "[]", "[" * 50_000, '{"one": ', '{"three": "0"}', '{"../two": 1}', '"one"'])
def test_a_seal_that_is_none_is_refused(folder: Path, content: str) -> None:
    (folder / SEAL).write_text(content, encoding="utf-8")
    with pytest.raises(InputError):
        refuse_damaged(folder, "-")


def test_a_missing_file_or_seal_is_refused(folder: Path) -> None:
    for name in ("one", SEAL):
        (folder / name).unlink()
        with pytest.raises(InputError, match="not whole"):
            refuse_damaged(folder, "-")


def test_the_state_is_another_once_a_sealed_file_is_written_to(folder: Path) -> None:
    before = state_of_sealed(folder)
    (folder / "another").touch()
    assert state_of_sealed(folder) == before
    (folder / "two").write_text("twoo", encoding="utf-8")
    assert state_of_sealed(folder) != before
    (folder / SEAL).unlink()
    assert state_of_sealed(folder) == ()
