"""Parts of a change add up exactly, whatever the factors, and up both trees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from features.panel import Panel
from features.population.exposure import population_factor
from models.explanation.explain import LEVEL_AND_CHANCE, explain, log_mean_parts, minor_types_of, wards_of
from models.forecast.forecast import FittedModel, Forecast, months_ahead
from models.forecast.noise import Noise
from models.recipes.catalogue import MODELS
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

POSITIVE = arrays(float, (5, 7), elements=st.floats(1e-4, 1e4))
OR_ZERO = arrays(float, (5, 7), elements=st.one_of(st.just(0.0), st.floats(1e-3, 1e3)))


@given(POSITIVE, POSITIVE)
def test_parts_of_positive_factors_add_up(before: np.ndarray, after: np.ndarray) -> None:
    start, end = before.prod(axis=0), after.prod(axis=0)
    np.testing.assert_array_less(
        abs(log_mean_parts(before, after).sum(axis=0) - (end - start)), 1e-12 * (start + end) + 1e-300
    )


@given(OR_ZERO, OR_ZERO)
def test_parts_add_up_through_zeros(before: np.ndarray, after: np.ndarray) -> None:
    start, end = before.prod(axis=0), after.prod(axis=0)
    parts = log_mean_parts(before, after)
    np.testing.assert_allclose(parts.sum(axis=0), end - start, rtol=1e-9, atol=1e-9 * (start + end).max())


@given(POSITIVE, POSITIVE)
def test_the_way_back_is_the_way_there_reversed(before: np.ndarray, after: np.ndarray) -> None:
    there, back = log_mean_parts(before, after), log_mean_parts(after, before)
    np.testing.assert_allclose(there, -back, rtol=1e-9, atol=1e-9 * (before.prod(axis=0) + after.prod(axis=0)).max())


def test_a_factor_that_does_not_move_has_no_part_and_a_lone_one_has_all() -> None:
    parts = log_mean_parts(np.array([[2.0], [3.0]]), np.array([[2.0], [4.5]]))
    np.testing.assert_allclose(parts, [[0.0], [3.0]])


def test_parts_by_hand() -> None:
    # From 2 x 3 = 6 to 4 x 3.5 = 14: L = 8 / ln(14 / 6); parts L ln 2 and L ln(7 / 6).
    mean = 8 / np.log(14 / 6)
    parts = log_mean_parts(np.array([[2.0], [3.0]]), np.array([[4.0], [3.5]]))
    np.testing.assert_allclose(parts[:, 0], [mean * np.log(2), mean * np.log(7 / 6)])


def test_zeros_are_the_limit_of_small_values() -> None:
    before, after = np.array([[0.0], [3.0], [0.0]]), np.array([[4.0], [3.5], [2.0]])
    np.testing.assert_allclose(log_mean_parts(before, after)[:, 0], [14, 0, 14])
    tiny = log_mean_parts(np.maximum(before, 1e-140), after)[:, 0]
    np.testing.assert_allclose(tiny, [14, 0, 14], atol=0.1)


@pytest.fixture(scope="module", params=["three-speed", "seasonal-naive"])
def forecast(request: pytest.FixtureRequest, simulated_panel: Panel) -> Forecast:
    model, origin = MODELS[request.param], simulated_panel.last_month
    noise = Noise.none(simulated_panel.offences["crime_type"].to_numpy())
    exposure = population_factor(simulated_panel, origin, months_ahead(origin, 36))
    return FittedModel(model.name, origin, model.factors(simulated_panel), noise).forecast(36, exposure)


@pytest.mark.parametrize(("year", "against"), [(1, 0), (3, 0), (2, 1), (3, 1)])
def test_every_cell_adds_up_to_the_years_it_compares(
    forecast: Forecast, simulated_panel: Panel, year: int, against: int
) -> None:
    change = explain(forecast, simulated_panel, year=year, against=against)
    mean = forecast.mean
    after = mean.isel(month=slice(12 * year - 12, 12 * year)).sum("month")
    before = (
        mean.isel(month=slice(12 * against - 12, 12 * against)) if against else simulated_panel.offences[:, :, -12:]
    )
    np.testing.assert_allclose(change.after, after)
    np.testing.assert_allclose(change.before, before.sum("month"))
    np.testing.assert_allclose(change.parts.sum("part"), change.after - change.before, rtol=1e-9, atol=1e-9)


def test_parts_of_a_total_are_the_totals_of_parts(forecast: Forecast, simulated_panel: Panel) -> None:
    change, areas = explain(forecast, simulated_panel), simulated_panel.areas
    crime_types, _ = minor_types_of(simulated_panel.crime_types, "theft")

    def steps(area: str) -> np.ndarray:
        return change.steps(wards_of(areas, area)[0], crime_types)["offences"].to_numpy()

    borough = areas["borough_code"].iloc[0]
    wards = areas.loc[areas["borough_code"] == borough, "ward_code"]
    np.testing.assert_allclose(sum(steps(ward) for ward in wards), steps(borough))
    boroughs = areas["borough_code"].unique()
    np.testing.assert_allclose(sum(steps(one) for one in boroughs), steps(areas["force_code"].iloc[0]))


def test_crime_types_add_up_too(forecast: Forecast, simulated_panel: Panel) -> None:
    change = explain(forecast, simulated_panel)
    everywhere = np.ones(len(simulated_panel.areas), dtype=bool)

    def steps(crime: str) -> np.ndarray:
        return change.steps(everywhere, minor_types_of(simulated_panel.crime_types, crime)[0])["offences"].to_numpy()

    for level in ("crime_type", "major_type"):
        np.testing.assert_allclose(sum(map(steps, simulated_panel.crime_types[level].unique())), steps("all"))


def test_each_factor_gets_what_it_did(forecast: Forecast, simulated_panel: Panel) -> None:
    """Judgement of +10 % from the second year on is the judgement's part, and nobody else's."""
    judged = xr.ones_like(forecast.factors["trend"]).where(forecast.months < forecast.months[12], 1.1)
    moved = replace(forecast, factors={**forecast.factors, "judgement": judged})
    plain, with_judgement = (explain(one, simulated_panel, year=2, against=1) for one in (forecast, moved))
    part = with_judgement.parts.sum(["ward", "crime_type"])
    rise = float(with_judgement.after.sum() - plain.after.sum())
    assert float(part.sel(part="judgement")) == pytest.approx(rise, rel=0.02)
    assert float(abs(plain.parts.sel(part=["level", "season", "judgement"])).max()) == 0
    assert float(with_judgement.parts.sel(part="population").sum()) == pytest.approx(
        float(plain.parts.sel(part="population").sum()), rel=0.06
    )


def test_against_a_recorded_year_level_and_chance_are_one_part(forecast: Forecast, simulated_panel: Panel) -> None:
    change = explain(forecast, simulated_panel)
    assert list(change.parts["part"].to_numpy()) == [LEVEL_AND_CHANCE, "season", "population", "trend", "judgement"]
    steps = change.steps(np.ones(24, dtype=bool), minor_types_of(simulated_panel.crime_types, "ALL")[0])
    assert steps["offences"].iloc[0] == simulated_panel.offences[:, :, -12:].sum()
    assert steps["offences"].iloc[:-1].sum() == pytest.approx(steps["offences"].iloc[-1])


def test_what_is_not_there_is_named(forecast: Forecast, simulated_panel: Panel) -> None:
    areas = simulated_panel.areas
    with pytest.raises(InputError, match="4 cannot be explained against year 0"):
        explain(forecast, simulated_panel, year=4)
    with pytest.raises(InputError, match="1 cannot be explained against year 1"):
        explain(forecast, simulated_panel, year=1, against=1)
    with pytest.raises(InputError, match=areas["borough_code"].iloc[0]):
        wards_of(areas, areas["borough_name"].iloc[0].upper())
    with pytest.raises(InputError, match="BICYCLE THEFT"):
        minor_types_of(simulated_panel.crime_types, "bicycles")
