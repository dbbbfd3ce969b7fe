"""A run made again gives the same numbers, and a person may override the rule, with a reason."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.pipelines.conftest import Workplace
from tests.pipelines.test_train import aliases, runs

pytestmark = pytest.mark.e2e


def run_of(release: Path) -> str:
    return str(json.loads((release / "manifest.json").read_text())["run_id"])


def test_a_run_can_be_made_again_from_its_record(workplace: Workplace, released: Path) -> None:
    done = workplace.wardcast("reproduce", run_of(released), "--data", workplace.data)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "Reproduced" in done.stdout


def test_a_run_is_not_made_again_from_other_data(workplace: Workplace, released: Path) -> None:
    other = workplace.folder / "other"
    shutil.copytree(workplace.data, other)
    (changed,) = other.glob("derived/ward22_population_mid*")
    changed.write_bytes(gzip.compress(gzip.decompress(changed.read_bytes()), mtime=1))
    done = workplace.wardcast("reproduce", run_of(released), "--data", other)
    assert done.returncode == 1
    assert "not the one that this run was made from" in done.stderr


def test_an_override_needs_a_reason_and_keeps_it(workplace: Workplace, released: Path) -> None:
    champion = aliases(workplace)["champion"]
    refused = workplace.wardcast("promote", champion, "--reason", " ")
    assert refused.returncode == 1
    assert "needs a reason" in refused.stderr
    done = workplace.wardcast("promote", champion, "--reason", "the rule does not know of the new boundaries")
    assert done.returncode == 0, done.stderr
    assert aliases(workplace)["champion"] == champion
    assert any(run["version"] == champion for run in runs(workplace))
    unknown = workplace.wardcast("promote", "999", "--reason", "why not")
    assert unknown.returncode == 1
    assert "no such model" in unknown.stderr


def test_releases_are_listed_and_verified(workplace: Workplace, released: Path) -> None:
    listed = workplace.wardcast("releases", "list")
    assert f"{released.name}" in listed.stdout
    assert "served" in listed.stdout
    assert workplace.wardcast("releases", "verify", released.name).stdout == f"{released.name}  whole\n"
    nothing = workplace.wardcast("releases", "verify", "1999-01-nothing")
    assert nothing.returncode == 1
    assert "no such release" in nothing.stderr
