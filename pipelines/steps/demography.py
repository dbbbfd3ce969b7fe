"""Demography for a forecast: rates by age, the population factor of each scenario, and the shares of age groups.

Walks in: a panel as known at the origin. Walks out: a `Demography`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from features.panel import Panel
from features.population.age_groups import AgeGroup, population_groups
from features.population.by_age import residents_by_age
from features.population.exposure import population_factor
from features.population.known import ESTIMATE
from models.forecast.forecast import months_ahead
from models.people.age_rates import AgeRates
from models.people.age_shares import AgeShares
from models.people.population_demand import learn_population_demand
from models.people.population_factor import Strength
from pipelines.settings import Settings
from sources.tables.contracts import OLDEST_AGE

SCENARIOS = ("central", "low", "high")  # variants of the population ahead
YOUNG = (10, 24)  # ages that a scenario of plans holds at what they are at the origin


@dataclass(frozen=True, eq=False)
class Demography:
    """What is known of the part that population has in demand.

    rates, ages : rates by age, and the shares of age groups by scenario; None and empty where no ages are known.
    strength : with which demand follows the exposure.
    exposure : by scenario, (ward, [crime_type,] month), central first, whose months hold the history too.
    held : as `exposure`, of the central scenario with the young held; None where no ages are known.
    residents : (ward, month) the same of residents of all ages alike, under the central scenario.
    residents_by_group : ward_code, year, age_group (`all` or a group), variant, persons; variant is `estimate` up to
        the last estimate of wards' residents, then a scenario; empty where no ages are known.
    """

    rates: AgeRates | None
    ages: Mapping[str, AgeShares]
    strength: Strength
    exposure: Mapping[str, xr.DataArray]
    residents: xr.DataArray
    residents_by_group: pd.DataFrame
    held: xr.DataArray | None = None


def learn_demography(known: Panel, settings: Settings) -> Demography:
    """Return what the panel, as known at its last month, tells of population and demand.

    Where residents are not known by age there is one scenario, whose exposure is that of all residents, and the
    strength is what is thought before seeing data.
    """
    ahead = months_ahead(known.last_month, settings.horizon)
    whole = known.months.union(ahead)
    residents = population_factor(known, known.last_month, whole)
    demand = learn_population_demand(known, seed=settings.seed)
    if demand.rates is None:
        return Demography(None, {}, demand.strength, {SCENARIOS[0]: residents}, residents, pd.DataFrame())
    groups = [AgeGroup(label, *ends) for label, ends in settings.age_groups.items()]
    exposure = {
        scenario: demand.factor(whole if scenario == SCENARIOS[0] else ahead, scenario) for scenario in SCENARIOS
    }
    shares = {scenario: AgeShares.ahead(demand.rates, known, ahead, scenario, groups) for scenario in SCENARIOS}
    ages = {scenario: of for scenario, of in shares.items() if of is not None}
    by_group = _residents_by_group(known, ahead[-1].year, groups)
    held = demand.factor(ahead, SCENARIOS[0], YOUNG)
    return Demography(demand.rates, ages, demand.strength, exposure, residents, by_group, held)


def _residents_by_group(known: Panel, last_year: int, groups: Sequence[AgeGroup]) -> pd.DataFrame:
    estimated = known.ward_population.loc[known.ward_population["variant"] == ESTIMATE, "year"]
    newest = int(estimated.max()) if len(estimated) else known.last_month.year
    first = int(estimated.min()) if len(estimated) else newest
    spans = {ESTIMATE: range(first, newest + 1)}
    if last_year > newest:  # else the forecast ends before the estimates do
        spans |= dict.fromkeys(SCENARIOS, range(newest + 1, last_year + 1))
    tables = []
    for variant, years in spans.items():
        by_age = residents_by_age(known, years, SCENARIOS[0] if variant == ESTIMATE else variant)
        assert by_age is not None
        by_group = population_groups(by_age, [AgeGroup("all", 0, OLDEST_AGE)]), population_groups(by_age, groups)
        table = xr.concat(by_group, dim="age_group").rename("persons").to_series().reset_index()
        tables.append(table.rename(columns={"ward": "ward_code"}).assign(variant=variant))
    return pd.concat(tables, ignore_index=True)[["ward_code", "year", "age_group", "variant", "persons"]]
