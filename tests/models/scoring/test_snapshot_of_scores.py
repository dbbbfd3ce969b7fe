"""What recipes score on the small simulated force stays as it was: a change that moves numbers shows here.

Where it was meant to, `pytest --force-regen` writes them anew; the change of those files says by how much.
"""

from __future__ import annotations

import pandas as pd
import pytest
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

from features.panel import Panel
from models.backtest import backtest
from models.forecast.noise import Noise
from models.recipes.catalogue import recipe
from models.recipes.model import Model, NoiseOf
from models.scoring.scores import score, score_summary
from models.uncertainty.variances import estimate_noise
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration

SAME = {"rtol": 1e-4, "atol": 1e-9}  # libraries are pinned; processors may round the last digits apart
SMALL = {"fewest_in_leaf": 40, "ridge": 1.0}  # trees that split on the few wards of the simulated force
RECIPES = {"three-speed": {}, "boosted": SMALL, "hist-boosted": SMALL}


@pytest.fixture(scope="module")
def noise_of(simulated_panel: Panel) -> NoiseOf:
    """The noise of three speeds, by whose errors the recipes of trees are judged too: most of the work of a fit."""
    kept: dict[pd.Timestamp, Noise] = {}

    def once(model: Model, known: Panel) -> Noise:
        if known.last_month not in kept:
            kept[known.last_month] = estimate_noise(model, known)
        return kept[known.last_month]

    return once


@pytest.mark.parametrize("name", RECIPES)
def test_scores_by_level_are_those_of_before(
    name: str,
    noise_of: NoiseOf,
    simulated_panel: Panel,
    simulated_tables: ForceTables,
    dataframe_regression: DataFrameRegressionFixture,
) -> None:
    tables, origin = simulated_tables, simulated_panel.months[-13]
    made = recipe(name, **RECIPES[name])
    (table,) = backtest(made, simulated_panel, [origin], 12, draws=40, noise_of=noise_of)
    scores = score(
        table, tables.offences, tables.areas, tables.crime_types, unlocated_offences=tables.unlocated_offences
    )
    found = score_summary(scores)
    levels = found["area_level"] + ", " + found["crime_level"]
    numbers = found.select_dtypes("number").drop(columns="origins").dropna(axis="columns").set_axis(levels)
    dataframe_regression.check(numbers, default_tolerance=SAME)
