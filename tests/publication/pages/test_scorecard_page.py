"""The scorecard's page where something is kept back: a borough of one ward in an open release."""

from __future__ import annotations

import pandas as pd
import pytest

from publication.pages.scorecard_page import _quarter_table
from publication.words import MISSING

pytestmark = pytest.mark.unit


def rows(areas: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_level": ["force" if area == "F" else "borough" for area in areas],
            "area_code": areas,
            "area_name": [f"Area {area}" for area in areas],
            "recorded_before": 100,
            "expected": [float(ord(area)) for area in areas],
            "middle": [float(ord(area)) for area in areas],
            "low": 80.0,
            "high": 120.0,
        }
    )


def test_areas_whose_neighbourhood_crime_is_kept_back_stand_without_it() -> None:
    table = _quarter_table(rows(["B", "C", "D", "F"]), rows(["D", "F"]))
    assert table is not None
    cells = {row[0][0]: [cell for cell, _ in row] for row in table.rows}
    assert len(cells) == 4
    assert {len(row) for row in table.rows} == {9}
    assert cells["Area D"][6] == "68"
    assert set(cells["Area B"][5:]) == {MISSING}


def test_no_neighbourhood_crime_at_all_leaves_its_columns_out() -> None:
    table = _quarter_table(rows(["B", "F"]), rows([]))
    assert table is not None
    assert {len(row) for row in table.rows} == {5}
