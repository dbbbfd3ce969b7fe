"""The backtest of a stream as a command's work: a file of cells, scores beside baselines, plain refusals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.settings import load_settings
from pipelines.workbench.streams import write_stream_backtest
from sources.files.errors import InputError

pytestmark = pytest.mark.integration


def test_a_stream_is_judged_beside_the_baselines(simulated_force: Path, tmp_path: Path) -> None:
    settings = load_settings(data=simulated_force, draws=60)
    scores = write_stream_backtest(settings, "missing_people", ["2024-06"], 6, tmp_path / "cells.parquet")
    assert set(scores["model"]) == {"three-speed", "seasonal-naive", "mean-of-12"}
    cells = pd.read_parquet(tmp_path / "cells.parquet")
    assert cells["month"].min() == pd.Timestamp("2024-07-01")
    assert [file.name for file in tmp_path.iterdir()] == ["cells.parquet"]


@pytest.mark.parametrize(
    ("stream", "origin", "problem"),
    [("calls_101", "2024-06", "no such stream"), ("knife_crime", "2019-01", "not a month of the history")],
)
def test_a_wrong_name_or_origin_is_refused(
    simulated_force: Path, tmp_path: Path, stream: str, origin: str, problem: str
) -> None:
    settings = load_settings(data=simulated_force, draws=60)
    with pytest.raises(InputError, match=problem):
        write_stream_backtest(settings, stream, [origin], 6, tmp_path / "cells.parquet")
