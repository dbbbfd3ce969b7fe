"""A plan's folder of its own: written aside, sealed, and moved into place whole or not at all.

Walks in: the folder of plans, what is said of a plan, and a function that writes its files. Walks out:
`<plans>/<plan>/<release>-<digest>/` with `manifest.json`, written last.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from publication.plan.facts import PlanFacts
from publication.release.manifest import settle
from sources.files.checksums import sha256
from sources.files.errors import InputError

MANIFEST = "manifest.json"


def write_sealed(plans: Path, facts: PlanFacts, write: Callable[[Path], None]) -> Path:
    """Write a plan's folder and return it; one of the same plan on the same release is left as it is.

    Raises
    ------
    InputError
        When there is a folder of that name with other content.
    """
    place = plans / facts.plan / facts.folder
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=".writing-", dir=place.parent))
    try:
        write(aside)
        listed = _files(aside)
        if place.exists():
            _refuse_other(place, listed)
            return place
        for file in aside.rglob("*"):
            settle(file)
        (aside / MANIFEST).write_text(json.dumps(_manifest(facts, listed), indent=2) + "\n", encoding="utf-8")
        settle(aside / MANIFEST)
        aside.chmod(0o755)
        aside.rename(place)
        settle(place.parent)
        return place
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def read_sealed(folder: Path) -> dict[str, Any]:
    """Return the manifest of a plan's folder; `InputError` where the folder is not as it was written."""
    remedy = "Make the plan again: `wardcast plan`."
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        listed = {file["path"]: file["sha256"] for file in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"This is no folder of a plan: {error}", file=folder, remedy=remedy) from error
    found = {file["path"]: file["sha256"] for file in _files(folder)}
    if differing := sorted({name for name, _ in listed.items() ^ found.items()}):
        raise InputError("The plan was changed since it was made", file=folder / differing[0], remedy=remedy)
    return manifest


def _files(folder: Path) -> list[dict[str, Any]]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != MANIFEST]
    return [
        {"path": file.relative_to(folder).as_posix(), "bytes": file.stat().st_size, "sha256": sha256(file)}
        for file in files
    ]


def _manifest(facts: PlanFacts, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "plan": facts.plan,
        "who": facts.who,
        "why": facts.why,
        "signed_off_by": facts.signed_off_by,
        "signed_off_on": facts.signed_off_on,
        "release": facts.release,
        "run_id": facts.run_id,
        "origin": f"{facts.origin:%Y-%m}",
        "force": {"name": facts.force.name, "code": facts.force.code},
        "simulated": facts.force.simulated,
        "audience": facts.audience,
        "plan_sha256": facts.digest,
        "draws_sha256": facts.draws_digest,
        "seed": facts.seed,
        "code_version": facts.code_version,
        "created_at": facts.planned_at.astimezone(UTC).isoformat(timespec="seconds"),
        "files": files,
    }


def _refuse_other(place: Path, listed: list[dict[str, Any]]) -> None:
    published = {file["path"]: file["sha256"] for file in read_sealed(place)["files"]}
    made = {file["path"]: file["sha256"] for file in listed}
    if differing := sorted({name for name, _ in published.items() ^ made.items()}):
        raise InputError(
            "The same plan on the same release came out otherwise before: the code has changed since",
            file=place / differing[0],
            remedy="Move that folder away, then plan again.",
        )
