"""Forecast: a registered model and the panel in, the tables of its forecast out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import xarray as xr

from features.history import YEAR
from features.panel import Panel
from models.draws.summary import ForecastTables, forecast_tables
from models.explanation.drivers import demand_waterfall, drivers_table
from models.forecast.crime_sums import CrimeSums
from models.forecast.forecast import FittedModel, Forecast
from models.people.age_rates import rates_table
from models.people.age_shares import age_quality
from models.tracking import registry
from pipelines.kept.kept_draws import KeptDrawsFiles, digest_of, write_basis
from pipelines.kept.read_once import panel_of
from pipelines.kept.sealed_tables import write_sealed_tables
from pipelines.running.engines import engine_of
from pipelines.running.prefect_step import part, step
from pipelines.running.progress import stage
from pipelines.running.run_names import name_run
from pipelines.settings import Settings
from pipelines.steps.demography import Demography, learn_demography
from pipelines.steps.published_sums import told_sums
from planning.demand.scenarios import RESIDENTS_HELD, YOUNG_HELD
from sources.files.errors import InputError

WATERFALL_YEARS_BACK = 6


@step("learn rates by age")
def learn(panel: Panel, settings: Settings) -> Demography:
    """Return what is known of the part that population has in demand."""
    with stage("Learning rates by age"):
        return learn_demography(panel.as_known_at(panel.last_month), settings)


@step("draw and summarise")
def draw_and_summarise(
    forecasts: list[Forecast],
    demography: Demography,
    panel: Panel,
    settings: Settings,
    sums: CrimeSums,
    folder: Path,
) -> ForecastTables:
    """Return the tables of the forecasts, by scenario and age group; leave the draws to plan with in the folder."""
    steps = panel.offences.sizes["crime_type"]
    folder.mkdir(exist_ok=True)
    others = {one.scenario: one.exposure for one in forecasts[1:] if one.exposure is not None}
    variants = dict(others)
    if demography.held is not None:
        variants |= {YOUNG_HELD: demography.held, RESIDENTS_HELD: xr.ones_like(demography.held)}
    write_basis(folder, forecasts[0], variants, panel, settings.draws, settings.seed)
    with (
        engine_of(settings) as for_each,
        stage("Drawing possible futures", steps) as step,
        KeptDrawsFiles(folder, settings.draws) as kept,
    ):
        return forecast_tables(
            forecasts,
            panel.areas,
            ages=demography.ages,
            sums=sums,
            draws=settings.draws,
            seed=settings.seed,
            for_each=for_each,
            keep_sums=kept.write,
            progress=step,
        )


@step("explain")
def explain_all(
    forecasts: list[Forecast], demography: Demography, panel: Panel, sums: CrimeSums
) -> dict[str, pd.DataFrame]:
    """Return the tables of why demand changes; a waterfall needs a whole year ahead."""
    first = forecasts[0]
    past = demography.exposure[first.scenario]
    tables = {"drivers": drivers_table(first, panel, past, sums)}
    if len(first.months) >= YEAR:
        back = min(WATERFALL_YEARS_BACK, len(panel.months) // YEAR - 1)
        tables["demand_waterfall"] = demand_waterfall(
            forecasts, panel, past, demography.residents, years_back=back, sums=sums
        )
    return tables


@part("forecast")
def forecast(panel_folder: Path, version: str, settings: Settings) -> Path:
    """Return the folder of the tables that a registered model version makes.

    They are forecast, forecast_by_age, scenario_differences, drivers, population_strength and, from a year ahead on,
    demand_waterfall; and, where residents are known by age, residents, age_rates, age_quality, age_quality_of_totals.

    Raises
    ------
    InputError
        When the model was fitted at another month than the data's last.
    """
    name_run(panel_folder.with_name(panel_folder.name.replace("panel-", "tables-")))
    panel = panel_of(panel_folder)
    registry.open_store(settings.tracking_address, settings.mlruns)
    fitted = registry.load(version)
    if fitted.origin != panel.last_month:
        raise InputError(
            f"The model was fitted at {fitted.origin:%Y-%m}, the data end in {panel.last_month:%Y-%m}",
            value=f"version {version}",
            remedy="Train on these data first: `wardcast train`.",
        )
    demography = learn(panel, settings)
    forecasts = forecasts_of(fitted, demography, settings)
    sums = told_sums(panel.crime_types, settings)
    folder = panel_folder / f"forecast-{version}"
    drawn = draw_and_summarise(forecasts, demography, panel, settings, sums, folder)
    registry.tag_version(version, {registry.DRAWS_DIGEST: digest_of(folder)})
    reasons = explain_all(forecasts, demography, panel, sums)
    return write_forecast(folder, drawn, {**reasons, **tables_of_ages(demography, forecasts[0])})


def write_forecast(folder: Path, drawn: ForecastTables, further: Mapping[str, pd.DataFrame]) -> Path:
    """Write the tables of a forecast into a folder, each whole or not at all, seal it, and return it."""
    tables = {
        "forecast_by_age": drawn.by_age,
        "scenario_differences": drawn.differences,
        "quarters": drawn.quarters,
        **further,
    }
    # The forecast last: where it is, the others are.
    return write_sealed_tables({**tables, "forecast": drawn.forecast}, folder)


def forecasts_of(fitted: FittedModel, demography: Demography, settings: Settings) -> list[Forecast]:
    """Return the forecast under each scenario, central first."""
    strength = {"strength": demography.strength.mean, "strength_sd": demography.strength.sd}
    return [
        fitted.forecast(settings.horizon, exposure, scenario, **strength)
        for scenario, exposure in demography.exposure.items()
    ]


def tables_of_ages(demography: Demography, first: Forecast) -> dict[str, pd.DataFrame]:
    """Return how far demand follows population and, where ages are known, residents and rates by age."""
    strength = demography.strength
    tables = {"population_strength": strength.by_horizon.assign(pooled_mean=strength.mean, pooled_sd=strength.sd)}
    if demography.rates is not None:
        tables["residents"] = demography.residents_by_group
        tables["age_rates"] = rates_table(demography.rates)
        tables["age_quality"] = demography.rates.quality
        tables["age_quality_of_totals"] = age_quality(demography.ages[first.scenario], first)
    return tables
