"""The example rows of input files are those of the files themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from sources.catalogue.catalogue import load_catalogue
from tests.deep.commands.shown_commands import PROJECT

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def examples() -> ModuleType:
    specification = importlib.util.spec_from_file_location("examples", PROJECT / "docs/hooks/examples.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_every_dataset_has_one(examples: ModuleType) -> None:
    shown = {file.stem for file in examples.EXAMPLES.glob("*.txt")}
    assert shown == {dataset.id for dataset in load_catalogue().dataset}


def test_they_are_what_the_london_files_hold(examples: ModuleType, london: Path) -> None:
    for name, example in examples.examples_of(london).items():
        assert (examples.EXAMPLES / f"{name}.txt").read_text(encoding="utf-8") == example, name
