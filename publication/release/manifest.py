"""The manifest of a release: what its files are, and what the run was that made them.

Walks in: a folder of finished files and the facts of the run. Walks out: `manifest.json`, and, for any
release, the list of what disagrees with it.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pydantic import BaseModel, Field

from sources.files.checksums import sha256

if TYPE_CHECKING:
    from sources.tables.force_tables import Force

MANIFEST = "manifest.json"
CHANGES = "changes.json"
AUDIENCES = ("open", "internal")


class ReleaseError(Exception):
    """A release that cannot be written, found or served: what is wrong, and what to do about it."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}\nWhat to do: {remedy}")


@dataclass(frozen=True, eq=False)
class ReleaseFacts:
    """What a release says of the run that made it.

    `origin`: last month seen. `horizon`: months. `scenarios`: the first is the one that pages show.
    `data_vintage`: how recent the data are, in words. `inputs`: the ingest manifest (contract `MANIFEST` of
    `sources`). `created_at`: with time zone. `audience`: `open|internal`.
    `missing`: in sentences, what the force has no data on. `contact`: whom to ask, or empty. `next_due`: the day by
    which the next release is to be out, or None.
    """

    run_id: str
    force: Force
    origin: pd.Timestamp
    horizon: int
    scenarios: tuple[str, ...]
    data_vintage: str
    inputs: pd.DataFrame
    code_version: str
    created_at: datetime
    audience: str = "open"
    missing: tuple[str, ...] = ()
    contact: str = ""
    next_due: date | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", self.run_id):
            raise ValueError(f"a run id has letters, digits, - and _ only, not {self.run_id!r}")
        if self.created_at.tzinfo is None:
            raise ValueError("the time of creation needs a time zone")
        if self.audience not in AUDIENCES:
            raise ValueError(f"an audience is one of {', '.join(AUDIENCES)}, not {self.audience!r}")

    @property
    def name(self) -> str:
        """The release's folder: the origin and the first eight characters of the run's id, `-internal` where it is."""
        return f"{self.origin:%Y-%m}-{self.run_id[:8]}" + ("" if self.audience == "open" else f"-{self.audience}")

    @property
    def data_to(self) -> date:
        """The last day of the data."""
        return (self.origin + pd.offsets.MonthEnd(0)).date()

    @property
    def age_of_data(self) -> int:
        """How many days old the newest data were when the release was made."""
        return (self.created_at.date() - self.data_to).days

    @property
    def mark(self) -> str:
        """What the name of a file that gets copied alone must end in, such as `-SIMULATED`; mostly nothing."""
        return ("-SIMULATED" if self.force.simulated else "") + ("-INTERNAL" if self.audience == "internal" else "")


def write_manifest(folder: Path, facts: ReleaseFacts, number: int = 1) -> dict:
    """Settle every file on the disk, then write `manifest.json` with their sha256 and bytes and the run's
    facts. `number`: place among the releases of its folder, in the order in which they were made.

    Raises
    ------
    ReleaseError
        When the folder holds anything but plain files and folders, such as a link out of the release.
    """
    files, odd = _files(folder)
    if odd:
        raise ReleaseError(
            f"A release holds plain files only, but its contents include {', '.join(odd)}",
            remedy="Write a copy of the file instead of a link.",
        )
    for path in [*files.values(), *(path for path in folder.rglob("*") if path.is_dir())]:
        settle(path)
    manifest = {
        "release": facts.name,
        "number": number,
        "audience": facts.audience,
        "simulated": facts.force.simulated,
        "force": {"name": facts.force.name, "code": facts.force.code},
        "run_id": facts.run_id,
        "origin": f"{facts.origin:%Y-%m}",
        "horizon_months": facts.horizon,
        "scenarios": list(facts.scenarios),
        "data_vintage": facts.data_vintage,
        "missing": list(facts.missing),
        "code_version": facts.code_version,
        "created_at": facts.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "inputs": json.loads(facts.inputs.to_json(orient="records", date_format="iso")),
        "files": [{"path": name, "bytes": path.stat().st_size, "sha256": sha256(path)} for name, path in files.items()],
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    settle(path)
    settle(folder)
    return manifest


class _ListedFile(BaseModel):
    path: str
    bytes: int
    sha256: str


class _Manifest(BaseModel):
    """What every command takes for granted in a manifest; the rest of it is not looked at here."""

    created_at: str
    origin: str = Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")
    files: list[_ListedFile]


def read_manifest(release: Path) -> dict:
    """The manifest of a release; `ReleaseError` when it is missing or not one that a release writes."""
    try:
        manifest = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
        _Manifest.model_validate(manifest)
    except (OSError, ValueError, RecursionError) as error:  # pydantic's errors are of the second kind
        raise ReleaseError(
            f"{MANIFEST} of release {release.name} cannot be read ({type(error).__name__}: {error})",
            remedy="Restore the release from a backup, or move its folder away and publish its run again.",
        ) from error
    return manifest


def verify(release: Path) -> list[str]:
    """What is wrong with a release's files against its manifest; empty when all is well."""
    try:
        listed = {entry["path"]: entry for entry in read_manifest(release)["files"]}
    except ReleaseError as error:
        return [error.problem]
    present, odd = _files(release)
    problems = [f"{name}: is not a plain file" for name in odd]
    problems += [f"{name}: missing" for name in sorted(listed.keys() - present.keys() - set(odd))]
    problems += [f"{name}: not in the manifest" for name in sorted(present.keys() - listed.keys())]
    for name in sorted(present.keys() & listed.keys()):
        try:
            if (size := present[name].stat().st_size) != listed[name]["bytes"]:
                problems.append(f"{name}: has {size} bytes, the manifest says {listed[name]['bytes']}")
            elif sha256(present[name]) != listed[name]["sha256"]:
                problems.append(f"{name}: content differs from the manifest (sha256)")
        except OSError as error:
            problems.append(f"{name}: cannot be read ({error.strerror})")
    return problems


def settle(path: Path) -> None:
    """Make sure that a file's content, or the names in a folder, are on the disk and not only in memory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """A release's plain files by path within it, manifest apart, and what is neither file nor folder."""
    files, odd = {}, []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            odd.append(name)
        elif path.is_file() and name != MANIFEST:
            files[name] = path
    return files, odd
