"""Waits are told where a force gives its calls, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.draws.kept import KeptDraws
from planning.folder.check import HOURS_A_WEEK, Ground
from planning.folder.read import read_plan
from planning.make import make_plan
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
SAID = {"year": "2025", "country": "nowhere", "source": "made up", "quality": "measured"}


def calls(rate: float, on_duty: float) -> pd.DataFrame:
    hours = np.arange(HOURS_A_WEEK)
    known = {"travel_hours": 0.1, "service_hours": 0.9, "service_cv": 1.0, "units": 1, "units_on_duty": on_duty}
    parts = [pd.DataFrame({"grade": grade, "hour_of_week": hours, "calls_an_hour": rate, **known}) for grade in "IS"]
    return pd.concat(parts, ignore_index=True).assign(**SAID)


def test_waits_need_calls(kept: KeptDraws, plan_folder: Path, ground: Ground) -> None:
    plan = read_plan(plan_folder, ground)
    assert make_plan(kept, plan, ground).tables["waits"].empty
    told = {}
    for units in (6.0, 3.0, 1.0):
        tables = {**plan.tables, "calls": calls(1.0, units).assign(of_force=True)}
        told[units] = make_plan(kept, replace(plan, tables=tables), ground).tables["waits"].query("path == 'level'")
    assert (told[6.0]["mean_minutes"].to_numpy() < told[3.0]["mean_minutes"].to_numpy()).all()
    assert set(told[1.0]["standard"]) == {"cannot be met"}
    assert told[1.0]["mean_minutes"].isna().all()


def test_a_grade_without_some_hours_is_refused(plan_folder: Path, ground: Ground) -> None:
    calls(1.0, 3.0).iloc[:-5].to_csv(plan_folder / "calls.csv", index=False)
    with pytest.raises(InputError, match="lacks hours of the week"):
        read_plan(plan_folder, ground)
