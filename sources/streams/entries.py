"""What is said of a stream, in `streams.toml`: the one contract that every stream keeps.

Walks in: the content of a `streams.toml`. Walk out: `StreamEntry`s, checked. docs/streams.md explains every field.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sources.catalogue.catalogue import read_toml
from sources.catalogue.entries import PathInside
from sources.files.errors import InputError

Category = Literal["public", "protective", "internal"]
Layout = Literal["long", "mps_dashboard", "mps_vawg", "mps_ward_officers", "police_uk_wards", "chicago_days"]
Level = Literal["ward", "borough", "bcu", "force"]
CATEGORIES: tuple[str, ...] = get_args(Category)
LIST_FILE = "streams.toml"


class StreamEntry(BaseModel):
    """One stream: what it counts, where, how often, and who may see it.

    areas : level of the areas that its rows name, or `own` where they are none of the force's.
    series : `parts` where several series of one stream add up, `nested` where each lies within another.
    within : of a nested series, the series that holds it; one that is not named lies in none.
    absent : what an area's period without a row means, `zero`, or `unknown` where no series of the area has one.
    keep : series of the file that belong to the stream; all if none is named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    title: str = Field(min_length=1, max_length=120)
    category: Category
    unit: str = Field(min_length=1, max_length=30)
    kind: Literal["count", "amount"]
    areas: Literal["ward", "borough", "force", "own"]
    period: Literal["month", "week", "day"]
    layout: Layout = "long"
    dataset: str | None = None
    file: PathInside | None = None
    publisher: str = ""
    licence: str = ""
    page: str = ""
    finest_open_level: Level
    sensitive: bool
    overlaps: tuple[str, ...] = ()
    series: Literal["parts", "nested"] = "parts"
    within: dict[str, str] = {}
    absent: Literal["zero", "unknown"] = "zero"
    set_aside: dict[str, str] = {}
    keep: tuple[str, ...] = ()
    flag: str = ""
    measure: str = ""
    forecast: bool = True
    not_forecast_because: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> StreamEntry:
        if (self.dataset is None) == (self.file is None):
            raise ValueError("name either the `file` beside streams.toml or the `dataset` of the catalogue")
        if self.file is not None and not (self.publisher and self.licence):
            raise ValueError("a stream of one's own names its `publisher` and `licence`")
        if self.within and self.series != "nested":
            raise ValueError("`within` belongs to series that are nested")
        if not self.forecast and not self.not_forecast_because:
            raise ValueError("a stream that is not forecast says why in `not_forecast_because`")
        for name in self.within:
            self.holders(name)
        return self

    def holders(self, series: str) -> list[str]:
        """Return the series that hold one, the nearest first; ValueError where they go round in a circle."""
        found: list[str] = []
        while series in self.within:
            series = self.within[series]
            if series in found:
                raise ValueError(f"`within` goes round in a circle at {series!r}")
            found.append(series)
        return found


class _List(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: tuple[StreamEntry, ...]


def read_entries(file: Path) -> list[StreamEntry]:
    """Return the streams that a `streams.toml` names, in its order.

    Raises
    ------
    InputError
        If the file is no TOML, an entry lacks a field, has an unknown one or a value out of bounds, or a name is given
        twice.
    """
    content = read_toml(file)
    try:
        entries = list(_List.model_validate(content).stream)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"The entry of a stream is not as it should be: {first['msg']}",
            file=file,
            column=".".join(_place(part) for part in first["loc"]) or None,
            value=first["input"] if isinstance(first["input"], (str, int, float, bool)) else None,
            remedy="Correct that field; docs/streams.md explains each.",
        ) from error
    names = [entry.name for entry in entries]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(
            "Two streams have one name",
            file=file,
            column="name",
            value=repeated[0],
            remedy="Give each stream a name of its own.",
        )
    return entries


def _place(part: int | str) -> str:
    return f"entry {part + 1}" if isinstance(part, int) else part
