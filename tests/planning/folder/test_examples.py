"""The examples of the docs are what a plan folder takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.folder.entries import Judgement, Lever
from planning.folder.toml_file import entries

pytestmark = pytest.mark.unit
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def test_levers_of_the_examples_are_read() -> None:
    levers = entries(EXAMPLES / "levers" / "levers.toml", "lever", Lever)
    assert {lever.kind for lever in levers} == {"handling", "diversion"}
    (menu,) = entries(EXAMPLES / "levers" / "menu_as_it_was.toml", "lever", Lever)
    expected = next(lever for lever in levers if lever.kind == "diversion")
    assert menu.diverts[0].share.p10 > 2 * expected.diverts[0].share.p90 - 0.01


def test_judgements_in_hindsight_say_so() -> None:
    judged = entries(EXAMPLES / "hindsight" / "judgements.toml", "judgement", Judgement)
    assert len(judged) == 3
    assert all(one.hindsight and one.made_on < one.known_from for one in judged)
