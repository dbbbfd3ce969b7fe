"""Why so many commands cannot be made at all, where a short argument shows it.

Walks in: a `CommandQuestion`, a number. Walks out: the reason in words, or none.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from planning.places.command_units.borders import connected_parts
from planning.places.command_units.command_rules import CommandQuestion


def why_impossible(question: CommandQuestion, count: int) -> str:
    """Return why no option of `count` commands keeps the rules, in words; empty if no short argument shows it."""
    areas, rules = question.areas, question.rules
    parts = connected_parts(areas.neighbours, question.everything)
    if count < len(parts):
        cut_off = min(parts, key=lambda part: part.bit_count())
        return f"borders and barriers leave {len(parts)} parts that nothing joins, {areas.named(cut_off)} one of them"
    for limit in rules.limits:
        total = question.total(limit.measure, question.everything)
        if total < count * limit.at_least:
            return (
                f"{count} commands need {count * limit.at_least:,.0f} of {limit.name}, {limit.at_least:,.0f} each, "
                f"and there are {total:,.0f}"
            )
        if total > count * limit.at_most:
            return (
                f"{count} commands hold {count * limit.at_most:,.0f} of {limit.name} at most, {limit.at_most:,.0f} "
                f"each, and there are {total:,.0f}"
            )
    most = most_commands(question)
    if count > most:
        what = "" if rules.singles else " of two areas or more"
        kept = ", kept sets whole" if rules.kept else ""
        return f"these borders allow {most} commands{what} at most{kept}"
    for measure in question.balanced:
        holding = int((question.measures[measure].to_numpy(dtype=float) > 0).sum())
        if holding < count:
            return f"{count} commands cannot each hold some of {measure}, which is zero in all areas but {holding}"
    return ""


def most_commands(question: CommandQuestion) -> int:
    """Return the most commands that singles, kept sets and borders allow; limits and balance aside.

    Every command holds a seed: an area or kept set that may be alone, or two neighbours; the most seeds that share no
    area are a matching where none may be alone.
    """
    areas, rules = question.areas, question.rules
    kept = 0
    for group in rules.kept:
        kept |= group
    units = [*rules.kept, *(1 << at for at in range(len(areas.codes)) if not kept >> at & 1)]
    if rules.singles:
        return len(units)
    seeds = [unit for unit in units if unit.bit_count() > 1]
    for at, unit in enumerate(units):
        near = 0
        for place in areas.members(unit):
            near |= areas.neighbours[place]
        seeds += [unit | other for other in units[at + 1 :] if near & other]
    if not seeds:
        return 0
    holds = np.array([[group >> at & 1 for group in seeds] for at in range(len(areas.codes))], dtype=float)
    packed = milp(
        -np.ones(len(seeds)),
        integrality=np.ones(len(seeds)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(holds, -np.inf, 1),
        options={"mip_rel_gap": 0},
    )
    return round(-packed.fun)
