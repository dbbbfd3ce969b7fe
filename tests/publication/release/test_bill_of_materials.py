"""The bill of materials is valid, whole and true of the pins, and made without a network."""

from __future__ import annotations

import ast
import json
import re
import socket
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name

from publication.release.bill_of_materials import BILL, PINS, UNKNOWN, write_bill_of_materials
from publication.tables.dictionary import file_meanings

pytestmark = pytest.mark.unit
PROJECT = Path(__file__).resolve().parents[3]
ROOMS = ("sources", "features", "models", "planning", "publication", "pipelines", "wardcast")


@pytest.fixture(scope="module")
def folder(publication: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def refuse(*_: object) -> None:
        raise AssertionError("a bill of materials must not need a network")

    folder = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        write_bill_of_materials(folder, publication.contents())
    return folder


@pytest.fixture(scope="module")
def bill(folder: Path) -> dict[str, Any]:
    return json.loads((folder / BILL).read_text(encoding="utf-8"))


def versions(bill: dict[str, Any]) -> dict[str, str]:
    return {component["name"]: component["version"] for component in bill["components"]}


def test_it_is_valid_cyclonedx(folder: Path) -> None:
    faults = JsonStrictValidator(SchemaVersion.V1_6).validate_str((folder / BILL).read_text(encoding="utf-8"))
    assert faults is None, faults


def test_every_library_that_the_code_imports_is_listed(bill: dict[str, Any]) -> None:
    modules = {
        name.split(".")[0]
        for room in ROOMS
        for file in (PROJECT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _named(node)
    }
    distributions = packages_distributions()
    imported = {
        canonicalize_name(distributions[module][0]) for module in modules - sys.stdlib_module_names - set(ROOMS)
    }
    assert len(imported) > 20
    assert imported <= versions(bill).keys()


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def test_its_versions_are_those_of_the_pins(bill: dict[str, Any], folder: Path) -> None:
    text = (folder / PINS).read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, re.MULTILINE))
    assert text.count("--hash=sha256:") > len(pinned)
    assert "://" not in text
    listed = versions(bill)
    assert listed.pop("python") == ".".join(map(str, sys.version_info[:3]))
    assert listed == {name: pinned.get(name) for name in listed}


def test_tools_of_developers_are_not_in_it(bill: dict[str, Any]) -> None:
    assert not {"pytest", "mypy", "ruff", "mkdocs-material", "playwright"} & versions(bill).keys()


def test_nearly_every_library_states_its_licence(bill: dict[str, Any]) -> None:
    stated = [UNKNOWN not in json.dumps(component.get("licenses", UNKNOWN)) for component in bill["components"]]
    assert sum(stated) > 0.95 * len(stated)


def test_it_says_what_needs_what(bill: dict[str, Any]) -> None:
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    of_the_product = {ref.split("==")[0] for ref in needs[bill["metadata"]["component"]["bom-ref"]]}
    assert {"pandas", "lightgbm", "mlflow", "python"} <= of_the_product
    assert "blinker" not in of_the_product  # Flask needs it, not Wardcast


def test_a_reader_is_told_what_the_files_are() -> None:
    assert {BILL, PINS} <= file_meanings().keys()
