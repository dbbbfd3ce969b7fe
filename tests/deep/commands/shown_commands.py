"""The commands that README and docs show, page by page.

Walks in: the pages. Walk out: command lines in blocks of code, and the `wardcast ...` that stand within sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
WORDS = (
    "wardcast ",
    ".venv/bin/",
    "../.venv/bin/",
    "make ",
    "python ",
    "prefect ",
    "chmod ",
    "cd ",
    "./",
    ".ci/",
    "npm ",
    "benchmarks/leaderboard/run",
)

_FENCED = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<code>.*?)^(?P=indent)```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^ {4,}(.+)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`]+)`")


def pages() -> list[Path]:
    """Return README, CONTRIBUTING and every page of the docs and of folders that have one."""
    return sorted({*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("*/README.md")})


def shown_in(page: Path) -> list[str]:
    """Return the command lines of a page's blocks of code, without their comments."""
    text = page.read_text(encoding="utf-8")
    fenced = [(block["kind"], block["code"]) for block in _FENCED.finditer(text)]
    indented = _INDENTED.findall(_FENCED.sub("", text))
    lines = [line for kind, code in fenced if kind in {"sh", "console", "bash"} for line in code.splitlines()]
    lines += [line for kind, code in fenced if kind in {"", "text"} for line in code.splitlines() if _command(line)]
    lines += [line for line in indented if _command(line)]
    return [command for line in lines if (command := re.sub(r"\s+#.*$", "", line).strip())]


def within_sentences(page: Path) -> Iterator[str]:
    """Yield each command that stands within a page's sentences and tables."""
    for code in _INLINE.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if _command(code):
            yield " ".join(code.split())


def _command(line: str) -> bool:
    return line.strip().startswith(WORDS)
