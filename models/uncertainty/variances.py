"""Variances of shocks by maximum likelihood, from past errors.

Walks in: past errors of a model. Walks out: its `Noise`. At each level of area the variance of single months, of
spans of the horizon and of whole years together tell apart what stays, what drifts and what passes. A crime type's
variances are drawn towards those of all types, since no type alone has errors enough.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline
from scipy.optimize import minimize
from scipy.special import gammaln

from features.area_counts import sum_groups
from features.history import YEAR
from features.panel import Panel
from features.revisions import typical_revision
from models.forecast.for_each import ForEach, in_turn
from models.forecast.hierarchy import AreaTree
from models.forecast.noise import COMPONENTS, PARTS, Noise, relief
from models.recipes.model import Model
from models.uncertainty.found_steps import doubt, found_steps
from models.uncertainty.past_errors import FIRST_ORIGIN, WARD_SPACING, Case, PastErrors, past_errors
from models.uncertainty.shared_past import SharedPast
from sources.files.errors import InputError

# At most this share of a change in the newest month goes into the level of a crime type (theft from the person, when
# the newest month of London is raised); a tenth is usual.
NEWEST_MONTH_WEIGHT = 0.4
LONGEST_JUDGED = 12  # months ahead; later months follow from the drift
GRID = np.geomspace(1e-6, 20, 36)  # relative variances on which likelihoods are tabulated
TYPE_SPREAD = 0.6  # prior standard deviation, in logarithms, of a type's variances around those of all types
CELLS_AT_ONCE = 30_000  # values of a likelihood worked out in one go: few enough for a processor's own memory
OVERLAP = 4.0  # origins lie three months apart and are judged on years, so each error is seen about four times
LEAST_SHARE = 0.1  # of a level's variance that is left to it, whatever the levels below bring
# The search may settle on a shock that passes where one that stays is likelier, so it starts from each in turn.
STARTS = np.log([[0.005, 0.0005, 0.005], [0.02, 0.0001, 0.001], [0.001, 0.0001, 0.02], [0.001, 0.002, 0.001]])

STEP_IN_DOUBT = 6  # months for which a step that is found and not listed widens intervals

Span = tuple[int, int, bool]


def estimate_noise(model: Model, known: Panel, for_each: ForEach = in_turn, shared: SharedPast | None = None) -> Noise:
    """Return the noise of the model's forecasts, from past origins of a panel as known at the origin.

    `for_each` tabulates the likelihoods of each crime type, `shared` keeps what other origins of the same history have
    in common with this one; the result depends on neither.

    Raises
    ------
    InputError
        When the history is too short for the model's errors to be judged at any past origin.
    """
    shared = shared or SharedPast()
    errors = past_errors(model, known, LONGEST_JUDGED, shared)
    if not errors.ward:
        raise InputError(
            f"The history up to {known.last_month:%Y-%m} holds {len(known.months)} usable months, too few to learn how "
            "far forecasts err",
            remedy=f"Supply at least {FIRST_ORIGIN + WARD_SPACING} months before the origin, or choose a later origin.",
        )
    volume = known.offences.isel(month=slice(-YEAR, None)).mean("month").transpose("ward", "crime_type").to_numpy()
    noise = noise_of_errors(
        errors,
        known.offences["crime_type"].to_numpy(),
        volume,
        AreaTree.of(known.areas).borough_of_ward,
        for_each,
        shared,
    )
    revision = NEWEST_MONTH_WEIGHT * typical_revision(known.revisions)
    noise.common.loc[{"component": "force", "part": "level"}] += revision**2
    # While a step is not listed, nobody knows whether what came after it will stay.
    in_doubt = doubt(found_steps(known, recent=STEP_IN_DOUBT), known.offences["crime_type"].to_numpy())
    noise.own.loc[{"component": "force", "part": "level"}] += in_doubt
    return noise


def noise_of_errors(
    errors: PastErrors,
    crime_types: np.ndarray,
    volume: np.ndarray,
    borough: np.ndarray,
    for_each: ForEach = in_turn,
    shared: SharedPast | None = None,
) -> Noise:
    """Return the noise that past errors show; they may as well be of weeks, the periods then being weeks throughout.

    `volume`: (ward, crime type) a typical period's counts; `borough`: (ward) positions, see `AreaTree`.
    """
    shared = shared or SharedPast()
    fitted = {
        component: (
            _fit(getattr(errors, component), component, for_each, shared),
            _fit(_together(errors, component), component, for_each, shared),
        )
        for component in COMPONENTS
    }
    own, common = _apart(fitted, volume, borough)
    parts = {"part": list(PARTS)}
    return Noise(
        common=xr.DataArray(common, dims=("component", "part"), coords={"component": list(COMPONENTS), **parts}),
        own=xr.DataArray(
            np.moveaxis(own, 1, 2),
            dims=("component", "part", "crime_type"),
            coords={"component": list(COMPONENTS), **parts, "crime_type": crime_types},
        ),
        unlocated=xr.DataArray(
            _fit_unlocated(errors, fitted["borough"][0], for_each, shared).T,
            dims=("part", "crime_type"),
            coords={**parts, "crime_type": crime_types},
        ),
    )


def spans(horizon: int) -> list[Span]:
    """Return the spans of the horizon that are judged: first and last month ahead, and whether as one sum."""
    years = [(YEAR * year + 1, YEAR * (year + 1)) for year in range(horizon // YEAR)]
    within_the_first = [(1, 1), (2, 3), (4, 6), (7, 9), (10, 12)]
    return [(*ends, False) for ends in [*within_the_first, *years[1:]]] + [(*ends, True) for ends in years]


def loadings(judged: list[Span]) -> np.ndarray:
    """Return how much of level, drift and month the log variance of each span holds, (span, part).

    A random walk's covariance of months h and k is the smaller of h and k.
    """
    rows = []
    for first, last, summed in judged:
        ahead = np.arange(first, last + 1)
        rows.append([1, np.minimum.outer(ahead, ahead).mean(), 1 / len(ahead)] if summed else [1, ahead.mean(), 1])
    return np.array(rows)


def likelihoods(
    cases: list[Case], component: str, for_each: ForEach = in_turn, shared: SharedPast | None = None
) -> np.ndarray:
    """Return log-likelihoods, (crime type, span, grid), of negative binomial counts with each dispersion of GRID.

    Cases count by their weights; `shared` has the tables of those that were seen before.
    """
    crime_types = range(cases[0].came.shape[1])

    def tabulate(new: list[int]) -> list[np.ndarray]:
        tables = dict(for_each(likelihoods_of_type, ([cases[number] for number in new], component), crime_types))
        return list(np.stack([tables[crime_type] for crime_type in crime_types], axis=1))

    arrays = [(component, case.came, case.expected, case.usable) for case in cases]
    total = np.zeros((len(crime_types), len(spans(LONGEST_JUDGED)), len(GRID)))
    for case, table in zip(cases, (shared or SharedPast()).of_cases(arrays, tabulate), strict=True):
        total += case.weight * table
    return total / OVERLAP


def likelihoods_of_type(judged: tuple[list[Case], str], crime_type: int) -> np.ndarray:
    """Return the log-likelihoods, (case, span, grid), of one crime type, by its number, in cases of a component."""
    cases, component = judged
    tables = np.zeros((len(cases), len(spans(LONGEST_JUDGED)), len(GRID)))
    for table, case in zip(tables, cases, strict=True):
        came, expected = case.came[:, crime_type][:, case.usable], case.expected[:, crime_type][:, case.usable]
        scale = relief(expected.mean(axis=1, keepdims=True), component)
        columns = _columns(case.usable)  # at least one: a month
        members = np.concatenate(list(columns.values()), axis=1)
        of_column = _log_likelihood(came @ members, np.maximum(expected @ members, 1e-4), scale)
        ends = np.cumsum([of_span.shape[1] for of_span in columns.values()])
        for place, of_span in zip(columns, np.split(of_column, ends[:-1], axis=1), strict=True):
            table[place] = of_span.sum(axis=1)
    return tables


def most_likely(table: np.ndarray) -> np.ndarray:
    """Return the variances, (crime type, part), of highest likelihood, each type's drawn towards those of all.

    All types judged as one are drawn out by the wildest among them, so a second pass draws each type towards the mean
    of all types' logarithms that the first has found.
    """
    load, grid = loadings(spans(LONGEST_JUDGED)), np.log(GRID)

    def value(likelihood: CubicSpline, log_variances: np.ndarray) -> float:
        dispersion = np.log(np.expm1(np.minimum(load @ np.exp(log_variances), 3.0)))
        return float(likelihood(np.clip(dispersion, grid[0], grid[-1])).diagonal().sum())

    def plausible(log_variances: np.ndarray) -> float:
        return 0.05 * float((np.maximum(np.abs(log_variances + 6) - 6, 0) ** 2).sum())

    # A spline, since a likelihood joined by straight lines traps the search at the corners of the grid.
    everyone, *each = (CubicSpline(grid, one.T) for one in (table.sum(axis=0), *table))

    def loss(log_variances: np.ndarray) -> float:
        return plausible(log_variances) - value(everyone, log_variances)

    pooled = min((_search(loss, start) for start in STARTS), key=loss)
    if len(table) == 1:
        return np.exp(pooled)[None]
    centre, found = pooled, np.empty((len(table), len(PARTS)))
    for _ in range(2):
        found = np.array([_search(partial(_drawn_towards, centre, partial(value, one)), centre) for one in each])
        centre = found.mean(axis=0)
    return np.exp(found)


def _drawn_towards(pooled: np.ndarray, value: Callable[[np.ndarray], float], log_variances: np.ndarray) -> float:
    return ((log_variances - pooled) ** 2).sum() / (2 * TYPE_SPREAD**2) - value(log_variances)


def _search(loss: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    return minimize(loss, start, method="Nelder-Mead", options={"xatol": 0.02, "fatol": 0.02, "maxiter": 400}).x


def _columns(usable: np.ndarray) -> dict[int, np.ndarray]:
    """Return the sums of months that are judged, (usable month, column) of 0 and 1, by the place of their span."""
    months = np.eye(len(usable))[usable]
    columns = {}
    for place, (first, last, summed) in enumerate(spans(LONGEST_JUDGED)):
        chosen = months[:, first - 1 : last][:, usable[first - 1 : last]]
        if not summed and chosen.shape[1]:
            columns[place] = chosen
        elif summed and chosen.shape[1] > last - first:
            columns[place] = chosen.sum(axis=1, keepdims=True)
    return columns


def _log_likelihood(came: np.ndarray, expected: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return log-likelihoods of counts (area, column) summed over areas, (grid, column); scale is (area, 1)."""
    found, log_expected = [], np.log(expected)
    # Many dispersions at once where cells are few; not all where they are many, which would fill memory.
    for dispersion in np.array_split(GRID, min(len(GRID), 1 + len(GRID) * came.size // CELLS_AT_ONCE)):
        size = 1 / (dispersion[:, None, None] * scale)
        each = gammaln(came + size) - gammaln(size) - (size + came) * np.log1p(expected / size)
        found.append((each + came * (log_expected - np.log(size))).sum(axis=1))
    return np.concatenate(found)


def _together(errors: PastErrors, component: str) -> list[Case]:
    return [case.all_types() for case in getattr(errors, component)]


def _fit(cases: list[Case], component: str, for_each: ForEach, shared: SharedPast) -> np.ndarray:
    return most_likely(likelihoods(cases, component, for_each, shared))


def _fit_unlocated(errors: PastErrors, of_boroughs: np.ndarray, for_each: ForEach, shared: SharedPast) -> np.ndarray:
    # The few errors of those who have just begun to publish may be small by chance, so boroughs' are the least.
    if not errors.unlocated:
        return of_boroughs
    return np.maximum(_fit(errors.unlocated, "force", for_each, shared), of_boroughs)


def _apart(
    fitted: dict[str, tuple[np.ndarray, np.ndarray]], volume: np.ndarray, borough: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return variances of each type's own shocks, (component, crime type, part), and of common ones, (component, part).

    What the shocks of areas below bring to an area's sum is taken off first. Then the variance of all types together
    tells how much of each type's is shared: independent shocks would shrink in the sum, a common one does not.
    """
    volumes = {
        "ward": volume,
        "borough": sum_groups(volume, borough),
        "force": volume.sum(axis=0, keepdims=True),
    }
    parents = {"ward": borough, "borough": np.zeros(borough.max() + 1, dtype=int)}
    own: dict[str, np.ndarray] = {}
    common: dict[str, np.ndarray] = {}
    below, below_common = np.zeros_like(fitted["ward"][0]), np.zeros(len(PARTS))
    for component, areas in volumes.items():
        of_type, of_all = fitted[component]
        total = np.maximum(of_type - below - below_common, LEAST_SHARE * of_type)
        mix = np.average(
            (areas / np.maximum(areas.sum(axis=1, keepdims=True), 1e-9)) ** 2,
            axis=0,
            weights=areas.sum(axis=1),
        )
        shared = (of_all[0] - below_common - mix @ (total + below)) / max(1 - mix.sum(), 1e-9)
        common[component] = np.clip(shared, 0, None)
        own[component] = np.maximum(total - common[component], LEAST_SHARE * total)
        if component in parents:
            left = _left_in_sums(areas, parents[component], component)[:, None]
            left_common = _left_in_sums(areas.sum(axis=1, keepdims=True), parents[component], component)
            below = left * (own[component] + below)
            below_common = left_common * (common[component] + below_common)
    return np.stack([own[one] for one in COMPONENTS]), np.stack([common[one] for one in COMPONENTS])


def _left_in_sums(volume: np.ndarray, parent: np.ndarray, component: str) -> np.ndarray:
    """Return the part of areas' independent relative variance that is left in their parents' sums, (crime type)."""
    total = sum_groups(volume, parent)
    part = sum_groups(volume**2 * relief(volume, component), parent) / np.maximum(total**2, 1e-9)
    return np.average(part, axis=0, weights=total + 1e-9)
