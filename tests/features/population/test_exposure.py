"""Population exposure: sensible, continuous, and blind to what was not yet published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from features.population.exposure import population_factor, residents
from models.forecast.forecast import months_ahead

pytestmark = pytest.mark.integration


def test_residents_meet_the_mid_year_estimates(simulated_panel: Panel) -> None:
    estimates = simulated_panel.ward_population.query("variant == 'estimate' and year == 2020")
    june_and_july = residents(simulated_panel, pd.DatetimeIndex(["2020-06-01", "2020-07-01"]))
    assert june_and_july is not None
    by_ward = estimates.set_index("ward_code")["persons"].reindex(simulated_panel.areas["ward_code"])
    assert june_and_july.mean("month").to_numpy() == pytest.approx(by_ward.to_numpy(), rel=1e-3)


def test_the_factor_is_one_at_the_origin_and_moves_little_in_a_month(simulated_panel: Panel) -> None:
    origin = simulated_panel.last_month
    factor = population_factor(simulated_panel, origin, months_ahead(origin, 48))
    assert float(abs(factor.isel(month=0) - 1).max()) < 0.01
    assert float(abs(factor.diff("month")).max()) < 0.01
    assert 0.7 < float(factor.min()) < float(factor.max()) < 1.5


def test_nothing_known_of_population_means_a_factor_of_one(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[30]
    ignorant = replace(
        simulated_panel,
        ward_population=simulated_panel.ward_population.iloc[:0],
        borough_population_by_age=simulated_panel.borough_population_by_age.iloc[:0],
        ward_population_by_age=simulated_panel.ward_population_by_age.iloc[:0],
        ward_population_by_band=simulated_panel.ward_population_by_band.iloc[:0],
    )
    assert residents(ignorant, months_ahead(origin, 3)) is None
    assert np.all(population_factor(ignorant, origin, months_ahead(origin, 3)) == 1)


def test_a_ward_without_residents_keeps_the_factor_one(simulated_panel: Panel) -> None:
    ward = simulated_panel.areas["ward_code"].iloc[0]
    people = simulated_panel.ward_population
    empty = replace(
        simulated_panel,
        ward_population=people.assign(persons=people["persons"].where(people["ward_code"] != ward, 0.0)),
    )
    origin = empty.last_month
    assert np.all(population_factor(empty, origin, months_ahead(origin, 12)).sel(ward=ward) == 1)


def test_london_has_nearly_nine_million_residents(london_panel: Panel) -> None:
    people = residents(london_panel, pd.DatetimeIndex(["2021-07-01", "2025-03-01"]))
    assert people is not None
    then, now = people.sum("ward").to_numpy()
    assert 8.7e6 < then < 8.9e6
    assert then < now < 9.4e6
