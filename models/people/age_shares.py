"""Demand by age group: the share of each published group in the offences of a ward and year ahead.

Walk in: rates by age with their samples, and residents by age. Walk out: `AgeShares`, uncertain jointly: a draw takes
one sample of the rates for all wards, years and crime types.

    share of a group = known share x sum over its ages of rate x residents / the same sum over all ages

What is left is "not known or not applicable": offences with no victim or suspect of known age in that basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr

from features.area_counts import sum_groups
from features.panel import Panel
from features.population.age_groups import AGE_GROUPS, AgeGroup, refuse_uneven_groups
from features.population.by_age import residents_by_age
from features.population.exposure import at_months, years_around
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.vocabulary import BASES
from models.forecast.years import sum_blocks
from models.people.age_rates import QUALITIES, AgeRates

NOT_KNOWN = "not known or not applicable"


@dataclass(frozen=True, eq=False)
class AgeShares:
    """Shares of age groups under one scenario of population.

    boroughs : (ward) borough codes.
    residents : (ward, block, age) persons, mean of each year ahead, and of the months left over, if any. A ward without
        residents (an airport, a station) has those of its borough, or else of the force.
    """

    rates: AgeRates
    boroughs: np.ndarray
    residents: np.ndarray
    groups: Sequence[AgeGroup] = AGE_GROUPS

    @classmethod
    def ahead(
        cls,
        rates: AgeRates,
        known: Panel,
        months: pd.DatetimeIndex,
        variant: str = "central",
        groups: Sequence[AgeGroup] = AGE_GROUPS,
    ) -> AgeShares | None:
        """Return the shares of the months ahead, or None where nobody's age is known.

        `known` must be as known at the origin. Raises InputError for groups that do not hold every age once.
        """
        refuse_uneven_groups(groups)
        by_year = residents_by_age(known, years_around(months), variant)
        if by_year is None:
            return None
        residents = _with_neighbours(_of_blocks(by_year, months), AreaTree.of(known.areas))
        return cls(rates, known.areas["borough_code"].to_numpy(object), residents, groups)

    def quality(self, crime_type: str, basis: str) -> str:
        """Return how well the ages of a minor type are known: `measured`, `few`, `proxy` or `none`."""
        return self._qualities.get((crime_type, basis), "none")

    @cached_property
    def _qualities(self) -> dict[tuple[str, str], str]:
        table = self.rates.quality[["crime_type", "basis", "quality"]]
        return {(crime_type, basis): quality for crime_type, basis, quality in table.itertuples(index=False)}

    def labels(self, crime_type: str, basis: str) -> list[str]:
        """Return the groups that the split of a minor type tells apart, "not known or not applicable" last.

        A group on whose ages the evidence is silent is left out: its offences are among those not known.
        """
        if self.quality(crime_type, basis) == "none":
            return [NOT_KNOWN]
        rate = self.rates.rate.sel(basis=basis, crime_type=crime_type)
        told = [group.label for group in self.groups if rate.sel(age=slice(group.low, group.high)).count()]
        return [*told, NOT_KNOWN]

    def of(self, crime_type: str, basis: str, draws: int) -> np.ndarray:
        """Return the shares, (group as in `labels`, ward, block, draw) float32, which add up to one over groups.

        Draw i takes sample i, from the first again where there are fewer samples than draws.
        """
        labels = self.labels(crime_type, basis)
        chosen = {"basis": basis, "crime_type": crime_type}
        rates = self._rates_by_block(chosen)
        known = self.rates.known_share_samples.sel(chosen).to_numpy()
        residents = self.residents
        if self.rates.borough_factor is not None:
            factor = self.rates.borough_factor.sel(chosen).transpose("borough", "age").sel(borough=self.boroughs)
            residents = residents * factor.to_numpy()[:, None, :]
        parts = np.zeros((len(labels), *self.residents.shape[:2], len(known)), dtype=np.float32)
        for place, label in enumerate(labels[:-1]):
            group = next(group for group in self.groups if group.label == label)
            ages = slice(group.low, group.high + 1)
            for block, of_block in enumerate(rates):
                parts[place][:, block] = residents[:, block, ages] @ of_block[ages]
        total = parts.sum(axis=0)
        parts *= np.divide(known, total, out=np.zeros_like(total), where=total > 0)
        parts[-1] = np.maximum(1 - parts.sum(axis=0), 0)
        return parts[..., np.arange(draws) % len(known)]

    def _rates_by_block(self, chosen: dict[str, str]) -> list[np.ndarray]:
        """Return the rates of each block, (age, sample), which drift further in each year after the first."""
        rates = self.rates.samples.sel(chosen).transpose("age", "sample").fillna(0.0).to_numpy()
        if self.rates.later is None:
            return [rates] * self.residents.shape[1]
        later = self.rates.later.sel(chosen).transpose("age", "sample").to_numpy()
        return [rates * np.exp(np.sqrt(block) * later) for block in range(self.residents.shape[1])]


def age_quality(ages: AgeShares, forecast: Forecast) -> pd.DataFrame:
    """Return crime_level, crime_type, basis, quality and split_share, of minor and major types and of all.

    Offences of minor types of quality `none` are wholly "not known or not applicable" in what they add up to, so the
    groups of a total come from its other parts alone: its quality is the worst of these, and `split_share` the share
    of its expected offences that they make up. `none` where no part is split.
    """
    minors = forecast.mean["crime_type"].to_numpy()
    expected = forecast.mean.sum(["ward", "month"]).to_numpy() + forecast.unlocated.sum(["area", "month"]).to_numpy()
    majors = forecast.mean["major_type"].to_numpy()
    totals = [("minor", minor, minors == minor) for minor in minors]
    totals += [("major", major, majors == major) for major in pd.unique(majors)]
    totals.append(("all", "all", np.ones(len(minors), dtype=bool)))
    rows = []
    for basis in BASES:
        qualities = np.array([ages.quality(minor, basis) for minor in minors])
        for crime_level, crime_type, members in totals:
            split = members & (qualities != "none")
            worst = max(qualities[split], key=QUALITIES.index) if split.any() else "none"
            share = expected[split].sum() / max(expected[members].sum(), 1e-9)
            rows.append((crime_level, crime_type, basis, worst, share))
    return pd.DataFrame(rows, columns=["crime_level", "crime_type", "basis", "quality", "split_share"])


def _of_blocks(by_year: xr.DataArray, months: pd.DatetimeIndex) -> np.ndarray:
    """Return residents, (ward, block, age), mean over the months of each block."""
    by_month = at_months(by_year, months).transpose("ward", "month", "age").to_numpy()
    lengths = sum_blocks(np.ones((1, len(months), 1)))
    return (sum_blocks(by_month) / lengths).astype(np.float32)


def _with_neighbours(residents: np.ndarray, tree: AreaTree) -> np.ndarray:
    boroughs = sum_groups(residents, tree.borough_of_ward)[tree.borough_of_ward]
    for instead in (boroughs, residents.sum(axis=0, keepdims=True)):
        residents = np.where(residents.sum(axis=-1, keepdims=True) > 0, residents, instead)
    return residents
