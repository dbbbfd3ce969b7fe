"""Command units as a command: options of each number of commands, from a data folder and rules.

Walks in: a force's tables, rules. Walk out: tables for a person, and files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from pipelines.running.progress import stage
from planning.folder.commands_file import MEASURES_FILE, CommandsFile, counts_of, read_area_measures
from planning.places.command_units.asked_commands import (
    borough_names,
    command_question,
    recorded_measures,
    wished_options,
    with_own_measures,
)
from planning.places.command_units.command_options import (
    TODAY,
    CommandOption,
    command_options,
    commands_table,
    cost_of_rules,
    ratios_table,
)
from planning.places.command_units.command_rules import CommandQuestion
from planning.places.command_units.front import change_front, pairs_parted
from publication.charts.charts import save_picture
from publication.charts.command_charts import front_chart, option_maps
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables


@dataclass(frozen=True)
class CommandUnits:
    """Tables: `commands`, `command_ratios`, what rules cost, the front; `said` where there is nothing to decide."""

    question: CommandQuestion
    options: list[CommandOption]
    commands: pd.DataFrame
    ratios: pd.DataFrame
    costs: pd.DataFrame
    front: pd.DataFrame
    said_of: str
    said: str = ""


def command_units(
    tables: ForceTables,
    rules: CommandsFile,
    *,
    first_month: pd.Timestamp,
    plan_folder: Path | None = None,
    draws: xr.DataArray | None = None,
    front: bool = False,
    costs: bool = False,
) -> CommandUnits:
    """Return options of command units on what was recorded in the twelve months from `first_month`.

    draws : (draw, year, area) of crime by borough. front, costs : whether to draw up the
    front of change against balance, and what each rule costs.
    """
    measures = recorded_measures(
        tables.areas, tables.borough_offences, tables.severity, tables.ward_population, first_month
    )
    if plan_folder is not None and (plan_folder / MEASURES_FILE).is_file():
        own = read_area_measures(plan_folder / MEASURES_FILE)
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
    return CommandUnits(
        question,
        options,
        commands_table(question, options),
        ratios_table(question, options, measures=others, period=year, draws=draws),
        pd.concat(dear, ignore_index=True) if dear else pd.DataFrame(),
        pd.concat([_front(question, count) for count in counts]) if front and counts else pd.DataFrame(),
        f"recorded offences, {year}",
        "" if options else "The force has one borough: nothing to decide.",
    )


def write_command_units(found: CommandUnits, tables: ForceTables, folder: Path) -> None:
    """Write tables as CSV files and pictures as SVG files into a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {
        "commands": found.commands,
        "command_ratios": found.ratios,
        "command_rules": found.costs,
        "command_front": found.front,
    }
    for name, table in named.items():
        if not table.empty:
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
    if not found.options:
        return {}
    measure, force = found.question.balanced[0], tables.force
    source = f"{force.name}; {found.said_of}."
    outlines = tables.borough_boundaries[tables.borough_boundaries["code"].isin(found.question.areas.codes)]
    sizes = found.question.measures[measure]
    title = f"Options of command units, by {measure}"
    pictures = {
        "command_options": option_maps(
            outlines, found.commands, sizes, title=title, source=source, simulated=force.simulated
        )
    }
    if not found.front.empty:
        today = next(option.answer.ratio for option in found.options if option.name == TODAY)
        title = "Change against balance"
        pictures["command_front"] = front_chart(
            found.front, today, title=title, source=source, simulated=force.simulated
        )
    return pictures


def _front(question: CommandQuestion, count: int) -> pd.DataFrame:
    with stage(f"Drawing up the front of {count}"):
        answers = change_front(question, count)
    rows = [
        {
            "count": count,
            "pairs_parted": pairs_parted(question, answer.groups),
            "ratio": answer.ratio,
            "proved": answer.proved,
            "commands": "; ".join(question.areas.named(group) for group in answer.groups),
        }
        for answer in answers
    ]
    return pd.DataFrame(rows, columns=["count", "pairs_parted", "ratio", "proved", "commands"])


def _boundaries(tables: ForceTables) -> pd.DataFrame:
    if tables.borough_boundaries.empty and len(borough_names(tables.areas)) > 1:
        raise InputError(
            "The folder holds no boundaries of boroughs, so who their neighbours are is unknown",
            remedy="Supply the file that the catalogue calls borough_boundaries.",
        )
    return tables.borough_boundaries
