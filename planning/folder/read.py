"""Read a plan folder: its own rows where it has them, the defaults where it has none.

Walks in: a folder, or none. Walks out: a `PlanFolder` that was checked against the force it is for, or an `InputError`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from planning.folder.check import Ground, check_plan
from planning.folder.contracts import MONTHS, TABLES, no_rows_of
from planning.folder.defaults import default_table, discovered_types, read_reference, with_months, with_severity
from planning.folder.entries import Judgement, Lever, PlanHead
from planning.folder.example_target import example_targets
from planning.folder.goals.check_goals import check_goals
from planning.folder.stakes.check_stakes import check_stakes
from planning.folder.stakes.risk_scales import EXAMPLE, RiskScales, read_scales
from planning.folder.toml_file import MONTH, checked_entry, entries
from sources.catalogue.catalogue import read_toml
from sources.files.content import read_content
from sources.files.errors import InputError
from sources.files.reading import parse_table
from sources.tables.contracts import checked

HEAD, LEVERS, JUDGEMENTS, RISK_SCALES = "plan.toml", "levers.toml", "judgements.toml", "risk.toml"
TARGETS = "targets.csv"
# Tables of one force: there is nothing to stand in for them, or the worked example, which goes as a whole.
OF_ONE_FORCE = {"people", "streams", "calls", "risk", "risk_before", "budget", "targets"}
# Files of a plan folder that others read.
OF_OTHERS = (
    "posts.toml",
    "posts_today.csv",
    "pupils.csv",
    "survey.csv",
    "commands.toml",
    "commands_measures.csv",
    "commands_barriers.csv",
    "commands_bridges.csv",
)
_WHY = "What holding the service of the last recorded year would take."
DEFAULT_PLAN = PlanHead.model_validate({"name": "default", "who": "Wardcast", "why": _WHY})
OF_FORCE = "of_force"  # whether a row is the force's own


@dataclass(frozen=True, eq=False)
class PlanFolder:
    """A plan as it stands in its folder.

    tables : by name, in the form of `contracts.TABLES`, with a column `of_force`: whether the row is the force's own.
    discovered : crime types that policing itself discovers.
    digest : checksum of every file of the folder and of the defaults that stand in for what it lacks.
    scales : of the risk register. no_basis : of what no number of hidden demand is told: name, crime_type, reason.
    """

    head: PlanHead
    tables: Mapping[str, pd.DataFrame]
    levers: tuple[Lever, ...]
    judgements: tuple[Judgement, ...]
    discovered: tuple[str, ...]
    digest: str
    scales: RiskScales = field(default_factory=lambda: read_scales(None))
    no_basis: pd.DataFrame = field(default_factory=lambda: read_reference("no_basis"))


def read_plan(folder: Path | None, ground: Ground) -> PlanFolder:
    """Return the plan of a folder; the default plan where there is none.

    Raises
    ------
    InputError
        Where a file, row, column or value cannot stand: see `planning.folder.check`.
    """
    if folder is not None:
        _refuse_strangers(folder)
    head = _head(folder)
    tables = {name: _table(folder, name, ground) for name in TABLES}
    tables["harm_weights"] = with_severity(tables["harm_weights"], ground.harm)
    if folder is None or not (folder / TARGETS).is_file():
        tables["targets"] = example_targets(ground).assign(**{OF_FORCE: False})
    levers = () if folder is None else entries(folder / LEVERS, "lever", Lever)
    judgements = () if folder is None else entries(folder / JUDGEMENTS, "judgement", Judgement)
    discovered = discovered_types() if head.discovered is None else head.discovered
    scales = read_scales(None if folder is None else folder / RISK_SCALES)
    plan = PlanFolder(head, tables, levers, judgements, discovered, _digest(folder, tables), scales)
    check_plan(head, tables, levers, judgements, ground, folder)
    check_stakes(tables, scales, list(plan.no_basis["crime_type"]), ground, folder or Path("defaults"))
    check_goals(tables, ground, folder or Path("defaults"))
    return plan


def _head(folder: Path | None) -> PlanHead:
    if folder is None:
        return DEFAULT_PLAN
    file = folder / HEAD
    if not file.is_file():
        raise InputError(
            "The plan folder has no plan.toml", file=file, remedy="`wardcast new-plan NAME` writes a whole folder."
        )
    return checked_entry(dict(read_toml(file)), PlanHead, file)


def _table(folder: Path | None, name: str, ground: Ground) -> pd.DataFrame:
    default = default_table(name, ground.force_code).assign(**{OF_FORCE: False})
    if name == "streams":  # a default may follow a series that this force does not have
        followed = default["projected_by"].isin(["series", "per"]) & ~default["of"].isin(list(ground.series))
        default = default[~followed]
    if name == "time":
        default = default[default["area"].isin(ground.area_names)]
    file = None if folder is None else folder / f"{name}.csv"
    if file is None or not file.is_file():
        return default
    own = _own_rows(file, name).assign(**{OF_FORCE: True})
    if name in OF_ONE_FORCE:
        return own
    return pd.concat([own, default], ignore_index=True)


def _own_rows(file: Path, name: str) -> pd.DataFrame:
    schema = TABLES[name]
    content = read_content(file)
    if content.count(b"\n") <= 1 and content.decode("utf-8", "replace").strip().split(",") == list(schema.columns):
        return no_rows_of(name)  # a form that nobody has filled yet
    table = parse_table(content, file, list(schema.columns))
    if strangers := [column for column in table if column not in schema.columns]:
        raise InputError(
            "The file has a column that is not known",
            file=file,
            row=1,
            column=str(strangers[0]),
            remedy=f"Its columns are {', '.join(schema.columns)}.",
        )
    table = table.map(lambda cell: cell.strip() if isinstance(cell, str) else cell).fillna("")
    for column in MONTHS[name]:
        wrong = ~table[column].str.fullmatch(MONTH) & (table[column] != "")
        if wrong.any():
            row = table.index[wrong][0]
            raise InputError(
                "A month is not given as 2026-04",
                file=file,
                row=row,
                column=str(column),
                value=table.loc[row, column],
                remedy="Write the year, a hyphen and the month in two digits.",
            )
    numbers = [column for column, kind in schema.columns.items() if str(kind.dtype) in {"float64", "int64"}]
    for column in numbers:
        read = pd.to_numeric(table[column], errors="coerce")
        wrong = read.isna() & ((table[column] != "") | (not schema.columns[column].nullable))
        if wrong.any():
            row = table.index[wrong][0]
            raise InputError(
                "A number is missing or is none",
                file=file,
                row=row,
                column=str(column),
                value=table.loc[row, column],
                remedy="Write a number, without thousands separators or units.",
            )
        table[column] = read
    _refuse_disorder(table, file)
    return checked(schema, with_months(table, name), file).reset_index(drop=True)


def _refuse_disorder(table: pd.DataFrame, file: Path) -> None:
    if "p50" not in table:
        return
    wrong = (table["p10"] > table["p50"]) | (table["p50"] > table["p90"])
    if wrong.any():
        row = table.index[wrong][0]
        raise InputError(
            "Of the three values of a row, p10 is at most p50, and p50 at most p90",
            file=file,
            row=row,
            column="p10",
            value=table.loc[row, "p10"],
            remedy="Put them in order: one in ten possible values lies below p10, nine in ten below p90.",
        )


def _refuse_strangers(folder: Path) -> None:
    if not folder.is_dir():
        raise InputError("There is no such plan folder", file=folder, remedy="`wardcast new-plan NAME` writes one.")
    known = {HEAD, LEVERS, JUDGEMENTS, RISK_SCALES, *OF_OTHERS, *(f"{name}.csv" for name in TABLES), "README.md"}
    for file in sorted(folder.iterdir()):
        # Folders within it are results of the plan.
        if file.is_file() and file.name not in known and not file.name.startswith("."):
            raise InputError(
                "The plan folder holds a file that is not known",
                file=file,
                remedy=f"Its files are {', '.join(sorted(known))}.",
            )


def _digest(folder: Path | None, tables: Mapping[str, pd.DataFrame]) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()) if folder is not None else []:
        if file.is_file() and not file.name.startswith("."):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    digest.update(EXAMPLE.read_bytes())
    for name, table in tables.items():
        defaults = table[~table[OF_FORCE].astype(bool)]
        digest.update(name.encode() + defaults.to_csv(index=False).encode())
    return digest.hexdigest()
