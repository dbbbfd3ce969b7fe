"""Two thousand damaged excerpts and twenty damaged files of London, each read, set aside or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deep.mutations.damage import FAULT, REFUSED, Outcome
from tests.deep.mutations.run import (
    ALL_CASES,
    FULL_FILES,
    MUTATIONS,
    full_tasks,
    outcomes,
    table,
    tasks,
    told,
    write_corpus,
)

pytestmark = pytest.mark.integration


@pytest.fixture(scope="session")
def corpus(london: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The undamaged excerpts."""
    return write_corpus(london, tmp_path_factory.mktemp("mutations") / "corpus")


@pytest.fixture(scope="module")
def ended(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """How all mutations ended."""
    return outcomes([*tasks(), *full_tasks()], corpus, tmp_path_factory.mktemp("working"))


def assert_none_is_a_fault(found: list[Outcome]) -> None:
    faults = [each for each in found if each.ended == FAULT]
    assert not faults, f"{len(faults)} faults; the first:\n" + "\n\n".join(map(told, faults[:5]))


def test_damaged_excerpts_are_read_set_aside_or_refused(
    ended: list[Outcome], record_property: Callable[[str, object], None]
) -> None:
    found = [each for each in ended if each.case not in FULL_FILES]
    record_property("mutations", table(found).to_string())
    assert_none_is_a_fault(found)
    assert len(found) == MUTATIONS
    assert {each.case for each in found} == set(ALL_CASES) - set(FULL_FILES)
    unharmed = [each for each in found if each.operation.startswith("leave_alone")]
    assert len(unharmed) > 20
    assert not [each for each in unharmed if each.ended == REFUSED]


def test_damaged_files_of_london_are_read_set_aside_or_refused(
    ended: list[Outcome], record_property: Callable[[str, object], None]
) -> None:
    found = [each for each in ended if each.case in FULL_FILES]
    record_property("mutations", table(found).tail(1).to_string())
    assert_none_is_a_fault(found)
    assert len(found) == 20
