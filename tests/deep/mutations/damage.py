"""One mutation: a file damaged by a seed, read, and judged.

Walks in: a case, the number of the mutation, the folders of excerpts and a workspace. Walks out: an `Outcome`, which is
a fault unless it is a success, a quarantine or a refusal in words.
"""

from __future__ import annotations

import gzip
import io
import shutil
import traceback
import warnings
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random

from publication.release.manifest import ReleaseError
from sources.files.errors import InputError
from tests.deep.mutations.operations import OF_BYTES, OF_TEXT, Operation, leave_alone
from tests.deep.mutations.publishers import Case, Reading
from tests.deep.mutations.recounts import UncountableError

SUCCESS, QUARANTINED, REFUSED, FAULT = "success", "quarantined", "refused", "FAULT"
Watch = Callable[[], AbstractContextManager[None]]

_GZIP = b"\x1f\x8b"
_NEAR = 1e-6


@dataclass(frozen=True)
class Outcome:
    """How a mutation ended: one of the four words, and what was said."""

    case: str
    number: int
    operation: str
    ended: str
    said: str


def damaged(content: bytes, name: str, random: Random) -> tuple[bytes, str]:
    """Return the content of a file as damaged, and the operation: on its bytes, or on the text that is packed in it."""
    text = not name.endswith((".parquet", ".nc", ".noise"))
    packed = content.startswith(_GZIP) or name.endswith(".zip")
    if not text or (packed and random.random() < 0.3):
        operation = random.choice((*OF_BYTES, leave_alone))
        return operation(content, random), operation.__name__
    operation = random.choice(OF_TEXT)
    said = f"{operation.__name__} of the text"
    if name.endswith(".zip"):
        return _in_zip(content, operation, random), said
    if packed:
        return gzip.compress(operation(gzip.decompress(content), random), mtime=0), said
    return operation(content, random), said


def mutated(case: Case, number: int, corpus: Path, workspace: Path, watch: Watch = nullcontext) -> Outcome:
    """Damage the case's file in the way of this number, read it from the workspace, and judge.

    watch: what is to hold while the reader is at work.
    """
    random = Random(f"{case.name} {number}")
    folder = corpus / case.corpus
    content, operation = damaged((folder / case.file).read_bytes(), case.file, random)
    if case.companions:
        shutil.copytree(folder / case.companions, workspace / case.companions, symlinks=True, dirs_exist_ok=True)
    file = workspace / case.file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    ended, said = judged(case, file, folder, watch)
    return Outcome(case.name, number, operation, ended, said)


def judged(case: Case, file: Path, folder: Path, watch: Watch = nullcontext) -> tuple[str, str]:
    """Read a file and return how that ended, and what was said."""
    try:
        with warnings.catch_warnings(), watch():
            warnings.simplefilter("ignore")
            reading = case.read(file, folder)
    except ReleaseError as error:
        return REFUSED, str(error)
    except InputError as error:
        clear = error.remedy and (error.file is not None or error.column is not None)
        return (REFUSED, str(error)) if clear else (FAULT, f"the error names no place: {error}")
    except Exception:  # any other is the fault that is looked for
        return FAULT, traceback.format_exc(limit=-4)
    return _compared(case, reading, file, folder)


def _compared(case: Case, reading: Reading, file: Path, folder: Path) -> tuple[str, str]:
    """Hold what was read against an independent count of the same file, or of the undamaged one if there is none."""
    try:
        counted = case.recount(file, folder)
    except (UncountableError, KeyError, TypeError, IndexError) as error:
        try:
            counted = case.recount(folder / case.file, folder)
        except KeyError:
            counted = {}
        if not _same(reading.quantities, counted):
            return FAULT, f"read {reading.quantities}, but the file cannot be counted: {type(error).__name__} {error}"
    if not _same(reading.quantities, counted):
        return FAULT, f"read {reading.quantities}, counted {counted}"
    return (QUARANTINED if reading.set_aside else SUCCESS), str(reading)


def _same(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(abs(float(one[name]) - other[name]) <= _NEAR * max(1.0, abs(other[name])) for name in other)


def _in_zip(content: bytes, operation: Operation, random: Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = random.choice(names)
        for name in names:
            held = old.read(name)
            new.writestr(zipfile.ZipInfo(name), operation(held, random) if name == chosen else held)
    return packed.getvalue()
