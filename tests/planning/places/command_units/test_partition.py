"""The best grouping against every grouping there is, and against answers that were planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.places.command_units.borders import AreaMap, area_map, is_connected
from planning.places.command_units.command_options import best_or_rough
from planning.places.command_units.command_rules import CommandRules, Limit
from planning.places.command_units.front import change_front, pairs_parted
from planning.places.command_units.near_optima import options_within
from planning.places.command_units.partition import Answer, best_option
from planning.places.command_units.rough_options import rough_option
from tests.planning.places.command_units.boards import board, board_map, every_option, question

pytestmark = pytest.mark.unit
NINE = board_map(3, 3)
TODAY = (0b000000111, 0b000111000, 0b111000000)  # the rows of the board

weights = st.lists(st.integers(1, 40), min_size=9, max_size=9).map(lambda values: np.array(values, dtype=float))


@settings(max_examples=25)
@given(weights, st.integers(2, 6), st.booleans(), st.sampled_from([(), (0b11,), (0b11, 0b110000000), (0b1001001,)]))
def test_the_best_option_is_the_best_of_all(
    weight: np.ndarray, count: int, singles: bool, kept: tuple[int, ...]
) -> None:
    asked = question(NINE, weight, rules=CommandRules(singles, kept))
    options = every_option(asked, count)
    answer = best_option(asked, count)
    assert answer.proved
    if not options:
        assert answer.impossible
        return
    assert answer.ratio == pytest.approx(min(options.values()), abs=1e-5)
    assert tuple(sorted(answer.groups)) in options
    near = options_within(asked, count, answer.ratio * 1.2)
    assert near.complete
    within = {tuple(sorted(groups)) for groups in near.options}
    assert within == {groups for groups, ratio in options.items() if ratio <= answer.ratio * 1.2 + 1e-9}


@settings(max_examples=10)
@given(weights, weights, st.integers(2, 5))
def test_several_measures_are_balanced_at_once(one: np.ndarray, other: np.ndarray, count: int) -> None:
    asked = question(NINE, one, other)
    assert best_option(asked, count).ratio == pytest.approx(min(every_option(asked, count).values()), abs=1e-5)


@settings(max_examples=10)
@given(weights, weights, st.integers(2, 4), st.integers(10, 60))
def test_limits_are_kept(weight: np.ndarray, staff: np.ndarray, count: int, team: int) -> None:
    asked = question(NINE, weight, staff)
    limit = Limit("investigators", "measure 1", at_least=team, at_most=4 * team)
    asked = replace(asked, balanced=("measure 0",), rules=CommandRules(limits=(limit,)))
    options, answer = every_option(asked, count), best_option(asked, count)
    assert answer.proved
    assert bool(answer.impossible) == (not options)
    if options:
        assert answer.ratio == pytest.approx(min(options.values()), abs=1e-5)


@settings(max_examples=8)
@given(weights, st.integers(2, 4))
def test_the_front_is_exact(weight: np.ndarray, count: int) -> None:
    asked = question(NINE, weight, today=TODAY)
    parted = {groups: pairs_parted(asked, groups) for groups in every_option(asked, count)}
    best = {}
    for groups, ratio in every_option(asked, count).items():
        best[parted[groups]] = min(ratio, best.get(parted[groups], np.inf))
    expected, least = [], np.inf
    for pairs in sorted(best):
        if best[pairs] < least - 1e-5:
            expected.append((pairs, pytest.approx(best[pairs], abs=1e-5)))
            least = best[pairs]
    front = [(pairs_parted(asked, answer.groups), answer.ratio) for answer in change_front(asked, count)]
    assert front[::-1] == expected


def test_a_planted_best_answer_is_found() -> None:
    generator = np.random.default_rng(5)
    areas = board_map(5, 6)
    planted, _ = rough_option(question(areas, np.ones(30)), 7, cuts=50)
    weight = generator.uniform(1, 5, 30)
    for group in planted:
        members = areas.members(group)
        weight[members] *= 100 / weight[members].sum()
    answer = best_option(question(areas, weight), 7)
    assert answer.ratio == pytest.approx(1)
    assert sorted(answer.groups) == sorted(planted)


def test_what_is_impossible_says_why() -> None:
    def reason(count: int, **rules: object) -> str:
        return best_option(question(NINE, np.ones(9), rules=CommandRules(**rules)), count).impossible

    assert reason(10) == "these borders allow 9 commands at most"
    assert reason(5, singles=False) == "these borders allow 4 commands of two areas or more at most"
    assert "kept sets whole" in reason(9, kept=(0b11,))
    few = Limit("child abuse investigators", "measure 0", at_least=4)
    assert reason(3, limits=(few,)) == "3 commands need 12 of child abuse investigators, 4 each, and there are 9"
    span = Limit("inspectors", "measure 0", at_most=2)
    assert "hold 6 of inspectors at most" in reason(3, limits=(span,))
    between = Limit("staff", "measure 0", at_least=4.2, at_most=4.8)
    assert "no choice among all the sets" in reason(2, limits=(between,))


def test_a_command_that_would_hold_nothing_is_impossible_and_said() -> None:
    def answer(areas: AreaMap, weight: list[float], count: int) -> Answer:
        return best_option(question(areas, np.array(weight)), count)

    assert "3 commands cannot each hold some of measure 0" in answer(board_map(2, 3), [0, 0, 0, 2, 1, 0], 3).impossible
    assert answer(board_map(1, 4), [0, 1, 1, 2], 2).ratio == 1
    # Both areas that hold something lie in one part, so the other would be a command of nothing.
    cut = area_map(
        *board(1, 4),
        barriers=pd.DataFrame({"one": ["E09000001"], "other": ["E09000002"], "name": ["River"]}),
    )
    assert "with something of the measure in each" in answer(cut, [3, 2, 0, 0], 2).impossible


def test_many_areas_get_a_good_option_and_the_bound_beside_it() -> None:
    generator = np.random.default_rng(1)
    asked = question(board_map(14, 14), generator.uniform(1, 3, 196), rules=CommandRules(False, (0b11,)))
    answer = best_or_rough(asked, 8, seconds=5)
    assert not answer.proved
    assert answer.bound < answer.ratio < 1.2
    assert all(is_connected(asked.areas.neighbours, group) for group in answer.groups)
    assert sum(answer.groups) == asked.everything
