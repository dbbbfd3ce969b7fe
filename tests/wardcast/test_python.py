"""The public Python names: few, typed, described, cheap to import, and shown on a page whose example runs."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import wardcast
from publication.release.release import latest, verify

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "python.md"

FUNCTIONS = {
    "backtest_stream",
    "backtest_weeks",
    "draw_stream",
    "fit_stream",
    "forecast_weeks",
    "load_stream",
    "stream_named",
    "stream_panel",
    "stream_scores",
    "stream_table",
    "week_panel",

    "read_force", "build_panel", "fit", "forecast", "summarise", "backtest", "score", "score_summary", "compare",
    "track", "load_tracked", "publish", "simulate", "subset", "plan", "read_plan", "compare_plans", "recipe", "search",
}  # fmt: skip
CLASSES = {
    "Model", "Factors", "FittedModel", "Forecast", "ForceTables", "Panel", "Tracked", "InputError", "ReleaseError",
    "RollingOrigin",
}  # fmt: skip
THINGS = {"MODELS", "charts"}


@pytest.mark.unit
def test_the_names_are_these() -> None:
    assert set(wardcast.__all__) == FUNCTIONS | CLASSES | THINGS
    assert dir(wardcast) == sorted(wardcast.__all__)
    with pytest.raises(AttributeError, match="no attribute 'predict'"):
        wardcast.predict  # noqa: B018


@pytest.mark.unit
@pytest.mark.parametrize("name", sorted(FUNCTIONS | CLASSES))
def test_every_name_is_described_and_typed(name: str) -> None:
    value = getattr(wardcast, name)
    assert len(inspect.getdoc(value) or "") > 40
    if name in FUNCTIONS:
        signature = inspect.signature(value)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(each.annotation is not inspect.Parameter.empty for each in signature.parameters.values())


@pytest.mark.integration
@pytest.mark.parametrize("theirs", ["models.py", "pipelines/__init__.py", "planning/__init__.py"])
@pytest.mark.parametrize("command", [["-c", "import wardcast"], ["-m", "wardcast", "--help"]])
def test_what_shadows_a_room_is_named(tmp_path: Path, theirs: str, command: list[str]) -> None:
    file = tmp_path / theirs
    file.parent.mkdir(exist_ok=True)
    file.touch()
    environment = os.environ | {"PYTHONPATH": os.fspath(PROJECT)}
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"Python finds {file} first" in done.stderr
    assert "What to do: rename" in done.stderr


@pytest.mark.unit
def test_the_checker_of_types_finds_names_where_python_does() -> None:
    tree = ast.parse((PROJECT / "wardcast" / "__init__.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    places = {alias.name: node.module for node in imports for alias in node.names}
    assert {name: places[name] for name in wardcast._PLACES} == wardcast._PLACES
    assert all((PROJECT / room / "py.typed").is_file() for room in ("sources", "models", "pipelines", "wardcast"))


@pytest.mark.unit
def test_the_import_loads_nothing_heavy_and_forecasting_neither_mlflow_nor_prefect() -> None:
    code = "import sys, wardcast; print(*sys.modules); wardcast.summarise; wardcast.score; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd="/", capture_output=True, text=True, check=True)
    at_import, in_use = (set(line.split()) for line in done.stdout.splitlines())
    assert not at_import & {"pandas", "numpy", "mlflow", "prefect"}
    assert not in_use & {"mlflow", "prefect"}


@pytest.mark.unit
def test_the_page_lists_every_name() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), flags=re.MULTILINE)
    assert sorted(listed) == sorted(wardcast.__all__)
    charts = re.search(r"^\| `charts` \|.*", PAGE.read_text(), flags=re.MULTILINE)
    assert charts is not None
    assert all(callable(getattr(wardcast.charts, name)) for name in re.findall(r"`(\w+_\w+|waterfall)`", charts[0]))


@pytest.mark.integration
def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends in a whole release, served as the latest, that says which run made it."""
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(example, PAGE, "exec"), names)
    release, tracked = names["release"], names["tracked"]
    assert latest(tmp_path / "releases") == release
    assert verify(release) == []
    assert release.name.endswith(tracked.run_id[:8])
    pd.testing.assert_frame_equal(tracked.summary, wardcast.score_summary(tracked.scores))
    again, panel = wardcast.load_tracked(tracked.version), names["panel"]
    assert (again.run_id, again.version, again.recipe) == (tracked.run_id, tracked.version, tracked.recipe)
    pd.testing.assert_frame_equal(again.summary, tracked.summary)
    pd.testing.assert_frame_equal(
        *(wardcast.summarise(wardcast.forecast(one.fitted, panel, 3), panel, draws=20) for one in (again, tracked))
    )
    with pytest.raises(wardcast.InputError, match="No run of this id"):
        wardcast.load_tracked("champion")  # none has been promoted
