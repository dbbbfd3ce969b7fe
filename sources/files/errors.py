"""The error for input that cannot be used: what is wrong, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path


class InputError(Exception):
    """Input that cannot be used: what is wrong, where, and what to do about it.

    Its text is written for the person who supplied the file: the first line says what is wrong and where,
    the second what to do.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str | None = None,
        row: int | str | None = None,
        column: str | None = None,
        value: object = None,
        remedy: str,
    ) -> None:
        self.problem, self.file, self.row, self.column, self.value = problem, file, row, column, value
        self.remedy = remedy
        where = [
            f"{label} {place}"
            for label, place in (("file", file), ("row", row), ("column", column))
            if place is not None
        ]
        if value is not None:
            where.append(f"value {value!r}")
        location = f" ({', '.join(where)})" if where else ""
        super().__init__(f"{problem}{location}\nWhat to do: {remedy}")
