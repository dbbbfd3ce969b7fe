"""TOML files of a plan folder, checked entry by entry.

Walks in: a file. Walk out: checked entries, or an `InputError` that names the entry and what is wrong with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sources.catalogue.catalogue import read_toml
from sources.files.errors import InputError

Entry = TypeVar("Entry", bound=BaseModel)


class Strict(BaseModel):
    """An entry that knows every one of its keys, and refuses others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(Strict):
    """A value with its uncertainty: 10, 50 and 90 in a hundred possible values lie below."""

    p10: float
    p50: float
    p90: float

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if not self.p10 <= self.p50 <= self.p90:
            raise ValueError("p10 is at most p50, and p50 at most p90")
        return self


MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
Month = Field(pattern=MONTH)


def month_of(text: str) -> pd.Timestamp:
    """Return the first day of a month given as 2026-04."""
    return pd.Timestamp(f"{text}-01")


def entries(file: Path, key: str, kind: type[Entry]) -> tuple[Entry, ...]:
    """Return the tables `[[key]]` of a file, checked; none where there is no file.

    Raises
    ------
    InputError
        Naming the file, the entry (its id or place), the key and the value that cannot stand; or a key of the file
        that is not known; or an id that is there twice.
    """
    if not file.is_file():
        return ()
    content = read_toml(file)
    _refuse_strangers(content, {key}, file)
    found = content.get(key, [])
    if not isinstance(found, list):
        raise InputError(f"{key} is a list of tables", file=file, column=key, remedy=f"Begin each one with [[{key}]].")
    made = [checked_entry(one, kind, file, str(one.get("id", number))) for number, one in enumerate(found, start=1)]
    names = [getattr(one, "id", None) for one in made]
    if twice := next((name for name in names if name is not None and names.count(name) > 1), None):
        raise InputError("Two entries have one id", file=file, column="id", value=twice, remedy="Give each its own id.")
    return tuple(made)


def checked_entry(content: dict[str, Any], kind: type[Entry], file: Path, row: str | None = None) -> Entry:
    """Return an entry checked against its kind."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"An entry is wrong: {first['msg']}",
            file=file,
            row=row,
            column=".".join(str(part) for part in first["loc"]) or None,
            value=first["input"] if not isinstance(first["input"], dict) else None,
            remedy=f"Its keys are {', '.join(kind.model_fields)}; docs/reference/plan-folder.md explains them.",
        ) from error


def _refuse_strangers(content: dict[str, Any], known: set[str], file: Path) -> None:
    if strangers := sorted(set(content) - known):
        raise InputError(
            "The file has a key that is not known", file=file, column=strangers[0], remedy=f"Use {', '.join(known)}."
        )
