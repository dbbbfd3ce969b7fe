"""Every setting acts: code other than its definition reads it, and asks for what it says."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.flows import ingest
from pipelines.settings import Settings
from tests.conftest import PROJECT

pytestmark = pytest.mark.unit


def names_read(file: Path) -> set[str]:
    """Return what a file asks of `settings`, or of `self` where they are defined, by attribute or by name."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    asked = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    by_attribute = {node.attr for node in asked if ast.unparse(node.value) in ("settings", "self")}
    return by_attribute | {key.value for node in nodes if isinstance(node, ast.Dict) for key in _texts(node.keys)}


def _texts(nodes: Sequence[ast.expr | None]) -> list[ast.Constant]:
    return [node for node in nodes if isinstance(node, ast.Constant)]


def test_every_setting_is_read_by_code() -> None:
    read = {name for file in (PROJECT / "pipelines").rglob("*.py") for name in names_read(file)}
    assert set(Settings.model_fields) - read == set()


@pytest.mark.parametrize("wanted", [False, True])
def test_ages_of_stops_are_read_when_the_setting_says_so(
    wanted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def read_force(data: Path, **options: bool) -> None:
        asked.append(options["stops"])
        raise LookupError

    monkeypatch.setattr(ingest, "read_tables", lambda data, *, stops: read_force(data, stops=stops))
    with pytest.raises(LookupError):
        ingest.ingest.fn(Settings(data=tmp_path, cache=tmp_path, stops_as_evidence=wanted))
    assert asked == [wanted]
