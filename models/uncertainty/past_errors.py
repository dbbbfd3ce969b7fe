"""Past errors: what the model would have said at earlier origins, beside what came.

Walks in: a model and a panel as known at the origin. Walks out: for each level of area the cases that its errors show,
given what came at the level above: boroughs are judged as if the force had been right, wards as if their borough had.
So each level shows only its own errors. The force is judged on all that was recorded, so that lost locations are no
error of its path.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr

from features.area_counts import sum_groups
from features.panel import Panel
from features.rolling_origin import RollingOrigin
from models.forecast.hierarchy import AreaTree
from models.forecast.same_definition import same_definition
from models.recipes.model import Model
from models.uncertainty.shared_past import SharedPast

SPACING = 3  # months between past origins
WARD_SPACING = 6  # and at ward level, where there are cases enough
FIRST_ORIGIN = 24  # months of history before the first
HALF_LIFE = 18.0  # months; how fast past origins lose weight
TINY = 1e-9


@dataclass(frozen=True)
class Case:
    """One past origin at one level: arrays (area, crime type, month ahead), `usable` (month ahead) bool.

    `weight` is how much its errors count: forecasts of long ago knew less history, and those times were others.
    """

    came: np.ndarray
    expected: np.ndarray
    usable: np.ndarray
    weight: float = 1.0

    def all_types(self) -> Case:
        """Return the case of all crime types together."""
        return replace(
            self, came=self.came.sum(axis=1, keepdims=True), expected=self.expected.sum(axis=1, keepdims=True)
        )


@dataclass(frozen=True)
class PastErrors:
    """Cases by level of area, and of offences with no known ward."""

    force: list[Case] = field(default_factory=list)
    borough: list[Case] = field(default_factory=list)
    ward: list[Case] = field(default_factory=list)
    unlocated: list[Case] = field(default_factory=list)


def past_errors(model: Model, known: Panel, horizon: int, shared: SharedPast | None = None) -> PastErrors:
    """Return the errors of the model at past origins, up to `horizon` months ahead.

    Origins and months of a disruption are left out: they are not what the next years are expected to be like.
    `shared`: what other origins of the same history have in common with this one.
    """
    borough = AreaTree.of(known.areas).borough_of_ward
    last = len(known.months)
    splitter = RollingOrigin(
        horizon, SPACING, shortest=FIRST_ORIGIN, whole=False, breaks=known.breaks, quiet_before=1, keep_part=True
    )
    splits = list(splitter.split(known.months))[::-1]  # newest first
    origins = [known.months[len(seen) - 1] for seen, _ in splits]
    lengths = [min(horizon, last - len(seen)) for seen, _ in splits]
    errors = PastErrors()
    told = (shared or SharedPast()).of_origins(model, known, origins, lengths)
    for (seen, ahead), length, said in zip(splits, lengths, told, strict=True):
        past = len(seen)
        usable = np.isin(np.arange(past, past + length), ahead)
        came = known.offences.transpose("ward", "crime_type", "month").to_numpy()[:, :, past : past + length]
        weight = 0.5 ** ((last - past) / HALF_LIFE)
        wards = (last - past) % WARD_SPACING == 0
        add_levels(errors, Case(came.astype(float), said.mean, usable, weight), borough, wards=wards)
        lost, lost_came = _lost(known, said.unlocated, said.trend, past)
        force = errors.force[-1]
        errors.force[-1] = replace(force, came=force.came + lost_came, expected=force.expected + lost)
        _add_unlocated(errors, known, said.unlocated, past, usable, weight)
    return errors


def add_levels(errors: PastErrors, wards_alone: Case, borough: np.ndarray, *, wards: bool) -> None:
    """Add the errors of one past origin at every level, each given what came at the level above.

    `borough`: (ward) positions of boroughs; `wards`: whether to add the wards' own.
    """
    came, mean = wards_alone.came, wards_alone.expected
    of_borough, of_borough_came = sum_groups(mean, borough), sum_groups(came, borough)
    of_force, of_force_came = mean.sum(axis=0, keepdims=True), came.sum(axis=0, keepdims=True)
    errors.force.append(replace(wards_alone, came=of_force_came, expected=of_force))
    given_force = of_force_came / np.maximum(of_force, TINY)
    errors.borough.append(replace(wards_alone, came=of_borough_came, expected=of_borough * given_force))
    if wards:
        given_borough = of_borough_came / np.maximum(of_borough, TINY)
        errors.ward.append(replace(wards_alone, expected=mean * given_borough[borough]))


def _lost(known: Panel, level: xr.DataArray, trend: xr.DataArray, past: int) -> tuple[np.ndarray, np.ndarray]:
    """Return offences of the force with no known ward, expected and as they came, (1, crime type, month ahead).

    Zeros where they were not published at the origin, or not in every month since: only like is held against like.
    """
    unlocated = known.unlocated.transpose("area", "crime_type", "month").to_numpy()
    length = trend.sizes["month"]
    published = np.isfinite(unlocated).any(axis=(0, 1))[past - 1 : past + length]
    expected = (level.sum("area") * trend).transpose("crime_type", "month").to_numpy()[None]
    if not published.all():
        return np.zeros_like(expected), np.zeros_like(expected)
    return expected, np.nansum(unlocated[:, :, past : past + length], axis=0)[None]


def _add_unlocated(
    errors: PastErrors, known: Panel, level: xr.DataArray, past: int, usable: np.ndarray, weight: float
) -> None:
    """Add areas that were forecast, in the months whose unlocated offences are of the same kind as at the origin."""
    unlocated = known.unlocated.transpose("area", "crime_type", "month").to_numpy()
    came = unlocated[:, :, past : past + len(usable)]
    expected = level.reindex(area=known.unlocated["area"]).transpose("area", "crime_type").to_numpy()
    steady = np.repeat(expected[:, :, None], len(usable), axis=2)
    alike = same_definition(np.isfinite(unlocated).any(axis=1), past - 1)[:, past : past + len(usable)] & usable
    # A case's months are those of all its areas, so areas that changed at different times make different cases.
    for months in np.unique(alike[alike.any(axis=1)], axis=0):
        areas = (alike == months).all(axis=1)
        errors.unlocated.append(Case(came[areas], steady[areas], months, weight))
