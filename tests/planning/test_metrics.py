"""A plan's single numbers: named so that MLflow takes them, and those of its tables."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.draws.kept import KeptDraws
from planning.folder.check import Ground
from planning.folder.read import read_plan
from planning.make import make_plan

pytestmark = pytest.mark.unit


def test_harm_hidden_demand_and_costs_are_tracked_by_year(kept: KeptDraws, ground: Ground) -> None:
    result = make_plan(kept, read_plan(None, ground), ground)
    assert all(re.fullmatch(r"\w+", name) and np.isfinite(number) for name, number in result.metrics.items())
    names = ("hours_year_1_all", "harm_Cambridge_2025", "harm_equal_2026", "experienced_2025", "pounds_2026")
    assert set(names) <= set(result.metrics)
    harm = result.tables["harm"].query("area_level == 'force' and kind == 'reported' and weights == 'equal'")
    assert result.metrics["harm_equal_2025"] == harm["mean"].iloc[0]
