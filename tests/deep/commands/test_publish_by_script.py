"""A script and a command make the same release of the same version: the order of the job stands once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.workbench.scripting import load_tracked, publish
from publication.release.release import read_manifest, verify
from sources.files.checksums import sha256
from sources.read_force import read_force
from tests.running.places import SMALL, Workplace

pytestmark = pytest.mark.e2e


def test_a_script_publishes_again_what_a_run_has_published(
    workplace: Workplace, released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SMALL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WARDCAST_CACHE", str(workplace.folder / "cache"))
    mlruns = workplace.folder / "mlruns"
    before = {file.name: sha256(file) for file in released.iterdir() if file.is_file()}
    tracked = load_tracked(read_manifest(released)["run_id"], mlruns=mlruns)
    again = publish(read_force(workplace.data), tracked, data=workplace.data, releases=released.parent, mlruns=mlruns)
    assert again == released
    assert verify(again) == []
    assert {file.name: sha256(file) for file in again.iterdir() if file.is_file()} == before
    assert (again / "plan").is_dir()
