"""The rules of the house: rooms import to the left only, and outside libraries are met in their room only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ["sources", "features", "models", "planning", "publication", "pipelines", "wardcast"]
MODULES = [module for room in ROOMS for module in sorted((PROJECT / room).rglob("*.py"))]


def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PROJECT)))
def test_a_room_imports_from_rooms_to_its_left_only(module: Path) -> None:
    room = module.relative_to(PROJECT).parts[0]
    to_the_right = ROOMS[ROOMS.index(room) + 1 :]
    assert not {name for name in imported(module) if name.split(".")[0] in to_the_right}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PROJECT)))
def test_outside_libraries_are_met_in_their_room_only(module: Path) -> None:
    place = module.relative_to(PROJECT)
    libraries = {name.split(".")[0] for name in imported(module)}
    if place.parts[0] != "pipelines":
        assert not libraries & {"prefect", "typer", "pydantic_settings", "rich"}
    if place.as_posix() not in {
        "models/tracking/registry.py",
        "models/tracking/run_record.py",
        "models/tracking/served.py",
    }:
        assert "mlflow" not in libraries
