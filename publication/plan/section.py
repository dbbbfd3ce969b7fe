"""A section of a plan's page: what was found, then the tables.

Walk in: sentences and tables in words. Walks out: a `Section`.
"""

from __future__ import annotations

from dataclasses import dataclass

from publication.pages.rendering import Table


@dataclass(frozen=True)
class Section:
    """findings : sentences, what matters most first."""

    title: str
    findings: tuple[str, ...]
    tables: tuple[Table, ...]
