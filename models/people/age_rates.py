"""Age-specific rates: how many people of each single year of age suffer or are suspected of each crime type.

Walks in: a panel as known at the origin, whose `age_evidence` counts people by bands of age, and residents by single
year of age. Walks out: `AgeRates`: smooth curves by basis and crime type with joint samples, the share of offences
that has a person of known age, and the quality of each. docs/ages.md tells how far they can be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd
import xarray as xr

from features.panel import Panel
from models.forecast.vocabulary import BASES
from models.people.age_curves import AGES, FittedGroup, fit_groups
from models.people.borough_factors import borough_factors, residents_of_boroughs
from models.people.evidence_groups import FEW, MEASURED, NONE, PROXY, evidence_groups
from sources.crime.incidents import RECORD_LEVEL_EXTRACT

QUALITIES = (MEASURED, FEW, PROXY, NONE)
LOW, HIGH = 0.1, 0.9
SMALL_PART = 0.1  # of the offences of a group: its ages may be quite others

_NO_EVIDENCE = "Nothing says how old these people are."


@dataclass(frozen=True, eq=False)
class AgeRates:
    """Rates by age of one force.

    rate : (basis, crime_type, age) people a year per resident of that age, over the evidence's own period. Missing
        where the evidence is silent on an age (victims under ten where these are not published) and for types of
        quality `none`; zero where nobody can be counted (suspects under ten).
    samples : (sample, basis, crime_type, age) the same, joint draws of its uncertainty; types that share a published
        group share its draws.
    known_share : (basis, crime_type) share of offences that have a person of known age in that basis; the rest is
        "not known or not applicable". Zero for types of quality `none`.
    known_share_samples : (sample, basis, crime_type) the same, draws.
    quality : crime_type, basis, quality (`measured|few|proxy|none`), people (counted by age, of the whole group where
        several types share one), source (in words), note; one row a type and basis.
    borough_factor : (basis, crime_type, borough, age) factor on the force's rates for who the people of a borough are;
        None where no record-level extract tells, which is one throughout.
    later : (sample, basis, crime_type, age) the logarithm of a factor by which rates drift in a year; years after the
        first take it times the root of the years since. None where no record-level extract tells: nought throughout.
    """

    rate: xr.DataArray
    samples: xr.DataArray
    known_share: xr.DataArray
    known_share_samples: xr.DataArray
    quality: pd.DataFrame
    borough_factor: xr.DataArray | None = None
    later: xr.DataArray | None = None


def fit_age_rates(known: Panel, residents_by_age: xr.DataArray, *, samples: int = 200, seed: int = 1) -> AgeRates:
    """Return the rates by age that the evidence known at the origin supports.

    known : the panel as known at the origin. residents_by_age : (ward, age 0..90, year) persons on 30 June; evidence of
    years outside takes the nearest of them.

    Raises
    ------
    InputError
        If an age has no residents.
    """
    fitted = fit_age_groups(known, residents_by_age, samples=samples, seed=seed)
    return replace(_assembled(fitted, known, samples), borough_factor=_by_borough(fitted, known, residents_by_age))


def fit_age_groups(
    known: Panel, residents_by_age: xr.DataArray, *, samples: int = 200, seed: int = 1
) -> list[FittedGroup]:
    """Return the rates by age of every group of people counted together; arguments and errors as of `fit_age_rates`."""
    generator = np.random.default_rng(seed)
    residents = residents_by_age.sum("ward").transpose("age", "year")
    groups = list(evidence_groups(known.age_evidence, known.crime_types))
    fitted: list[FittedGroup] = []
    for _, same in groupby(groups, key=lambda group: (group.basis, group.source)):
        fitted += fit_groups(list(same), known, residents, samples, generator)
    return fitted


def rates_table(rates: AgeRates) -> pd.DataFrame:
    """Return crime_type, basis, age, rate, low, high: people a year per 1,000 residents of that age, 80 % interval.

    Ages and types without a rate are absent.
    """
    low, high = rates.samples.fillna(0.0).quantile([LOW, HIGH], "sample").drop_vars("quantile")
    table = (1000 * xr.Dataset({"rate": rates.rate, "low": low, "high": high})).to_dataframe().reset_index()
    return table.dropna()[["crime_type", "basis", "age", "rate", "low", "high"]].reset_index(drop=True)


def _assembled(fitted: Sequence[FittedGroup], known: Panel, samples: int) -> AgeRates:
    types = known.crime_types["crime_type"].to_numpy(object)
    coordinates = {"basis": list(BASES), "crime_type": types, "age": AGES}
    by_type = np.full((1 + samples, len(BASES), len(types), len(AGES)), np.nan)
    shares = np.zeros((1 + samples, len(BASES), len(types)))
    words = {(basis, crime_type): (NONE, 0, "No open data", _NO_EVIDENCE) for basis in BASES for crime_type in types}
    later = None
    if any(fit.later is not None for fit in fitted):
        later = xr.zeros_like(xr.DataArray(by_type[1:], dims=("sample", *coordinates), coords=coordinates), "float32")
    for fit in fitted:
        basis = BASES.index(fit.group.basis)
        for crime_type in fit.group.members:
            place = known.crime_types.index[types == crime_type][0]
            by_type[:, basis, place] = np.vstack([fit.rate, fit.samples]) * fit.share_of_offences[crime_type]
            shares[:, basis, place] = np.append(fit.known_share, fit.known_share_samples)
            words[fit.group.basis, crime_type] = (*_quality(fit, crime_type), fit.group.note)
            if later is not None and fit.later is not None:
                later[:, basis, place] = fit.later
    quality = pd.DataFrame(
        [(crime_type, basis, *words[basis, crime_type]) for crime_type in types for basis in BASES],
        columns=["crime_type", "basis", "quality", "people", "source", "note"],
    )
    rate = xr.DataArray(by_type, dims=("sample", *coordinates), coords=coordinates, name="rate")
    share = xr.DataArray(
        shares, dims=("sample", "basis", "crime_type"), coords={"basis": list(BASES), "crime_type": types}
    ).rename("known_share")
    return AgeRates(rate[0], rate[1:], share[0], share[1:], quality, later=later)


def _quality(fit: FittedGroup, crime_type: str) -> tuple[str, int, str]:
    """Return the quality of a type's ages, people behind it and source: a group tells little of a small part of it."""
    small = fit.share_of_offences[crime_type] < SMALL_PART
    return PROXY if small else fit.group.quality, fit.group.people, fit.group.words


def _by_borough(fitted: Sequence[FittedGroup], known: Panel, residents_by_age: xr.DataArray) -> xr.DataArray | None:
    of_extract = [fit for fit in fitted if fit.group.source == RECORD_LEVEL_EXTRACT]
    if not of_extract:
        return None
    residents = residents_of_boroughs(residents_by_age, known)
    types = known.crime_types["crime_type"].to_numpy(object)
    coordinates = {"basis": list(BASES), "crime_type": types, "borough": residents["borough"].to_numpy(), "age": AGES}
    factor = xr.DataArray(1.0, dims=tuple(coordinates), coords=coordinates, name="borough_factor")
    for fit in of_extract:
        for crime_type in fit.group.members:
            factor.loc[fit.group.basis, crime_type] = borough_factors(fit, residents)
    return factor
