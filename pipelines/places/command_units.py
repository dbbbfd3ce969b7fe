"""Command units as a command: options of each number of commands, from a data folder and rules.

Walks in: a force's tables, rules. Walk out: tables for a person, and files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from pipelines.running.progress import stage
from planning.folder.commands_file import MEASURES_FILE, CommandsFile, counts_of, read_area_measures
from planning.places.command_units.asked_commands import (
    HOURS,
    borough_names,
    command_question,
    recorded_measures,
    wished_options,
    with_own_measures,
)
from planning.places.command_units.command_options import (
    CommandOption,
    command_options,
    commands_table,
    cost_of_rules,
    ratios_table,
)
from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.front import change_front, pairs_parted
from planning.places.command_units.near_on_draws import near_table
from publication.charts.charts import save_picture
from publication.charts.command_charts import command_pictures
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

STAND_INS = (
    "Hours are recorded offences by what the plan's assumptions say of a case; the plan tells how well they are known."
)


@dataclass(frozen=True)
class CommandUnits:
    """Tables: `commands`, `command_ratios`, options nearly as good, what rules cost, the front.

    `said` where there is nothing to decide.
    """

    question: CommandQuestion
    options: list[CommandOption]
    commands: pd.DataFrame
    ratios: pd.DataFrame
    near: pd.DataFrame
    costs: pd.DataFrame
    front: pd.DataFrame
    said_of: str
    said: str = ""
    notes: tuple[str, ...] = ()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables that have rows, by name."""
        named = {
            "commands": self.commands,
            "command_ratios": self.ratios,
            "command_near": self.near,
            "command_rules": self.costs,
            "command_front": self.front,
        }
        return {name: table for name, table in named.items() if not table.empty}


def command_units(
    tables: ForceTables,
    rules: CommandsFile,
    *,
    first_month: pd.Timestamp,
    plan_folder: Path | None = None,
    hours: pd.Series | None = None,
    draws: Mapping[str, xr.DataArray] | None = None,
    front: bool = False,
    costs: bool = False,
) -> CommandUnits:
    """Return options of command units on what was recorded in the twelve months from `first_month`.

    hours : of a case, by crime type. draws : (draw, year, area) by measure. front, costs : whether to draw up the front
    of change against balance, and what each rule costs.
    """
    measures = recorded_measures(
        tables.areas, tables.borough_offences, tables.severity, tables.ward_population, first_month, hours
    )
    own_hours = False
    if plan_folder is not None and (plan_folder / MEASURES_FILE).is_file():
        own = read_area_measures(plan_folder / MEASURES_FILE)
        own_hours = HOURS in set(own["measure"])
        measures = with_own_measures(measures, borough_names(tables.areas), own)
    question = command_question(tables.areas, _boundaries(tables), measures, rules)
    number = len(question.areas.codes)
    counts = counts_of(rules.count or f"{len(question.today)}", number) if number > 1 else range(0)
    with stage("Looking for the best options", len(counts)) as step:
        options: list[CommandOption] = []
        for count in counts:
            new = command_options(question, [count], draws=draws, wished=wished_options(question.areas, rules))
            options += [option for option in new if option.name not in {known.name for known in options}]
            step()
    year = f"{first_month:%Y-%m} to {first_month + pd.DateOffset(months=11):%Y-%m}"
    others = [str(name) for name in measures if measures[name].notna().all() and measures[name].any()]
    dear = [cost_of_rules(question, count).assign(count=count) for count in counts] if costs else []
    best = [option.answer for option in options if option.name == f"best of {option.answer.count}"]
    return CommandUnits(
        question,
        options,
        commands_table(question, options),
        ratios_table(question, options, measures=others, period=year, draws=draws),
        near_table(question, best, draws),
        pd.concat(dear, ignore_index=True).replace(np.inf, np.nan) if dear else pd.DataFrame(),
        pd.concat([_front(question, count) for count in counts]) if front and counts else pd.DataFrame(),
        f"recorded offences, {year}",
        "" if options else "The force has one borough: nothing to decide.",
        (STAND_INS,) if HOURS in question.balanced and not own_hours else (),
    )


def write_command_units(found: CommandUnits, tables: ForceTables, folder: Path) -> None:
    """Write tables as CSV files and pictures as SVG files into a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in found.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    for name, picture in _pictures(found, tables).items():
        save_picture(picture, folder / f"{name}.svg")


def option_rows(found: CommandUnits) -> pd.DataFrame:
    """Return one row an option, for a terminal."""
    rows = []
    for option in found.options:
        answer, question = option.answer, found.question
        held = sorted((question.total(question.balanced[0], group), group) for group in answer.groups)
        ends = (
            [f"{question.areas.named(group)} {weight:,.0f}" for weight, group in (held[-1], held[0])]
            if held
            else ["", ""]
        )
        sure = "proved" if answer.proved else f"none below {answer.bound:.3f}"
        rows.append(
            {
                "option": option.name,
                "commands": answer.count,
                "ratio": answer.ratio if held else None,
                "how sure": sure if option.name.startswith("best") else "measured",
                "pairs parted": pairs_parted(question, answer.groups) if held else None,
                "largest": ends[0],
                "smallest": ends[1],
                "barred": option.barred,
            }
        )
    return pd.DataFrame(rows)


def _pictures(found: CommandUnits, tables: ForceTables) -> dict[str, Figure]:
    """Return the maps of the options, and the chart of the front if there is one."""
    source = f"{tables.force.name}; {found.said_of}."
    return command_pictures(found.tables, tables.borough_boundaries, source, simulated=tables.force.simulated)


def _front(question: CommandQuestion, count: int) -> pd.DataFrame:
    with stage(f"Drawing up the front of {count}"):
        answers = change_front(question, count)
    rows = [
        {
            "count": count,
            "pairs_parted": pairs_parted(question, answer.groups),
            "ratio": answer.ratio,
            "bound": answer.bound,
            "proved": answer.proved,
            "commands": "; ".join(question.areas.named(group) for group in answer.groups),
        }
        for answer in answers
    ]
    return pd.DataFrame(rows, columns=["count", "pairs_parted", "ratio", "bound", "proved", "commands"])


def _boundaries(tables: ForceTables) -> pd.DataFrame:
    if tables.borough_boundaries.empty and len(borough_names(tables.areas)) > 1:
        raise InputError(
            "The folder holds no boundaries of boroughs, so who their neighbours are is unknown",
            remedy="Supply the file that the catalogue calls borough_boundaries.",
        )
    return tables.borough_boundaries
