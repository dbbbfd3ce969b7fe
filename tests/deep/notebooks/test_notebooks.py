"""Every notebook runs from its first cell to its last, in the order in which a newcomer reads them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import jupytext
import pytest
from nbmake.nb_run import NotebookRun

from sources.simulated import simulate
from sources.subset import subset
from tests.conftest import BUNDLE, PROJECT

pytestmark = pytest.mark.e2e

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("[0-9]*.py"))
LONGEST = 540  # seconds a cell may take on a busy machine
PNG, SVG = "image/png", "image/svg+xml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notebooks' settings and data: ten years of two boroughs, or a simulated city without them."""
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(PROJECT / "notebooks" / "wardcast.toml", folder)
    if BUNDLE.is_dir():
        subset(BUNDLE, ["Camden", "Islington"], folder / "data", since="2015-04")
    else:
        simulate(folder / "data", wards=24, months=84)
    return folder


@pytest.mark.parametrize("script", NOTEBOOKS, ids=lambda script: script.stem)
def test_a_notebook_runs_and_shows_pictures(script: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("BUNDLE", os.fspath(BUNDLE))
    notebook = folder / f"{script.stem}.ipynb"
    jupytext.write(jupytext.read(script), notebook)
    done = NotebookRun(notebook, LONGEST, kernel="python3").execute()
    assert done.error is None, done.error
    outputs = [output for cell in done.nb.cells for output in cell.get("outputs", [])]
    assert sum(bool({PNG, SVG} & set(output.get("data", {}))) for output in outputs) >= 1
    assert not [output for output in outputs if "Warning" in output.get("text", "")]
