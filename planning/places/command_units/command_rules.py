"""The question of command units: which areas, balanced on what, under which rules; and why a rule bars a command.

Walks in: an `AreaMap`, measures by area, rules. Walks out: a checked `CommandQuestion`, and objections in words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.places.command_units.borders import AreaMap, connected_parts, is_connected
from sources.files.errors import InputError


@dataclass(frozen=True)
class Limit:
    """What every command must hold of a measure: a smallest viable team, or a span of command."""

    name: str
    measure: str
    at_least: float = 0.0
    at_most: float = np.inf


@dataclass(frozen=True)
class CommandRules:
    """Rules beside barriers: whether one area may be a command alone, sets kept together, limits."""

    singles: bool = True
    kept: tuple[int, ...] = ()
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class CommandQuestion:
    """Areas to be grouped so that the largest command is as little as can be above the smallest.

    measures : columns, a row an area in the order of `areas`; `balanced` names those on which the ratio is taken, the
    worst of them if several. today : the sets of areas that are commands now, or none.
    """

    areas: AreaMap
    measures: pd.DataFrame
    balanced: tuple[str, ...]
    rules: CommandRules = CommandRules()
    today: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse measures and rules that contradict each other; see `command_question` for what is raised."""
        _refuse_odd_measures(self)
        _refuse_contradictions(self)

    @property
    def weights(self) -> np.ndarray:
        """The balanced measures, (measure, area)."""
        return self.measures[list(self.balanced)].to_numpy(dtype=float).T

    @property
    def everything(self) -> int:
        """The set of all areas."""
        return (1 << len(self.areas.codes)) - 1

    def total(self, measure: str, group: int) -> float:
        """Return the sum of a measure over a set of areas."""
        return float(self.measures[measure].to_numpy()[self.areas.members(group)].sum())


def objections(question: CommandQuestion, group: int) -> list[str]:
    """Return why a set of areas may not be one command, in words; none if it may."""
    areas, rules = question.areas, question.rules
    name, found = areas.named(group), []
    if group.bit_count() == 1 and not rules.singles:
        found.append(f"{name} would be a command alone, and none may be")
    if not is_connected(areas.neighbours, group):
        found.append(_not_connected(areas, group))
    for kept in rules.kept:
        if kept & group and kept & ~group:
            left = areas.named(kept & ~group)
            found.append(f"{areas.named(kept & group)} would be without {left}, with which it is kept together")
    for limit in rules.limits:
        held = question.total(limit.measure, group)
        if held < limit.at_least:
            found.append(f"{name} would hold {held:,.0f} of {limit.name}, and {limit.at_least:,.0f} are the least")
        if held > limit.at_most:
            found.append(f"{name} would hold {held:,.0f} of {limit.name}, and {limit.at_most:,.0f} are the most")
    return found


def objections_to_option(question: CommandQuestion, groups: tuple[int, ...]) -> list[str]:
    """Return why a wished-for option is barred, in words; none if it is not."""
    areas, found, seen = question.areas, [], 0
    for group in groups:
        if group & seen:
            found.append(f"{areas.named(group & seen)} would be in two commands")
        seen |= group
        found += objections(question, group)
    if seen != question.everything:
        found.append(f"{areas.named(question.everything & ~seen)} would be in no command")
    return found


def _not_connected(areas: AreaMap, group: int) -> str:
    parts = connected_parts(areas.neighbours, group)
    within = set(areas.members(group))
    walls = [
        f"{areas.names[one]} and {areas.names[other]} ({barrier})"
        for (one, other), barrier in sorted(areas.parted.items())
        if one in within and other in within and not any(part >> one & part >> other & 1 for part in parts)
    ]
    said = f"{areas.named(parts[0])} has no border with {areas.named(group & ~parts[0])}"
    return said + (f" but for a barrier: {', '.join(walls)}" if walls else "")


def _refuse_odd_measures(question: CommandQuestion) -> None:
    wanted = [*question.balanced, *(limit.measure for limit in question.rules.limits)]
    for measure in wanted:
        if measure not in question.measures:
            raise InputError(
                "There is no such measure of the areas",
                value=measure,
                remedy=f"Name one of: {', '.join(map(str, question.measures.columns))}.",
            )
        values = question.measures[measure].to_numpy(dtype=float)
        wrong = ~np.isfinite(values) | (values < 0)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise InputError(
                f"The measure '{measure}' of {question.areas.names[at]} is no number of at least zero",
                column=measure,
                value=values[at],
                remedy="Supply it for every area, or leave the measure out.",
            )
    for measure in question.balanced:
        values = question.measures[measure].to_numpy(dtype=float)
        if not values.any():
            raise InputError(
                f"The measure '{measure}' is zero in every area, so no command is larger than another",
                column=measure,
                remedy="Balance on another measure.",
            )


def _refuse_contradictions(question: CommandQuestion) -> None:
    areas, rules = question.areas, question.rules
    for at, kept in enumerate(rules.kept):
        members = areas.members(kept)
        for (one, other), barrier in areas.parted.items():
            if one in members and other in members:
                raise InputError(
                    f"{areas.names[one]} and {areas.names[other]} are kept together, and the barrier '{barrier}' parts "
                    "them",
                    remedy="Drop one of the two rules.",
                )
        if not any(kept & ~part == 0 for part in connected_parts(areas.neighbours, question.everything)):
            raise InputError(
                f"{areas.named(kept)} are kept together, and borders and barriers leave no way between them",
                remedy="Drop the rule, or name a bridge.",
            )
        for other_kept in rules.kept[:at]:
            if kept & other_kept:
                raise InputError(
                    f"{areas.named(kept & other_kept)} is kept together with {areas.named(kept & ~other_kept)} by one "
                    f"rule and with {areas.named(other_kept & ~kept)} by another",
                    remedy="Make one rule of the two.",
                )
    if not rules.singles and len(areas.codes) > 1:
        alone = [at for at, near in enumerate(areas.neighbours) if not near]
        if alone:
            walls = sorted({wall for pair, wall in areas.parted.items() if alone[0] in pair})
            why = f"the barrier '{walls[0]}' cuts it off" if walls else "it has no border with any other"
            raise InputError(
                f"No area may be a command alone, and {areas.names[alone[0]]} can be nothing else: {why}",
                remedy="Allow commands of one area, drop the barrier, or name a bridge.",
            )
    for limit in rules.limits:
        if limit.at_least > limit.at_most:
            raise InputError(
                f"Of {limit.name} a command must hold at least {limit.at_least:,.0f} and at most {limit.at_most:,.0f}",
                remedy="Correct one of the two.",
            )
