"""Pages of a release: one look, one head and foot, tables that say what they are.

Walks in: a template, `Contents` and figures. Walks out: an HTML file that opens from disk. What stands in it depends
on the contents alone, so that publishing a run twice gives the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publication.release.contents import Contents
from publication.words import (
    MISSING,
    NOT_FOR,
    change,
    day_name,
    marks,
    month_name,
    page_links,
    sentence_case,
    share,
    whole,
)

Formats = dict[str, Callable[[Any], str]]


@dataclass(frozen=True)
class Table:
    """A table as a page shows it: headings and cells in words, each with whether it is a number."""

    identifier: str
    caption: str
    headings: list[tuple[str, bool]]
    rows: list[list[tuple[str, bool]]]


def shown(identifier: str, caption: str, table: pd.DataFrame, formats: Formats | None = None) -> Table:
    """Return a table for a page: columns with a format are numbers, the others texts; what is missing is a dash."""
    formats = formats or {}
    columns = [
        [MISSING if pd.isna(cell) else formats[name](cell) if name in formats else str(cell) for cell in table[name]]
        for name in table.columns.astype(str)
    ]
    numbers = [name in formats for name in table]
    rows = [list(zip(cells, numbers, strict=True)) for cells in zip(*columns, strict=True)]
    return Table(identifier, caption, list(zip(table.columns.astype(str), numbers, strict=True)), rows)


class Told(Protocol):
    """What a page is of: it says whom it is for, and of which force, release and run it tells."""

    @property
    def facts(self) -> Any:
        """Name, force, origin, run_id and code_version, as a release's facts have them."""

    @property
    def audience(self) -> str:
        """Whom it is for."""


def write_html(path: Path, template: str, contents: Told, *, root: str = "", **figures: Any) -> None:
    """Write a page from its template; `root` leads from its folder to the release's."""
    links = figures.pop("links", None)
    has_plan = isinstance(contents, Contents) and contents.has_plan
    links = page_links(has_plan) if links is None else links
    here = path.name if not root else f"{path.parent.name}/{path.name}"
    page = _environment().get_template(template)
    text = page.render(
        facts=contents.facts,
        internal=contents.audience == "internal",
        marks=marks(contents),
        links=links,
        here=here,
        root=root,
        **figures,
    )
    path.write_text(text, encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "month": month_name,
        "day": day_name,
        "whole": whole,
        "share": share,
        "change": change,
        "type_name": sentence_case,
        "size": _size,
    }
    environment.globals["not_for"] = NOT_FOR
    return environment


def _size(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):,.1f} kB"
