"""Draws: joint, whole-numbered possible futures around the expectation.

Walks in: a forecast, whose noise was estimated from past errors. Walks out: draws of one crime type at a time,
(ward and unlocated area, month, draw).

    rate = expectation x force shock x borough shock x ward shock, each the product of one common to all crime types
           and one of the type alone, x shock of the strength with which demand follows population
    draw ~ negative binomial: a Poisson count of the rate times a gamma shock of the single ward and month

Offences with no known ward have the same crime shocks as the rest, and a shock of their own of how many wards are not
known, which takes from located offences what it adds to them (`models.draws.known_wards`).

Shocks have mean one and persist: the logarithm of a shock is a constant error of the level, plus a random walk that
drifts from month to month, plus an error of the single month, all normal. So the error of a year's total is that of
its months together, and intervals of sums are honest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from features.area_counts import sum_groups
from models.draws.known_wards import KnownWards
from models.draws.shocks import shock_path
from models.draws.stratified import normals, poisson
from models.forecast.forecast import Forecast
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import COMPONENTS, relief
from models.forecast.years import sum_years


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream of a name.

    One of its own for every crime type, by name and not by number, so that draws depend neither on the order of work
    nor on which other crime types there are.
    """
    return np.random.Generator(np.random.SFC64([seed, *name.encode()]))


def negative_binomial(generator: np.random.Generator, rate: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    """Return counts, int32 of the shape of `rate`, with mean rate and variance rate + dispersion x rate^2.

    A Poisson count of a gamma rate (Greenwood and Yule 1920). `rate`, (place, ...), becomes the gamma rate;
    `dispersion`, (place), is zero everywhere or nowhere.
    """
    if dispersion.any():
        per_place = dispersion.astype(np.float32).reshape(-1, *[1] * (rate.ndim - 1))
        rate *= generator.standard_gamma(1 / per_place, rate.shape, dtype=np.float32)
        rate *= per_place
    return poisson(generator, rate)


@dataclass(frozen=True)
class Draws:
    """Draws of one crime type: `counts`, (ward then unlocated area, month, draw) int32, and the Poisson rates that made
    them, `located` and `unlocated`, float32."""

    counts: np.ndarray
    located: np.ndarray
    unlocated: np.ndarray

    @cached_property
    def counts_by_year(self) -> np.ndarray:
        """Sums of counts by whole year ahead, (ward then unlocated area, year, draw)."""
        return sum_years(self.counts)

    @cached_property
    def rates_by_year(self) -> np.ndarray:
        """Sums of rates by whole year ahead, (ward then unlocated area, year, draw)."""
        return np.concatenate([sum_years(self.located), sum_years(self.unlocated)])


class StrengthShock:
    """What a draw's strength of population does to rates, the same strength for all wards, types and scenarios.

    With exposure F and strength s ~ Normal(mean, sd^2), F^s = F^mean x exp(sd z ln F), whose mean over draws is
    exp((sd ln F)^2 / 2) too high; taken off, the expectation stays the product of the named factors.
    """

    def __init__(self, forecast: Forecast, generator: np.random.Generator, draws: int) -> None:
        self.sd = forecast.strength_sd if forecast.exposure is not None else 0.0
        self.normal = normals(generator, (draws,))

    def log(self, forecast: Forecast, crime_type: str) -> np.ndarray:
        """Return the logarithm of the mean-one shock under a forecast's exposure, (ward, month, draw)."""
        assert forecast.exposure is not None
        exposure = forecast.exposure
        if "crime_type" in exposure.dims:
            exposure = exposure.sel(crime_type=crime_type)
        by_month = exposure.transpose("ward", "month").to_numpy().astype(np.float32)
        # Nobody left means no demand, whatever the strength: any finite logarithm will do.
        logs = self.sd * np.log(np.maximum(by_month, 1e-6))[:, :, None]
        log_shock = logs * self.normal
        log_shock -= logs**2 / 2
        return log_shock


class Drawer:
    """Draws of one forecast, the same for each crime type in whatever order or thread it is asked."""

    def __init__(self, forecast: Forecast, tree: AreaTree, *, draws: int, seed: int) -> None:
        self.forecast, self.tree, self.draws, self.seed = forecast, tree, draws, seed
        self.mean = forecast.mean.astype(np.float32)
        self.months = self.mean.sizes["month"]
        volume = self.mean.mean("month").sum("crime_type").to_numpy()
        self._common = self._to_wards(self._shocks(forecast.noise.common, volume, self.generator("common")))
        self.strength = StrengthShock(forecast, self.generator("strength"), draws)
        self.known_wards = KnownWards(forecast, tree, draws)

    def draw(self, crime_type: str) -> Draws:
        """Return the draws of one crime type."""
        generator = self.generator(crime_type)
        expected = self.mean.sel(crime_type=crime_type).to_numpy()
        own = self.forecast.noise.own.sel(crime_type=crime_type)
        of_single_month = own.sel(component="ward", part="month").to_numpy()
        volume = expected.mean(axis=1)
        rate = self._to_wards(self._shocks(own, volume, generator))
        rate *= self._common
        rate *= expected[:, :, None]
        if self.strength.sd:
            log_shock = self.strength.log(self.forecast, crime_type)
            rate *= np.exp(log_shock, out=log_shock)
            del log_shock
        # A stream of its own, begun anew for each crime type, so that all share its shocks.
        unlocated = self.known_wards.split(crime_type, rate, generator, self.generator("known wards"))
        dispersion = np.expm1(of_single_month * relief(volume, "ward"))
        located = negative_binomial(generator, rate, dispersion)
        counts = np.concatenate([located, poisson(generator, unlocated)])
        return Draws(counts, rate, unlocated)

    def _shocks(
        self, variances: xr.DataArray, volume: np.ndarray, generator: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Return the shocks of each component; those of a single ward and month are left to the counts."""
        volumes = {
            "force": volume.sum(keepdims=True),
            "borough": sum_groups(volume, self.tree.borough_of_ward),
            "ward": volume,
        }
        shocks = {}
        for component in COMPONENTS:
            variance = variances.sel(component=component).to_numpy().copy()
            if component == "ward" and "crime_type" in variances.coords:
                variance[-1] = 0.0
            scale = relief(volumes[component], component)
            shocks[component] = shock_path(generator, variance, scale, self.months, self.draws)
        return shocks

    def _to_wards(self, shocks: dict[str, np.ndarray]) -> np.ndarray:
        joint = shocks["ward"]
        joint *= (shocks["force"] * shocks["borough"])[self.tree.borough_of_ward]
        return joint

    def generator(self, name: str) -> np.random.Generator:
        """Return the random stream of a name."""
        return stream(self.seed, name)
