"""Pictures of a run: residuals are those of the year forecast, and what there is to show is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from features.panel import build_panel
from models.backtest import backtest
from models.recipes.catalogue import model_named
from models.scoring.scores import VOLUME_BANDS, score
from publication.charts.run_charts import (
    bias_by_volume,
    pictures_of,
    reliability,
    skill_by_months_ahead,
    ward_residuals,
)
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration
SAID = {"source": "Source: simulated.", "simulated": True}


@pytest.fixture(scope="module")
def last_year(simulated_tables: ForceTables) -> pd.DataFrame:
    panel = build_panel(simulated_tables)
    origin = pd.Timestamp("2024-03-01").as_unit("us")
    return next(iter(backtest(model_named("recent-mean"), panel, [origin], 12, draws=60)))


@pytest.fixture(scope="module")
def scores(last_year: pd.DataFrame, simulated_tables: ForceTables) -> pd.DataFrame:
    tables = simulated_tables
    return score(last_year, tables.offences, tables.areas, tables.crime_types)


def lines(figure: Figure, panel: int) -> dict[str, np.ndarray]:
    found = figure.axes[panel].get_lines()
    return {str(line.get_label()): np.asarray(line.get_ydata(), float) for line in found}


def test_a_wards_residual_is_of_the_year_that_was_forecast(
    last_year: pd.DataFrame, simulated_tables: ForceTables
) -> None:
    residuals = ward_residuals(last_year, simulated_tables)
    ward = simulated_tables.areas["ward_code"].iloc[3]
    of_ward = last_year[(last_year["area_code"] == ward) & (last_year["crime_type"] == "all")]
    expected = of_ward.loc[of_ward["period"] == "month", "mean"].sum()
    offences = simulated_tables.offences
    recorded = offences.loc[(offences["ward_code"] == ward) & (offences["month"] > "2024-03-01"), "count"].sum()
    assert residuals[ward] == pytest.approx((recorded - expected) / np.sqrt(expected))
    assert len(residuals) == len(simulated_tables.areas)


def test_skill_is_what_is_saved_of_the_naive_score(scores: pd.DataFrame) -> None:
    drawn = lines(skill_by_months_ahead(scores, **SAID), 0)
    third = scores.query("group == 'horizon' and group_value == '3' and period == 'month' and area_level == 'ward'")
    third = third[third["crime_level"] == "minor"].iloc[0]
    assert drawn["ward"][2] == pytest.approx(1 - third["wis"] / third["naive_wape"])
    assert {"ward", "borough", "bcu", "force"} <= drawn.keys()


def test_reliability_needs_draws_and_says_nothing_without(scores: pd.DataFrame) -> None:
    assert np.isnan(lines(reliability(scores, **SAID), 2)["force"]).all()
    known = scores.assign(**{f"coverage_{share}_randomised": share / 100 for share in (50, 80, 90, 95)})
    assert lines(reliability(known, **SAID), 2)["force"] == pytest.approx([0.5, 0.8, 0.9, 0.95])


def test_bias_by_volume_adds_up_to_the_bias_of_all(scores: pd.DataFrame) -> None:
    drawn = lines(bias_by_volume(scores, **SAID), 0)
    bands = scores.query("group == 'volume_band' and period == 'month' and crime_level == 'minor'")
    bands = bands[bands["area_level"] == "ward"].set_index("group_value")["offences"].reindex(VOLUME_BANDS)
    overall = scores.query("group == 'overall' and period == 'month' and crime_level == 'minor'")
    overall = overall[overall["area_level"] == "ward"].iloc[0]
    assert np.nansum(drawn["ward"] * bands) / overall["offences"] == pytest.approx(overall["bias"], abs=1e-6)


def test_a_force_without_outlines_has_no_map(
    last_year: pd.DataFrame, scores: pd.DataFrame, simulated_tables: ForceTables
) -> None:
    without = replace(simulated_tables, ward_boundaries=simulated_tables.ward_boundaries.iloc[:0])
    with_map = set(pictures_of(scores, last_year, simulated_tables))
    assert with_map - set(pictures_of(scores, last_year, without)) == {"residual_map"}
