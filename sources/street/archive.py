"""The monthly files of a police.uk street-level archive, in a zip or in a folder, found and read safely.

Walks in: zips, and files named as `2024-05/2024-05-city-of-london-street.csv`. Walks out: one `StreetFile` a month of
the chosen force, whose content is read in memory. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pandas as pd

from sources.files.content import DENSEST, SMALLEST_BOMB, read_content
from sources.files.errors import InputError

# The largest force's month is some 30 MB and shrinks by about six to ten times; a bomb grows by a thousand.
LARGEST_FILE = 256 * 2**20  # bytes, unpacked
LARGEST_ARCHIVE = 16 * 2**30  # bytes, unpacked, of the files that are read

_FOLDER_OF_FILES = "~"  # sorts after every zip
_STREET = "-street.csv"
_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))-([a-z0-9]+(?:-[a-z0-9]+)*)-street\.csv")
_FOLDER = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class StreetFile:
    """One month of one force: `path` is the file itself, or the zip in which it is the `member`.

    force: the publisher's name of it in file names, as "city-of-london". earlier: files of the same month and force in
    archives that end before, the latest first.
    """

    path: Path
    member: str
    month: pd.Timestamp
    force: str
    earlier: tuple[StreetFile, ...] = ()

    @property
    def place(self) -> Path:
        """Where the file is, for people: a zip is shown as if it were a folder."""
        return self.path / self.member if self.member else self.path

    def content(self) -> bytes:
        """Return the file's bytes; `InputError` if it cannot be read whole."""
        if not self.member:
            return read_content(self.path)
        try:
            with _opened(self.path) as archive, archive.open(self.member) as file:
                return file.read(LARGEST_FILE)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise InputError(
                f"A file in the zip is damaged: {error}", file=self.place, remedy="Obtain the zip again, whole."
            ) from error


def street_files(zips: Sequence[Path], files: Sequence[Path], force: str | None) -> list[StreetFile]:
    """Return the files of one force, the oldest month first, without a gap.

    Where archives share months, that which ends in the latest month counts, of those that end together the last by
    name; the files of the folder are one archive, the last of those that end with it. force: the publisher's name of
    it; may be None where the archive holds one force only. Files of outcomes, stops and the like, which come in the
    same zip, are passed over.

    Raises
    ------
    InputError
        A zip that is damaged, encrypted or packed to do harm (paths that lead out, links, bombs); a street file of
        another name than the publisher gives; several forces and none named, or no file of that which is; a month
        given twice in one archive, or missing between the first and the last.
    """
    found = [*(_named(file, "", file.as_posix()) for file in files), *(each for zip_ in zips for each in _inside(zip_))]
    forces = sorted({each.force for each in found})
    where = [*zips, *files][0]
    if force is None and len(forces) > 1:
        raise InputError(
            f"The archive holds {len(forces)} forces: {', '.join(forces[:50])}",
            file=where,
            remedy='Say in force.toml which is meant, as in: street_force = "city-of-london"',
        )
    chosen = sorted((each for each in found if force in (None, each.force)), key=lambda each: each.month)
    if not chosen:
        raise InputError(
            "The archive has no street file of the force" if found else "The zip holds no street file",
            file=where,
            value=force,
            remedy=f"Name in force.toml, as street_force, one of: {', '.join(forces[:50])}."
            if found
            else "Download street-level crime at https://data.police.uk/data/: files named as "
            "2024-05/2024-05-city-of-london-street.csv.",
        )
    latest = _latest(chosen)
    _refuse_gaps(latest)
    return latest


def _latest(files: Sequence[StreetFile]) -> list[StreetFile]:
    """Return for each month the file of the latest archive, which names those of the others."""
    archives: dict[str, list[StreetFile]] = {}
    for file in files:
        archives.setdefault(file.path.name if file.member else _FOLDER_OF_FILES, []).append(file)
    for each in archives.values():
        _refuse_twice(each)
    by_month: dict[pd.Timestamp, list[StreetFile]] = {}
    for name in sorted(archives, key=lambda name: (archives[name][-1].month, name), reverse=True):
        for file in archives[name]:
            by_month.setdefault(file.month, []).append(file)
    return [replace(by_month[month][0], earlier=tuple(by_month[month][1:])) for month in sorted(by_month)]


