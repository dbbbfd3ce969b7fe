"""Options of command units side by side: today's commands, the best of each number, those wished for, on one ruler.

Walks in: a `CommandQuestion`, numbers of commands, draws of the measure. Walks out: the tables `commands` and
`command_ratios`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pandera.pandas as pa
import xarray as xr

from planning.places.command_units.command_rules import CommandQuestion, objections_to_option
from planning.places.command_units.command_sets import members_of
from planning.places.command_units.front import pairs_parted
from planning.places.command_units.near_on_draws import FAR_APART, in_order, ranked_near, ratios_on_draws
from planning.places.command_units.partition import SECONDS, Answer, best_option, ratio_of
from planning.places.command_units.rough_options import rough_option

TODAY = "today"

_TEXT = pa.Column(str, coerce=True)
_NUMBER = pa.Column("float64", nullable=True, coerce=True)
COMMANDS = pa.DataFrameSchema(
    {
        "option": _TEXT,
        "count": pa.Column("int64", pa.Check.ge(0), coerce=True),
        "area_code": _TEXT,
        "area_name": _TEXT,
        "command": _TEXT,
        "size": _NUMBER,
        "measure": _TEXT,
        "ratio": _NUMBER,
        "bound": _NUMBER,
        "proved": pa.Column(bool, coerce=True),
        "pairs_parted": pa.Column("int64", coerce=True),
        "barred": _TEXT,
    },
    unique=["option", "area_code"],
    strict=True,
    name="commands",
    description="One row an option and area: the command that the area is in and the area's `size` on the first "
    "measure; and of the option the largest command over the smallest, below what no option of that number can go, the "
    "pairs of today's commands it parts, and why it is barred or impossible, empty if it is neither.",
)
COMMAND_RATIOS = pa.DataFrameSchema(
    {
        "option": _TEXT,
        "measure": _TEXT,
        "period": _TEXT,
        "ratio": _NUMBER,
        "q10": _NUMBER,
        "q90": _NUMBER,
        "chance_above_2": _NUMBER,
    },
    unique=["option", "measure", "period"],
    strict=True,
    name="command_ratios",
    description="Largest command over smallest by option, measure and period: the mean over the draws with the 80 per "
    "cent interval and the chance that it passes 2, or one figure where there are no draws.",
)


@dataclass(frozen=True)
class CommandOption:
    """An option by its name; `answer` says how good it is, `barred` why it may not be."""

    name: str
    answer: Answer
    barred: str = ""


def best_or_rough(question: CommandQuestion, count: int, *, seconds: float = SECONDS) -> Answer:
    """Return the proved best option, or where areas are too many or time too short a good one beside the best bound."""
    answer = best_option(question, count, seconds=seconds)
    if answer.proved:
        return answer
    groups, ratio = rough_option(question, count)
    return replace(answer, groups=groups, ratio=ratio) if ratio < answer.ratio else answer


def command_options(
    question: CommandQuestion,
    counts: Iterable[int],
    *,
    draws: Mapping[str, xr.DataArray] | None = None,
    wished: Mapping[str, Sequence[int]] | None = None,
    seconds: float = SECONDS,
) -> list[CommandOption]:
    """Return today's commands, the best option of each number, and those wished for.

    draws : (draw, year, area) by measure; where a balanced measure is drawn, of the options that are nearly best the
    one that is best on the draws too. With one area there is nothing to decide, and no option.
    """
    if len(question.areas.codes) < 2:
        return []
    options = [_measured(question, TODAY, question.today)] if question.today else []
    for count in counts:
        answer = best_or_rough(question, count, seconds=seconds)
        options.append(CommandOption(f"best of {count}", answer, answer.impossible))
        if (near := ranked_near(question, answer, draws or {})) is not None and near[1] is not None:
            best = near[0]
            chosen = Answer(answer.count, best.options[0], best.ratios[0], answer.bound)
            options.append(CommandOption(f"best of {answer.count} on the draws", chosen))
    options += [_measured(question, name, tuple(groups)) for name, groups in (wished or {}).items()]
    return options


def commands_table(question: CommandQuestion, options: Iterable[CommandOption]) -> pd.DataFrame:
    """Return the options as a table, contract `COMMANDS`; an option that is impossible has a row without area."""
    rows = []
    for option in options:
        answer = option.answer
        shared = {
            "option": option.name,
            "count": answer.count,
            "measure": ", ".join(question.balanced),
            "ratio": answer.ratio if np.isfinite(answer.ratio) else np.nan,
            "bound": answer.bound if np.isfinite(answer.bound) else np.nan,
            "proved": answer.proved,
            "pairs_parted": pairs_parted(question, answer.groups) if answer.groups else 0,
            "barred": option.barred,
        }
        if not answer.groups:
            rows.append(shared | {"area_code": "", "area_name": "", "command": "", "size": np.nan})
        rows += [shared | each for each in _placed(question, answer.groups)]
    return COMMANDS.validate(pd.DataFrame(rows, columns=list(COMMANDS.columns)))


def ratios_table(
    question: CommandQuestion,
    options: Iterable[CommandOption],
    *,
    measures: Sequence[str],
    period: str,
    draws: Mapping[str, xr.DataArray] | None = None,
) -> pd.DataFrame:
    """Return each option's ratio on measures of one `period`, and on draws (draw, year, area) by measure; contract
    `COMMAND_RATIOS`."""
    rows = []
    for option in options:
        if not option.answer.groups:
            continue
        members = members_of(option.answer.groups, len(question.areas.codes))
        for measure in measures:
            held = members @ question.measures[measure].to_numpy(dtype=float)
            ratio = ratio_of(held[np.newaxis])
            rows.append({"option": option.name, "measure": measure, "period": period, "ratio": ratio})
        for measure, drawn in in_order(question, draws or {}).items():
            rows += _on_draws(option, measure, drawn)
    return COMMAND_RATIOS.validate(pd.DataFrame(rows, columns=list(COMMAND_RATIOS.columns)))


def cost_of_rules(question: CommandQuestion, count: int, *, seconds: float = SECONDS) -> pd.DataFrame:
    """Return what each rule costs: rule, ratio_with, ratio_without, cost, which is their difference.

    A rule that leaves no option at all costs infinitely much.
    """
    with_all = best_or_rough(question, count, seconds=seconds).ratio
    rows = []
    for name, freed in _one_rule_less(question):
        without = best_or_rough(freed, count, seconds=seconds).ratio
        cost = with_all - without if np.isfinite(with_all) else np.inf
        rows.append({"rule": name, "ratio_with": with_all, "ratio_without": without, "cost": cost})
    return pd.DataFrame(rows, columns=["rule", "ratio_with", "ratio_without", "cost"])


def _one_rule_less(question: CommandQuestion) -> Iterable[tuple[str, CommandQuestion]]:
    areas, rules = question.areas, question.rules
    if not rules.singles:
        yield "no command of one area", replace(question, rules=replace(rules, singles=True))
    for kept in rules.kept:
        others = tuple(each for each in rules.kept if each != kept)
        yield f"{areas.named(kept)} kept together", replace(question, rules=replace(rules, kept=others))
    for limit in rules.limits:
        others_of_limits = tuple(each for each in rules.limits if each != limit)
        yield limit.name, replace(question, rules=replace(rules, limits=others_of_limits))
    for barrier in sorted(set(areas.parted.values())):
        yield f"not across {barrier}", replace(question, areas=areas.without(barrier))


def _measured(question: CommandQuestion, name: str, groups: tuple[int, ...]) -> CommandOption:
    barred = "; ".join(objections_to_option(question, groups))
    held = members_of(groups, len(question.areas.codes)) @ question.weights.T
    return CommandOption(name, Answer(len(groups), groups, ratio_of(held.T), 1.0), barred)


def _placed(question: CommandQuestion, groups: Sequence[int]) -> list[dict[str, object]]:
    """Return each area with its command and size; one that is in two is placed in the first."""
    areas, sizes = question.areas, question.weights[0]
    command = {place: areas.named(group) for group in reversed(groups) for place in areas.members(group)}
    return [
        {
            "area_code": areas.codes[place],
            "area_name": areas.names[place],
            "command": command[place],
            "size": sizes[place],
        }
        for place in sorted(command)
    ]


def _on_draws(option: CommandOption, measure: str, draws: xr.DataArray) -> list[dict[str, object]]:
    ratios = ratios_on_draws(option.answer.groups, draws)
    return [
        {
            "option": option.name,
            "measure": f"{measure}, forecast",
            "period": f"year {year} ahead",
            "ratio": float(of_year.mean()),
            "q10": float(of_year.quantile(0.1)),
            "q90": float(of_year.quantile(0.9)),
            "chance_above_2": float((of_year > FAR_APART).mean()),
        }
        for year, of_year in ratios.groupby("year")
    ]
