"""Street-level archives are found and read, and those that are spoilt or packed to do harm are refused."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sources.files.errors import InputError
from sources.street.archive import LARGEST_FILE, street_files

pytestmark = pytest.mark.unit

ROWS = b"Crime ID,Month\n"
NAMES = [f"2024-{month:02}/2024-{month:02}-kent-street.csv" for month in (11, 12)]

Add = Callable[[zipfile.ZipFile], None]


def zipped(folder: Path, *names: str, add: Add = lambda archive: None) -> Path:
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, ROWS)
        add(archive)
    return path


def unzipped(folder: Path, *names: str) -> list[Path]:
    files = [folder / name for name in names]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(ROWS)
    return files


def refused(zips: list[Path], files: list[Path], force: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        street_files(zips, files, force)
    assert "What to do: " in str(caught.value)
    return str(caught.value)


def test_a_zip_and_a_folder_give_the_same_files(tmp_path: Path) -> None:
    of_zip = street_files([zipped(tmp_path, *reversed(NAMES))], [], None)
    of_folder = street_files([], unzipped(tmp_path, *NAMES), "kent")
    for found in (of_zip, of_folder):
        assert [f"{file.month:%Y-%m}" for file in found] == ["2024-11", "2024-12"]
        assert {file.force for file in found} == {"kent"}
        assert [file.content() for file in found] == [ROWS, ROWS]


def test_months_may_come_from_both(tmp_path: Path) -> None:
    found = street_files([zipped(tmp_path, NAMES[0])], unzipped(tmp_path, NAMES[1]), None)
    assert [bool(file.member) for file in found] == [True, False]


def test_other_files_of_the_archive_are_passed_over(tmp_path: Path) -> None:
    others = [name.replace("street", kind) for name in NAMES for kind in ("outcomes", "stop-and-search")]
    hidden = "__MACOSX/2024-11/._2024-11-kent-street.csv"
    assert len(street_files([zipped(tmp_path, *NAMES, *others, hidden, "README.txt")], [], None)) == 2


def test_one_of_several_forces_is_chosen(tmp_path: Path) -> None:
    both = zipped(tmp_path, *NAMES, *(name.replace("kent", "west-mercia") for name in NAMES))
    assert {file.force for file in street_files([both], [], "west-mercia")} == {"west-mercia"}
    assert "kent, west-mercia" in refused([both], [])
    assert "kent, west-mercia" in refused([both], [], "essex")


@pytest.mark.parametrize(
    "name",
    [
        "../2024-11/2024-11-kent-street.csv",
        "/etc/2024-11-kent-street.csv",
        "2024-11\\2024-11-kent-street.csv",
        "C:/2024-11-kent-street.csv",
        "2024-11/line\nbreak.csv",
    ],
)
def test_names_that_could_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert "lead out" in refused([zipped(tmp_path, *NAMES, name)], [])


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("2025-01/2025-01-kent-street.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "link" in refused([zipped(tmp_path, *NAMES, add=lambda archive: archive.writestr(link, "/etc/passwd"))], [])


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path, NAMES[0])
    content = bytearray(archive.read_bytes())
    content[6] |= 1  # the flags of the first file
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # and in the list of files
    archive.write_bytes(content)
    assert "encrypted" in refused([archive], [])


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = zipped(tmp_path, add=lambda archive: archive.writestr(NAMES[0], bytes(LARGEST_FILE // 16)))
    assert bomb.stat().st_size < 10**6
    assert "unpack to far more" in refused([bomb], [])


def test_a_bomb_that_lies_about_its_size_is_refused_when_read(tmp_path: Path) -> None:
    archive = zipped(tmp_path, add=lambda archive: archive.writestr(NAMES[0], bytes(10**5)))
    content = bytearray(archive.read_bytes())
    for start, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(start) + place
        content[at : at + 4] = (100).to_bytes(4, "little")
    archive.write_bytes(content)
    (file,) = street_files([archive], [], None)
    with pytest.raises(InputError, match="damaged"):
        file.content()


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path, *NAMES).read_bytes()
    cut, other = tmp_path / "cut.zip", tmp_path / "other.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    other.write_bytes(b"no zip")
    for file in (cut, other):
        assert "not a zip" in refused([file], [])


@pytest.mark.parametrize(
    "name",
    ["2024-13/2024-13-kent-street.csv", "2024-12/2024-11-kent-street.csv", "2024-11/kent-street.csv"],
)
def test_street_files_of_other_names_are_refused(tmp_path: Path, name: str) -> None:
    assert "not named as the publisher" in refused([zipped(tmp_path, name)], [])
    assert "not named as the publisher" in refused([], unzipped(tmp_path, name))


def test_a_zip_without_street_files_is_refused(tmp_path: Path) -> None:
    assert "holds no street file" in refused([zipped(tmp_path, "notes.txt")], [])


def test_of_archives_that_share_months_the_later_counts(tmp_path: Path) -> None:
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.mkdir()
    newer.mkdir()
    later = [*NAMES[1:], "2025-01/2025-01-kent-street.csv"]
    zips = [zipped(newer, *later), zipped(older, *NAMES).rename(older / "older.zip")]
    found = street_files(zips, [], None)
    assert [file.path.parent.name for file in found] == ["older", "newer", "newer"]
    assert [[one.path.parent.name for one in file.earlier] for file in found] == [[], ["older"], []]
    found = street_files([zips[1]], unzipped(tmp_path, NAMES[1]), None)
    assert [bool(file.member) for file in found] == [True, False], "the folder is the later of two that end together"


def test_a_month_given_twice_or_missing_is_refused(tmp_path: Path) -> None:
    twice = unzipped(tmp_path, NAMES[0], f"again/{NAMES[0]}")
    assert "Two files give 2024-11" in refused([zipped(tmp_path, *NAMES)], twice)
    later = "2025-03/2025-03-kent-street.csv"
    assert "between 2024-12 and 2025-03" in refused([zipped(tmp_path, *NAMES, later)], [])


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_packings_than_the_publishers_are_refused(tmp_path: Path, packing: int) -> None:
    packed = zipped(tmp_path, add=lambda archive: archive.writestr(NAMES[0], ROWS, packing))
    assert "packed in an unusual way" in refused([packed], [])


def test_a_zip_of_a_version_to_come_is_refused(tmp_path: Path) -> None:
    packed = zipped(tmp_path, NAMES[0])
    content = packed.read_bytes()
    directory = content.index(b"PK\x01\x02")
    packed.write_bytes(content[: directory + 6] + b"\xff\x00" + content[directory + 8 :])
    assert "not a zip" in refused([packed], [])
