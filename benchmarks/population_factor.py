"""How strongly demand has followed residents, and whether forecasts gain by it.

    .venv/bin/python benchmarks/population_factor.py ../shared/data

Prints the last tables of docs/population.md, of what was known at each origin.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from features.breaks import months_of
from features.history import YEAR
from features.panel import Panel, build_panel
from features.population.by_age import residents_by_age
from features.population.exposure import population_factor
from models.forecast.forecast import months_ahead
from models.people.age_rates import AgeRates, fit_age_rates
from models.people.population_factor import HORIZONS, demand_factor, factor_strength, strength_cases
from models.recipes.catalogue import MODELS
from sources.read_force import read_force

FORECAST_ORIGINS = pd.to_datetime([f"{year}-03-01" for year in (2018, 2019, 2022, 2023, 2024)] + ["2019-12-01"])


def error(found: np.ndarray, came: np.ndarray) -> float:
    """Return the sum of absolute errors over the sum of what came, per cent."""
    return 100 * float(np.abs(found - came).sum() / came.sum())


def strength(panel: Panel, rates: AgeRates) -> pd.DataFrame:
    """Return, by horizon, how demand followed its factor; errors are typical ones of log growth, net of the force.

    `with hindsight`: the factor made of residents as estimated since, not as projected then.
    """
    alike = replace(rates, quality=rates.quality.assign(quality="none"))
    everything_known = replace(
        panel,
        ward_population=_known_always(panel.ward_population),
        ward_population_by_age=_known_always(panel.ward_population_by_age),
        ward_population_by_band=_known_always(panel.ward_population_by_band),
    )
    ways = {
        "as known then": (panel, rates),
        "as known then, ages alike": (panel, alike),
        "with hindsight": (everything_known, rates),
    }
    rows = []
    for way, (given, by_age) in ways.items():
        found = factor_strength(by_age, given)
        cases = pd.concat(strength_cases(by_age, given))
        of_horizons = {horizon: cases[cases["horizon"] == horizon] for horizon in found.by_horizon["horizon"]}
        powers = {"without": 0.0, "at pooled": found.mean, "at one": 1.0}
        errors = {name: [_typical(each, power) for each in of_horizons.values()] for name, power in powers.items()}
        table = found.by_horizon.assign(way=way, pooled=found.mean, pooled_sd=found.sd)
        rows.append(table.assign(**{f"error {name}": values for name, values in errors.items()}))
    return pd.concat(rows).set_index(["way", "horizon"])


def _known_always(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(known_from=pd.Timestamp("2000-01-01"))


def _typical(cases: pd.DataFrame, power: float) -> float:
    squares = (cases["log_growth"] - power * cases["log_factor"]) ** 2
    return float(np.sqrt((cases["weight"] * squares).sum() / cases["weight"].sum()))


def forecasts(panel: Panel, rates: AgeRates) -> pd.DataFrame:
    """Return errors, per cent of what came, of three-speed forecasts of a year that ends 12, 36 or 60 months ahead.

    `without` is the model that knows nothing of population; the others multiply by the factor of all residents, or by
    that of the ages that count, at half and at full strength.
    """
    nothing = replace(
        panel,
        ward_population=panel.ward_population.iloc[:0],
        borough_population_by_age=panel.borough_population_by_age.iloc[:0],
        ward_population_by_age=panel.ward_population_by_age.iloc[:0],
        ward_population_by_band=panel.ward_population_by_band.iloc[:0],
    )
    usual = ~months_of(panel.breaks, "disruption", panel.months).to_numpy()
    rows = []
    for origin in [each for each in FORECAST_ORIGINS if each in panel.months]:
        known = panel.as_known_at(origin)
        seen = len(known.months)
        ends = [h for h in HORIZONS if seen + h <= len(usual) and usual[seen + h - YEAR : seen + h].all()]
        months = months_ahead(origin, max(ends))
        residents_alone = population_factor(known, origin, months)
        by_age = demand_factor(rates, known, origin, months)
        plain = _expected(nothing.as_known_at(origin), len(months))
        informed = _expected(known, len(months))
        ways = {
            "without": plain,
            "all residents": informed * residents_alone,
            "ages that count": informed * by_age,
            "at half strength": (plain * informed) ** 0.5 * by_age**0.5,
        }
        for horizon in ends:
            year = slice(horizon - YEAR, horizon)
            came = panel.offences.isel(month=slice(seen + horizon - YEAR, seen + horizon)).sum("month")
            for way, expected in ways.items():
                given = expected.isel(month=year).sum("month").transpose(*came.dims)
                rows.append({"horizon": horizon, "origin": origin, "way": way} | _errors(given, came))
    return pd.DataFrame(rows).groupby(["horizon", "way"], sort=False).mean(numeric_only=True)


def _expected(known: Panel, months: int) -> xr.DataArray:
    factors = MODELS["three-speed"].factors(known)
    season, trend = factors.ahead(known.last_month, months)
    return factors.level * season * trend


def _errors(given: xr.DataArray, came: xr.DataArray) -> dict[str, float]:
    wards, boroughs = (each.sum("crime_type") for each in (given, came)), came["borough"].to_numpy()
    ward_given, ward_came = wards
    of_borough = [each.to_series().groupby(boroughs).sum().to_numpy() for each in (ward_given, ward_came)]
    return {
        "ward and type": error(given.to_numpy(), came.to_numpy()),
        "ward": error(ward_given.to_numpy(), ward_came.to_numpy()),
        "borough": error(*of_borough),
        "force": error(given.sum().to_numpy(), came.sum().to_numpy()),
    }


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    panel = build_panel(read_force(parser.parse_args().data.resolve()))
    pd.set_option("display.width", 160, "display.max_columns", None)
    people = residents_by_age(panel, range(2010, 2026))
    assert people is not None
    rates = fit_age_rates(panel, people, samples=5)
    for way, table in strength(panel, rates).groupby("way", sort=False):
        print(f"\nStrength of the factor, {way}\n{table.droplevel('way').round(4)}")
    print(f"\nForecasts of a year's offences: error, per cent\n{forecasts(panel, rates).round(2)}")


if __name__ == "__main__":
    main()
