"""Releases: written aside, moved into place whole, the newest served by one link.

Walks in: the folder of releases, a function that writes one release's files, and the facts of the run. Walks
out: `<releases>/<origin>-<run>/`, its `manifest.json` written last, and `<releases>/latest` pointing to it.

One publisher works at a time, under a lock that the kernel drops when its holder dies, so whatever
unfinished work the next publisher finds belongs to nobody. The folder and the link are each moved by one
rename: a reader, or a process killed at any moment, sees a release whole or not at all.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publication.release.manifest import (
    CHANGES,
    MANIFEST,
    ReleaseError,
    ReleaseFacts,
    read_manifest,
    settle,
    verify,
    write_manifest,
)

__all__ = [
    "ReleaseError",
    "ReleaseFacts",
    "latest",
    "list_releases",
    "point_latest_to",
    "previous_release",
    "put_right",
    "read_manifest",
    "verify",
    "write_release",
]

LATEST = "latest"
# Files whose bytes differ each time that they are made, though what they hold does not: DuckDB stamps its files, and a
# bill of materials says when it was made.
REMADE = frozenset({"wardcast.duckdb", "sbom.cdx.json"})
PATIENCE = 600.0  # seconds to wait for another publisher

_LOCK = ".lock"
_WRITING = ".writing-"
# What `latest` is about to be: whoever finds it with its release in place finishes the switch.
_NEXT = ".latest-next"


def write_release(releases: Path, contents: Callable[[Path], None], facts: ReleaseFacts) -> Path:
    """Write a release by calling `contents` on an empty folder, serve it as the latest, and return its path.

    A run that was published before with the same content leaves everything as it is, `latest` included.

    Raises
    ------
    ReleaseError
        When the disk is full, the folder cannot be written, another publisher does not finish, the name is taken
        by other content, or the folder holds releases for another audience. Then, as after any exception of
        `contents` or Ctrl-C, nothing half-written stays and `latest` is as it was.
    """
    with _publishing(releases):
        _refuse_other_audience(releases, facts)
        writing, release = releases / f"{_WRITING}{facts.name}", releases / facts.name
        try:
            writing.mkdir()
            contents(writing)
            manifest = write_manifest(
                writing, facts, 1 + max((_order(one)[0] for one in list_releases(releases)), default=0)
            )
            if release.exists():
                _refuse_other_content(release, manifest)
                return release
            _intend(releases, release.name)
            writing.rename(release)
            settle(releases)
            _switch(releases)
        finally:
            shutil.rmtree(writing, ignore_errors=True)
    return release


def latest(releases: Path) -> Path | None:
    """The release now served, or None when there is none."""
    link = releases / LATEST
    return releases / link.readlink() if link.is_symlink() and link.exists() else None


def previous_release(releases: Path, facts: ReleaseFacts) -> Path | None:
    """The release to compare a run's with: the one served now, or the one that its own was compared with before.

    So a run that is published again gives the same release.
    """
    own = releases / facts.name
    if not own.is_dir():
        return latest(releases)
    try:
        since = json.loads((own / CHANGES).read_text(encoding="utf-8"))["since"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    # Only a release of this folder: the name comes from a file.
    return next((release for release in list_releases(releases) if release.name == since), None)


def list_releases(releases: Path) -> list[Path]:
    """Every release in the order of their making; those whose manifest cannot be read come before them."""
    folders = [manifest.parent for manifest in releases.glob(f"*/{MANIFEST}")]
    folders = [folder for folder in folders if not folder.is_symlink() and not folder.name.startswith(".")]
    return sorted(folders, key=lambda folder: (*_order(folder), folder.name))


def point_latest_to(releases: Path, name: str) -> Path:
    """Serve another release and return its path; `ReleaseError` when it is absent or damaged."""
    known = {release.name: release for release in list_releases(releases)}
    if name not in known:
        raise ReleaseError(
            f"There is no release {name!r} in {releases}",
            remedy=f"Choose one of: {', '.join(known) or 'none yet'}.",
        )
    if problems := verify(known[name]):
        raise ReleaseError(
            f"Release {name} is damaged, so it is not served: {_first(problems)}",
            remedy="Choose another release, or restore its files from a backup.",
        )
    with _publishing(releases):
        _intend(releases, name)
        _switch(releases)
    return known[name]


def put_right(releases: Path) -> None:
    """Finish the switch that a killed publisher began and remove its unfinished writing.

    Raises
    ------
    ReleaseError
        As `write_release`: a run that could not publish in the end learns it before it has begun.
    """
    with _publishing(releases):
        pass


@contextmanager
def _publishing(releases: Path) -> Iterator[None]:
    """Hold the folder's lock, put right what a killed publisher left, and explain failures of the disk."""
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with (releases / _LOCK).open("a") as lock:
            _acquire(lock.fileno(), releases)
            _finish_begun(releases)
            yield
    except OSError as error:
        raise _explained(error, releases) from error
    except Exception as error:
        # DuckDB tells of a full disk in an error of its own.
        if (full := os.strerror(errno.ENOSPC)) in str(error) and not isinstance(error, ReleaseError):
            raise _explained(OSError(errno.ENOSPC, full), releases) from error
        raise


