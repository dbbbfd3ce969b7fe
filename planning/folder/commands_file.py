"""`commands.toml`: the rules for command units, and the files beside it: figures by area, barriers, bridges.

Walk in: files of a plan folder. Walk out: a checked `CommandsFile`, measures by area, barriers as pairs of areas.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from pydantic import Field

from planning.folder.defaults import REFERENCE, read_reference
from planning.folder.toml_file import Strict, checked_entry
from sources.catalogue.catalogue import read_toml
from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.tables.contracts import checked

COMMANDS_FILE, MEASURES_FILE = "commands.toml", "commands_measures.csv"
BARRIERS_FILE, BRIDGES_FILE = "commands_barriers.csv", "commands_bridges.csv"
WIDEST_SPAN = 10.0  # inspectors to a superintendent

_NAME = pa.Column(str, pa.Check.str_length(min_value=1), coerce=True)
BARRIERS = pa.DataFrameSchema(
    {"force_code": _NAME, "barrier": _NAME, "one": _NAME, "other": _NAME, "source": _NAME},
    unique=["force_code", "one", "other"],
    strict=True,
    name="barriers",
    description="Pairs of areas, by their names, that a barrier parts; a pair that is not there is not parted.",
)
AREA_MEASURES = pa.DataFrameSchema(
    {"area": _NAME, "measure": _NAME, "value": pa.Column("float64", pa.Check.ge(0), coerce=True)},
    unique=["area", "measure"],
    strict=True,
    name="commands_measures",
    description="Figures by area, its code or name: officers, inspectors, child abuse investigators, hours of work.",
)
PAIRS = pa.DataFrameSchema(
    {"name": _NAME, "one": _NAME, "other": _NAME},
    unique=["one", "other"],
    strict=True,
    name="commands_pairs",
    description="Pairs of areas, by code or name, that a barrier of that name parts, or a bridge of that name joins.",
)


class Pair(Strict):
    """Two areas that a barrier parts, or a bridge joins."""

    name: str = Field(min_length=1)
    areas: tuple[str, str]


class LimitEntry(Strict):
    """The least and the most of a measure in every command."""

    name: str = Field(min_length=1)
    measure: str
    at_least: float = Field(0, ge=0)
    at_most: float = Field(float("inf"), gt=0)


class Span(Strict):
    """Superintendents of each command, and the measure that counts inspectors by area."""

    measure: str
    superintendents_each: float = Field(gt=0)
    at_most: float = Field(WIDEST_SPAN, gt=0)


class Wish(Strict):
    """An option that someone wishes to see beside the others."""

    name: str = Field(min_length=1)
    commands: tuple[tuple[str, ...], ...]


class CommandsFile(Strict):
    """`commands.toml`: how many commands, balanced on what, under which rules.

    `barriers` names which of the shipped barriers count; none given, all of the force's do. `front` has a plan draw up
    the front of change against balance, which takes minutes.
    """

    count: str = ""
    front: bool = False
    measures: tuple[str, ...] = ("crime",)
    singles: bool = True
    keep: tuple[tuple[str, ...], ...] = ()
    barriers: tuple[str, ...] | None = None
    shortest_border: float = Field(default=100, ge=0)
    barrier: tuple[Pair, ...] = ()
    bridge: tuple[Pair, ...] = ()
    limit: tuple[LimitEntry, ...] = ()
    span: Span | None = None
    wish: tuple[Wish, ...] = ()


def read_commands(file: Path) -> CommandsFile:
    """Return the rules of a file.

    Raises
    ------
    InputError
        If the file is no TOML, or a key or value cannot stand.
    """
    return checked_entry(read_toml(file), CommandsFile, file)


def rules_of_folder(folder: Path | None) -> CommandsFile:
    """Return the rules of a plan folder: `commands.toml` with the pairs of its files of barriers and bridges.

    What is not there leaves the defaults, as does None.

    Raises
    ------
    InputError
        As `read_commands` and `read_pairs`.
    """
    if folder is None:
        return CommandsFile()
    file = folder / COMMANDS_FILE
    found = read_commands(file) if file.is_file() else CommandsFile()
    pairs = {
        key: (*getattr(found, key), *read_pairs(folder / name))
        for key, name in (("barrier", BARRIERS_FILE), ("bridge", BRIDGES_FILE))
        if (folder / name).is_file()
    }
    return found.model_copy(update=pairs)


def read_pairs(file: Path) -> tuple[Pair, ...]:
    """Return the barriers or bridges of a CSV file, contract `PAIRS`.

    Raises
    ------
    InputError
        If a column lacks, a pair is there twice, or an area is paired with itself.
    """
    table = read_table(file, list(PAIRS.columns))
    refuse_repeats(table, ["one", "other"], file)
    alone = table["one"] == table["other"]
    if alone.any():
        at = int(alone.to_numpy().argmax())
        raise InputError(
            "An area is paired with itself",
            file=file,
            row=int(table.index[at]),
            column="other",
            value=table["other"].iloc[at],
            remedy="Name two areas.",
        )
    rows = checked(PAIRS, table, file)[["name", "one", "other"]].itertuples(index=False)
    return tuple(Pair(name=name, areas=(one, other)) for name, one, other in rows)


def read_area_measures(file: Path) -> pd.DataFrame:
    """Return figures by area from a CSV file, contract `AREA_MEASURES`.

    Raises
    ------
    InputError
        If a column lacks, a value is no number of at least zero, or an area has a measure twice.
    """
    table = read_table(file, list(AREA_MEASURES.columns))
    refuse_repeats(table, ["area", "measure"], file)
    return checked(AREA_MEASURES, table.assign(value=numbers(table, ["value"], file)["value"]), file)


def shipped_barriers(force_code: str, names: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return the barriers that are known of a force, contract `BARRIERS`; those named, or all.

    Raises
    ------
    InputError
        If the force has no barrier of a name.
    """
    table = checked(BARRIERS, read_reference("barriers"), REFERENCE / "barriers.csv")
    table = table[table["force_code"] == force_code].reset_index(drop=True)
    strange = sorted(set(names or ()) - set(table["barrier"]))
    if strange:
        raise InputError(
            "No barrier of that name is known of the force",
            column="barriers",
            value=strange[0],
            remedy=f"Name some of: {', '.join(table['barrier'].unique()) or 'none'}; or list its pairs as [[barrier]].",
        )
    return table if names is None else table[table["barrier"].isin(names)].reset_index(drop=True)


def counts_of(text: str, areas: int) -> range:
    """Return the numbers of commands that a text such as 11-16 or 12 names.

    Raises
    ------
    InputError
        If it names none, or more commands than there are areas.
    """
    found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise InputError("Numbers of commands are given as 12 or 11-16", value=text, remedy="Correct the numbers.")
    if last > areas:
        raise InputError(
            f"{last} commands cannot be made of {areas} areas", value=text, remedy=f"Name {areas} or fewer."
        )
    return range(first, last + 1)