def _inside(path: Path) -> Iterator[StreetFile]:
    """Yield the street files of a zip, once all of its names are known to be harmless."""
    with _opened(path) as archive:
        members = archive.infolist()
    for member in members:
        _refuse_harmful_name(member, path)
    street = [member for member in members if member.filename.endswith(_STREET) and not _is_hidden(member.filename)]
    total = sum(member.file_size for member in street)
    for member in street:
        dense = member.file_size > max(SMALLEST_BOMB, DENSEST * member.compress_size)
        if dense or member.file_size > LARGEST_FILE or total > LARGEST_ARCHIVE:
            raise InputError(
                "A file in the zip would unpack to far more than a month of offences can be",
                file=path / member.filename,
                value=f"{member.file_size:,} bytes from {member.compress_size:,}",
                remedy="Obtain the zip from the publisher: https://data.police.uk/data/.",
            )
        yield _named(path, member.filename, member.filename)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise InputError(
            "The file is not a zip, or is cut short", file=path, remedy="Obtain the zip again, whole."
        ) from error


def _refuse_harmful_name(member: zipfile.ZipInfo, path: Path) -> None:
    name = member.filename
    # The publisher's names are plain; zipfile ends a name at a zero byte, so the original one is looked at too.
    faults = {
        "a link": stat.S_ISLNK(member.external_attr >> 16),
        "an encrypted file": member.flag_bits & 1,
        # Others can take any amount of memory to unpack; the publisher uses none of them.
        "a file packed in an unusual way": member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED),
        "a name that could lead out of its folder": name.startswith("/")
        or ".." in PurePosixPath(name).parts
        or re.search(r"[\x00-\x1f\x7f\\:]", f"{name}{member.orig_filename}"),
    }
    found = [fault for fault, is_so in faults.items() if is_so]
    if found:
        raise InputError(
            f"The zip holds {found[0]}",
            file=path,
            value=name,
            remedy="Obtain the zip from the publisher: https://data.police.uk/data/.",
        )


def _is_hidden(name: str) -> bool:
    # Some systems add files of their own to a zip, named after each file in it.
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _named(path: Path, member: str, name: str) -> StreetFile:
    """Return the file with the month and the force that its name gives."""
    parts = PurePosixPath(name).parts
    named = _NAME.fullmatch(parts[-1])
    folder = parts[-2] if len(parts) > 1 and _FOLDER.fullmatch(parts[-2]) else None
    if named is None or folder not in (None, named[1]):
        raise InputError(
            "A street file is not named as the publisher names it, after its month and force, in a folder of its month",
            file=path / member if member else path,
            value="/".join(parts[-2:]),
            remedy="Name it as 2024-05/2024-05-city-of-london-street.csv.",
        )
    return StreetFile(path, member, pd.Timestamp(f"{named[1]}-01").as_unit("us"), named[2])


def _refuse_twice(files: Sequence[StreetFile]) -> None:
    """Refuse a month that one archive gives twice; files are in the order of months."""
    for before, file in pairwise(files):
        if file.month == before.month:
            raise InputError(
                f"Two files give {file.month:%Y-%m}; the other is {before.place}",
                file=file.place,
                remedy="Keep the one downloaded last, and move the other out of the folder.",
            )


def _refuse_gaps(files: Iterable[StreetFile]) -> None:
    """Refuse a month that is not given; files are in the order of months."""
    before: StreetFile | None = None
    for file in files:
        if before is not None and file.month != before.month + pd.DateOffset(months=1):
            raise InputError(
                f"No file gives the months between {before.month:%Y-%m} and {file.month:%Y-%m}",
                file=file.place,
                remedy="Add their files: a month not published is not a month without offences. If there are none, "
                "take out all files before the gap.",
            )
        before = file
