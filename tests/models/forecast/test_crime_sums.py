"""Further sums of crime types are sums of the same draws, and quarters of the same months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.draws.all_recorded import parts_that_add_up
from models.draws.rows import quantiles_of
from models.draws.summary import ForecastTables, forecast_tables
from models.fit import fit_at
from models.forecast.crime_sums import further_sums
from models.forecast.forecast import FittedModel
from models.forecast.vocabulary import EXCLUDING, NEIGHBOURHOOD, QUANTILES
from models.recipes.three_speed import ThreeSpeed

pytestmark = pytest.mark.integration
PROTECTED = ("HOMICIDE", "RAPE", "OTHER SEXUAL OFFENCES")


@pytest.fixture(scope="module")
def fitted(simulated_panel: Panel) -> FittedModel:
    return fit_at(ThreeSpeed(), simulated_panel, simulated_panel.last_month)


@pytest.fixture(scope="module")
def drawn() -> dict[str, np.ndarray]:
    return {}


@pytest.fixture(scope="module")
def tables(fitted: FittedModel, simulated_panel: Panel, drawn: dict[str, np.ndarray]) -> ForecastTables:
    def keep(crime_type: str, draws: np.ndarray) -> None:
        drawn[crime_type] = draws.copy()

    sums = further_sums(simulated_panel.crime_types, PROTECTED)
    return forecast_tables([fitted.forecast(14)], simulated_panel.areas, sums=sums, draws=60, keep_draws=keep)


def test_sums_are_of_the_types_they_say(simulated_panel: Panel) -> None:
    types = simulated_panel.crime_types
    sums = further_sums(types, PROTECTED)
    assert set(sums) == {
        NEIGHBOURHOOD,
        ("major", f"VIOLENCE AGAINST THE PERSON{EXCLUDING}"),
        ("all", f"all{EXCLUDING}"),
    }
    assert sums["all", f"all{EXCLUDING}"] == set(types["crime_type"]) - set(PROTECTED)
    assert set(further_sums(types)) == {NEIGHBOURHOOD}


def test_quantiles_of_a_sum_are_those_of_its_draws(
    tables: ForecastTables, drawn: dict[str, np.ndarray], simulated_panel: Panel
) -> None:
    for name, members in further_sums(simulated_panel.crime_types, PROTECTED).items():
        total = sum(drawn[crime_type] for crime_type in members).sum(axis=0)[:12].sum(axis=0)
        row = year_of_force(tables.forecast, name)
        assert row[list(QUANTILES)].tolist() == quantiles_of(total[None].copy())[0].tolist()


def test_the_mean_of_a_sum_is_that_of_its_types(tables: ForecastTables, simulated_panel: Panel) -> None:
    for name, members in further_sums(simulated_panel.crime_types, PROTECTED).items():
        parts = [year_of_force(tables.forecast, ("minor", crime_type))["mean"] for crime_type in members]
        assert year_of_force(tables.forecast, name)["mean"] == pytest.approx(sum(parts))


def test_other_rows_do_not_depend_on_sums(tables: ForecastTables, fitted: FittedModel, simulated_panel: Panel) -> None:
    plain = forecast_tables([fitted.forecast(14)], simulated_panel.areas, draws=60).forecast
    keys = ["measure", "area_level", "area_code", "crime_level", "crime_type", "period", "month"]
    both = plain.astype(dict.fromkeys(keys[:6], str)).merge(
        tables.forecast.astype(dict.fromkeys(keys[:6], str)), on=keys, suffixes=("", "_beside_sums")
    )
    assert len(both) == len(plain)
    for column in ("mean", *QUANTILES):
        assert both[column].to_numpy() == pytest.approx(both[f"{column}_beside_sums"].to_numpy(), rel=1e-12)


def test_quarters_are_sums_of_three_months(tables: ForecastTables, drawn: dict[str, np.ndarray]) -> None:
    quarters = parts_that_add_up(tables.quarters)
    assert set(quarters["period"]) == {"quarter"}
    assert set(quarters["area_level"]) == {"borough", "bcu", "force", "unlocated"}
    force = quarters[(quarters["area_level"] == "force") & (quarters["crime_type"] == "SHOPLIFTING")]
    assert len(force) == 4
    second = drawn["SHOPLIFTING"].sum(axis=0)[3:6].sum(axis=0)
    assert force.iloc[1][list(QUANTILES)].tolist() == quantiles_of(second[None].copy())[0].tolist()
    months = parts_that_add_up(tables.forecast).query(
        "area_level == 'force' and crime_type == 'SHOPLIFTING' and period == 'month'"
    )
    assert force["mean"].to_numpy() == pytest.approx(months["mean"].to_numpy()[:12].reshape(4, 3).sum(axis=1))


def year_of_force(table: pd.DataFrame, name: tuple[str, str]) -> pd.Series:
    """Return the force's row of a crime type in the first year ahead."""
    chosen = (table["area_level"] == "force") & (table["period"] == "year")
    rows = table[chosen & (table["crime_level"] == name[0]) & (table["crime_type"] == name[1])]
    return rows.iloc[0]
