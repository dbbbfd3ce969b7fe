"""Judgements as factors on the forecast's own draws.

    factor of a month = 1 + begun x (multiplier of the draw - 1) where it happens in that draw, else 1

The multiplier is two-piece lognormal through its three quantiles; whether it happens is drawn with its chance.
Judgements that are tied err together and happen together. One of prevention is shrunk towards no effect by the grade of
its evidence: measured effects of chosen places regress to the mean.

Walk in: judgements and kept draws. Walk out: a factor by month, and multipliers of single wards by year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from models.draws.distribution import stream
from models.draws.kept import KeptDraws
from models.draws.stratified import uniforms
from models.forecast.years import MONTHS_A_YEAR
from planning.assumed import Errors, positive, row_of
from planning.demand.plan_demand import FactorOfMonth
from planning.folder.entries import FORCE, Judgement
from planning.folder.toml_file import month_of
from planning.folder.vocabulary import ALL

# What is left of the logarithm of an effect that was measured with evidence of each grade: see decision 31.
KEPT_BY_GRADE = {"trial": 0.75, "comparison": 0.5, "before and after": 0.35, "opinion": 0.2}


@dataclass(frozen=True, eq=False)
class Effect:
    """A judgement made ready.

    areas, types : what it acts on, true or false; wards : where it acts on a ward alone. begun : (month) 0 to 1.
    multiplier : (draw), one where it does not happen.
    """

    judgement: Judgement
    areas: np.ndarray
    types: np.ndarray
    wards: np.ndarray
    begun: np.ndarray
    multiplier: np.ndarray


def effect_of(
    judgement: Judgement, kept: KeptDraws, areas: pd.DataFrame, majors: Mapping[str, str], errors: Errors, seed: int
) -> Effect:
    """Return what a judgement does in each draw."""
    months = pd.DatetimeIndex(kept.by_month["month"].to_numpy())
    types = [str(name) for name in kept.by_month["crime_type"].to_numpy()]
    on_types = np.array([judgement.crime in (ALL, name, majors[name]) for name in types])
    wards = kept.by_year["ward"].to_numpy() == judgement.area
    codes = kept.by_month["area_code"].to_numpy()
    return Effect(
        judgement,
        np.isin(codes, codes_of(judgement.area, areas)),
        on_types,
        wards,
        begun_of(judgement, months),
        _multiplier(judgement, errors, seed),
    )


def factor_of(effects: Sequence[Effect], kept: KeptDraws, multipliers: np.ndarray | None) -> FactorOfMonth:
    """Return the product of judgements by month, broadcastable to (area, crime type, draw).

    multipliers : of wards, (ward, crime type, year, draw), as `ward_multipliers` gives them. A borough's months move by
    what the year of its wards comes to.
    """
    wide = [effect for effect in effects if not effect.wards.any()]
    of_boroughs = None if multipliers is None else _of_boroughs(multipliers, kept)

    def factor(month: int) -> np.ndarray:
        found = np.ones((kept.by_month.sizes["area"], kept.by_month.sizes["crime_type"], kept.by_month.sizes["draw"]))
        for effect in wide:
            on = effect.areas[:, None, None] & effect.types[None, :, None]
            found *= np.where(on, 1 + effect.begun[month] * (effect.multiplier - 1), 1.0)
        year = month // MONTHS_A_YEAR
        if of_boroughs is not None and year < of_boroughs.shape[2]:
            found[: len(of_boroughs)] *= of_boroughs[:, :, year]
        return found

    return factor


def ward_multipliers(effects: Sequence[Effect], kept: KeptDraws) -> np.ndarray | None:
    """Return what judgements on single wards multiply their years by, (ward, crime type, year, draw); None without any.

    They are of whole years: a year takes the mean of its months.
    """
    of_wards = [effect for effect in effects if effect.wards.any()]
    if not of_wards:
        return None
    found = np.ones(kept.by_year.shape)
    for effect in of_wards:
        for year in range(kept.by_year.sizes["year"]):
            begun = effect.begun[year * MONTHS_A_YEAR : (year + 1) * MONTHS_A_YEAR].mean()
            on = effect.wards[:, None, None] & effect.types[None, :, None]
            found[:, :, year] *= np.where(on, 1 + begun * (effect.multiplier - 1), 1.0)
    return found


def _of_boroughs(multipliers: np.ndarray, kept: KeptDraws) -> np.ndarray:
    """Return by borough, crime type, year and draw what its wards' multipliers come to."""
    counts = kept.by_year.to_numpy()
    boroughs = [str(code) for code in dict.fromkeys(kept.by_month["area_code"].to_numpy())]
    of_ward = np.array([boroughs.index(code) for code in kept.by_year["borough_code"].to_numpy()])
    number = int((kept.by_month["measure"] == "located").sum())
    before, after = (np.zeros((number, *counts.shape[1:])) for _ in range(2))
    np.add.at(before, of_ward, counts)
    np.add.at(after, of_ward, counts * multipliers)
    return np.divide(after, before, out=np.ones_like(before), where=before > 0)


def codes_of(area: str, areas: pd.DataFrame) -> list[str]:
    """Return the codes of boroughs, or of the force as well, that an area covers."""
    force = {FORCE, *areas["force_code"], *areas["force_name"]}
    if area in force:
        return [*areas["borough_code"].unique(), *areas["force_code"].unique()]
    inside = (areas[["borough_code", "borough_name", "bcu_code", "bcu_name"]] == area).any(axis=1)
    return list(areas.loc[inside, "borough_code"].unique())


def begun_of(judgement: Judgement, months: pd.DatetimeIndex) -> np.ndarray:
    """Return how much of a judgement acts in each month, 0 to 1, by its shape.

    A step holds from its first month to its last, or for good; a ramp grows evenly to its last month, or over a year,
    and holds; a pulse holds from its first month to its last.
    """
    first = month_of(judgement.first_month)
    last = month_of(judgement.last_month) if judgement.last_month else None
    since = ((months.year - first.year) * 12 + months.month - first.month).to_numpy()
    if judgement.shape == "ramp":
        length = 12 if last is None else (last.year - first.year) * 12 + last.month - first.month + 1
        return np.clip((since + 1) / length, 0, 1)
    return ((since >= 0) & (last is None or months <= last)).astype(float)


def _multiplier(judgement: Judgement, errors: Errors, seed: int) -> np.ndarray:
    group = f"judgement {judgement.tied_to or judgement.id}"
    drawn = positive(row_of(judgement.multiplier.model_dump(), group), errors)[0]
    if judgement.kind == "prevention":
        drawn = drawn ** KEPT_BY_GRADE[judgement.grade]
    drawn = np.broadcast_to(drawn, errors.draws)
    if judgement.chance == 1:
        return drawn
    happens = uniforms(stream(seed, f"chance of {group}"), (errors.draws,)) < judgement.chance
    return np.where(happens, drawn, 1.0)


def expected(kept: KeptDraws, effect: Effect) -> xr.DataArray:
    """Return offences of the cells that an effect acts on, (month, draw), before it acts."""
    if effect.wards.any():
        return kept.by_year[effect.wards][:, effect.types].sum(("ward", "crime_type"))
    return kept.by_month[effect.areas][:, effect.types].sum(("area", "crime_type"))
