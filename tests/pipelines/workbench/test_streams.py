"""The backtest of a stream as a command's work: a file of cells, scores beside baselines, plain refusals."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.settings import load_settings
from pipelines.workbench.streams import write_stream_backtest
from sources.files.errors import InputError
from sources.read_force import read_force

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


def test_a_stream_counted_by_day_is_judged_by_week(simulated_force: Path, tmp_path: Path) -> None:
    folder = tmp_path / "force"
    shutil.copytree(simulated_force, folder)
    boroughs = read_force(simulated_force).areas["borough_code"].unique()
    days = pd.date_range("2022-01-03", "2025-03-30")
    counts = np.random.default_rng(2).poisson(30, (len(boroughs), len(days)))
    rows = {
        "area_code": np.repeat(boroughs, len(days)),
        "day": np.tile(days.strftime("%Y-%m-%d"), len(boroughs)),
        "value": counts.ravel(),
    }
    pd.DataFrame(rows).to_csv(folder / "streams" / "tasks.csv", index=False)
    (folder / "streams" / "school_holidays.csv").write_text(
        "first_day,last_day,known_from\n2024-07-22,2024-09-01,2023-01-01\n"
    )
    entry = (folder / "streams" / "streams.toml").read_text().split("# SIMULATED\n")[1]
    entry = entry.replace("calls_999", "tasks").replace('"month"', '"day"').replace("tasks.csv.gz", "tasks.csv")
    with (folder / "streams" / "streams.toml").open("a") as listed:
        listed.write("\n" + entry)
    settings = load_settings(data=folder, draws=60)
    scores = write_stream_backtest(settings, "tasks", ["2024-10"], 12, tmp_path / "cells.parquet")
    assert set(scores["model"]) == {"weekly-path", "seasonal-naive", "mean-of-8"}
    cells = pd.read_parquet(tmp_path / "cells.parquet")
    weeks = cells.loc[cells["period"] == "week", "week"]
    assert weeks.min() == pd.Timestamp("2024-10-28"), "the last whole week of October ends on the 27th"
    assert weeks.nunique() == 13
    ours = scores.set_index(["model", "area_level", "period"])["wis"]
    assert ours["weekly-path", "area", "week"] < ours["seasonal-naive", "area", "week"]
