"""The part that population has in demand, learnt at an origin: rates by age, and how far demand follows them.

Walks in: a panel as known at the origin. Walks out: a `PopulationDemand`, from which the factor of any months follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import xarray as xr

from features.panel import Panel
from features.population.by_age import residents_by_age
from features.population.exposure import population_factor, years_around
from models.people.age_rates import AgeRates, fit_age_rates
from models.people.population_factor import PRIOR_MEAN, PRIOR_SD, Ages, Strength, demand_factor, factor_strength


@dataclass(frozen=True, eq=False)
class PopulationDemand:
    """Rates by age, None where no residents are known by age, and the strength with which demand follows."""

    known: Panel
    rates: AgeRates | None
    strength: Strength

    def factor(self, months: pd.DatetimeIndex, variant: str = "central", held: Ages | None = None) -> xr.DataArray:
        """Return the factor of strength one, relative to the origin, (ward, [crime_type,] month).

        It is that of all residents alike where no ages are known. Residents of the ages `held`, first and last, stay as
        many as at the origin.
        """
        origin = self.known.last_month
        if self.rates is None:
            return population_factor(self.known, origin, months, variant)
        return demand_factor(self.rates, self.known, origin, months, variant, held)


def learn_population_demand(known: Panel, *, seed: int = 1) -> PopulationDemand:
    """Return what a panel, as known at its last month, tells of population and demand.

    Without residents by age the strength is what is thought before seeing data.
    """
    by_age = residents_by_age(known, _years_of_evidence(known))
    if by_age is None:
        return PopulationDemand(known, None, Strength(PRIOR_MEAN, PRIOR_SD, pd.DataFrame(columns=["horizon"])))
    rates = fit_age_rates(known, by_age, seed=seed)
    return PopulationDemand(known, rates, factor_strength(rates, known))


def _years_of_evidence(known: Panel) -> list[int]:
    evidence = known.age_evidence
    months = pd.concat([evidence["first_month"], evidence["last_month"], pd.Series([known.last_month])])
    return years_around(pd.DatetimeIndex([months.min(), months.max()]))
