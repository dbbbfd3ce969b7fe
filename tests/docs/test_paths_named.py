"""Every path and module of ours that the docs name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = "sources|features|models|planning|publication|pipelines|tests|benchmarks"
PATHS = re.compile(rf"`((?:{ROOMS})/[\w./-]*)`")
MODULES = re.compile(rf"`((?:{ROOMS})(?:\.[a-z_]+)+)")
PAGES = [
    *PROJECT.glob("docs/*.md"),
    *PROJECT.glob("docs/roles/*.md"),
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
]
# What happened before a wall was built is told with the paths of then.
DECISIONS = [page for page in PROJECT.glob("docs/decisions/*.md") if page.name >= "0015"]


@pytest.mark.parametrize("page", [*PAGES, *DECISIONS], ids=lambda page: page.name)
def test_paths_of_a_page_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [path for path in PATHS.findall(text) if not (PROJECT / path).exists() and "*" not in path]
    missing += [name for name in MODULES.findall(text) if not _is_there(name)]
    assert not missing


def _is_there(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place = PROJECT.joinpath(*parts[:length])
        if place.with_suffix(".py").is_file():
            rest = parts[length:]
            return not rest or re.search(rf"\b{rest[0]}\b", place.with_suffix(".py").read_text()) is not None
        if place.is_dir():
            return length == len(parts) or _named_in(place / "__init__.py", parts[length])
    return False


def _named_in(file: Path, name: str) -> bool:
    return file.is_file() and re.search(rf"\b{name}\b", file.read_text()) is not None