def _acquire(lock: int, releases: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ReleaseError(
                    f"Another run has been publishing into {releases} for over {PATIENCE / 60:.0f} minutes",
                    remedy="Let it finish or stop it, then publish again.",
                ) from None
            time.sleep(0.1)


def _finish_begun(releases: Path) -> None:
    """Finish a switch whose release is in place; remove unfinished writing, which is nobody's now."""
    link, intended = releases / LATEST, releases / _NEXT
    if link.exists() and not link.is_symlink():
        raise ReleaseError(
            f"{link} is not a link, so it cannot be switched to a new release",
            remedy="Rename it to the name of the release that it holds, then publish again.",
        )
    if intended.exists():
        _switch(releases)
    else:
        intended.unlink(missing_ok=True)
    for leftover in releases.glob(f"{_WRITING}*"):
        shutil.rmtree(leftover)


def _intend(releases: Path, name: str) -> None:
    (releases / _NEXT).symlink_to(name)


def _switch(releases: Path) -> None:
    (releases / _NEXT).replace(releases / LATEST)
    settle(releases)


def _refuse_other_content(release: Path, manifest: dict) -> None:
    """Raise unless the published release is what would be written, whenever it was read and made."""
    if problems := verify(release):
        raise ReleaseError(
            f"Release {release.name} exists and is damaged: {_first(problems)}",
            remedy=f"Move the folder {release} away and publish the run again.",
        )
    new, published = _timeless(manifest), _timeless(read_manifest(release))
    if differing := [key for key in new if new[key] != published.get(key)]:
        raise ReleaseError(
            f"Release {release.name} exists with other content: its {', '.join(differing)} differ",
            remedy="Releases are never overwritten: publish under a new run id, or move the folder away.",
        )


def _refuse_other_audience(releases: Path, facts: ReleaseFacts) -> None:
    """Raise rather than serve exact figures where those for all are served: the two never leave together."""
    served = latest(releases)
    if served is None or not (served / MANIFEST).exists():
        return
    audience = read_manifest(served).get("audience", "open")
    if audience != facts.audience:
        raise ReleaseError(
            f"{releases} holds releases for the audience {audience!r}, and this one is for {facts.audience!r}",
            remedy="Name another folder for releases of this audience.",
        )


def _timeless(manifest: dict) -> dict:
    """A manifest without what may differ between two releases of the same content."""
    inputs = [{**file, "read_at": None} for file in manifest.get("inputs", [])]
    files = [file if file["path"] not in REMADE else {"path": file["path"]} for file in manifest["files"]]
    return {**manifest, "number": None, "created_at": None, "inputs": inputs, "files": files}


def _order(release: Path) -> tuple[int, str]:
    """What releases are ordered by: their number, since a clock can be set back; then the time, for those without."""
    try:
        manifest = read_manifest(release)
    except ReleaseError:
        return 0, ""
    return manifest.get("number", 0), manifest["created_at"]


def _first(problems: list[str]) -> str:
    return problems[0] + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")


def _explained(error: OSError, releases: Path) -> ReleaseError:
    kept = "Nothing half-written was kept; the last release is still served"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return ReleaseError(
            f"The disk of {releases} has no room for the release ({os.strerror(error.errno)}). {kept}.",
            remedy="Free some space or name another folder for releases, then publish again.",
        )
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return ReleaseError(
            f"The folder {releases} cannot be written ({os.strerror(error.errno)}). {kept}.",
            remedy="Let this user write there or name another folder for releases, then publish again.",
        )
    return ReleaseError(
        f"The release could not be written to {releases} ({error}). {kept}.",
        remedy="See that the folder can be reached and its disk works, then publish again.",
    )
