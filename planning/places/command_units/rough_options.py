"""A good grouping where areas are too many for the exact one: found by chance and improvement, with no proof.

Walks in: a `CommandQuestion`, a number, a seed. Walks out: sets of areas, and their ratio.

Two neighbouring commands are merged and cut anew along a random spanning tree, where both halves keep the rules
(DeFord, Duchin and Solomon 2021, "Recombination"); a cut that is no worse is kept.
"""

from __future__ import annotations

import numpy as np

from planning.places.command_units.borders import AreaMap, reached
from planning.places.command_units.command_rules import CommandQuestion, objections
from planning.places.command_units.command_sets import members_of
from planning.places.command_units.partition import ratio_of

CUTS = 3_000
BROKEN_RULE = 1e3  # what one objection weighs against ratios


def rough_option(
    question: CommandQuestion, count: int, *, seed: int = 1, cuts: int = CUTS
) -> tuple[tuple[int, ...], float]:
    """Return an option of `count` commands that keeps the rules, and its ratio; no groups where none was met."""
    generator = np.random.default_rng(seed)
    weights = question.weights / question.weights.sum(axis=1, keepdims=True)
    groups = _first(question, weights[0], count, generator)
    if groups is None:
        return (), np.inf
    cost = _cost(question, weights, groups)
    for _ in range(cuts):
        one, other = (int(place) for place in generator.choice(count, 2, replace=False))
        merged = groups[one] | groups[other]
        if reached(question.areas.neighbours, groups[one], merged) != merged:
            continue
        halves = _cut(question.areas, weights[0], merged, generator)
        tried = [*(group for place, group in enumerate(groups) if place not in (one, other)), *halves]
        new_cost = _cost(question, weights, tried)
        if new_cost <= cost:
            groups, cost = tried, new_cost
    broken = any(objections(question, group) for group in groups)
    return ((), np.inf) if broken else (tuple(groups), _ratio(weights, groups))


def _first(
    question: CommandQuestion, weight: np.ndarray, count: int, generator: np.random.Generator
) -> list[int] | None:
    """Return connected sets, the heaviest cut in two again and again; None where the areas fall into more parts."""
    everything = question.everything
    groups = []
    while everything:
        part = reached(question.areas.neighbours, everything & -everything, everything)
        groups.append(part)
        everything &= ~part
    while len(groups) < count:
        cuttable = [group for group in groups if group.bit_count() > 1]
        heaviest = max(cuttable, key=lambda group: float(weight[question.areas.members(group)].sum()))
        groups.remove(heaviest)
        groups += _cut(question.areas, weight, heaviest, generator)
    return groups if len(groups) == count else None


def _cut(areas: AreaMap, weight: np.ndarray, group: int, generator: np.random.Generator) -> tuple[int, int]:
    """Return a connected set cut in two connected ones, along the edge of a random tree that halves it best."""
    members = areas.members(group)
    order, parent = [int(generator.choice(members))], {}
    seen = 1 << order[0]
    edge = [(order[0], place) for place in members if areas.neighbours[order[0]] >> place & 1]
    while edge:
        at, place = edge.pop(int(generator.integers(len(edge))))
        if seen >> place & 1:
            continue
        seen |= 1 << place
        parent[place] = at
        order.append(place)
        near = areas.neighbours[place] & group & ~seen
        edge += [(place, other) for other in members if near >> other & 1]
    below = {place: 1 << place for place in order}
    held = {place: float(weight[place]) for place in order}
    for place in reversed(order[1:]):
        below[parent[place]] |= below[place]
        held[parent[place]] += held[place]
    total = held[order[0]]
    best = min(order[1:], key=lambda place: abs(held[place] - total / 2))
    return below[best], group & ~below[best]


def _cost(question: CommandQuestion, weights: np.ndarray, groups: list[int]) -> tuple[float, float]:
    """Return what is to be brought down: the ratio, rules broken before it, and then how uneven all commands are."""
    broken = sum(len(objections(question, group)) for group in groups)
    held = members_of(groups, weights.shape[1]) @ weights.T
    return broken * BROKEN_RULE + _ratio(weights, groups), float((held**2).sum())


def _ratio(weights: np.ndarray, groups: list[int]) -> float:
    return ratio_of((members_of(groups, weights.shape[1]) @ weights.T).T)
