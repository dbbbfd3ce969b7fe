"""Smooth curves over single years of age from counts of people in bands of age: a penalised composite-link model.

Walks in: counts by band, with the person-years of each age in it. Walks out: a `Curve`: the logarithm of the rate at
each age as spline coefficients, with their posterior, from which joint samples are drawn.

The model (Eilers 2007, doi:10.1177/1471082X0700700302; Rizzi, Gampe & Eilers 2015, doi:10.1093/aje/kwv020):

    count of a band ~ Poisson(sum over its ages of person-years x exp(known shape + spline))

Neighbouring spline coefficients are held together by a penalty on their second differences, whose strength maximises
the marginal likelihood (Laplace's approximation), one for all curves given together, since three bands alone do not
tell how smooth a curve is. Where a shape is known, first differences are penalised too, from the age at which it
begins: the curve falls back to that shape, smoothly, as far as the counts allow.

Samples are of the posterior itself, not of its normal approximation: where nobody was recorded that approximation has
no bound, though residents among whom nobody was recorded bound a rate well (`slice_draws`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.preprocessing import SplineTransformer

from models.people.slice_draws import slice_draws

_KNOTS = 24  # intervals between knots: more change nothing, the penalty decides how smooth a curve is
_DEGREE = 3
_AGE_SHIFT = 5.0
_STRENGTHS = (-6.0, 12.0)  # bounds of the natural logarithm of the penalty's strength
_MOST_STEPS = 200
_SMALLEST_GAIN = 1e-9
# Standard deviation by which a log rate departs from its known shape over one unit of log(age + 5): that of homicide
# suspects and of people arrested after stops in London, who are counted by finer ages, from convictions in Scotland.
_DEPARTURE = 1.4
_NOBODY = np.finfo(float).tiny
_RIDGE = 1e-6  # keeps a straight line estimable where a single band has counts


@dataclass(frozen=True, eq=False)
class Grouped:
    """Counts of people in bands of age.

    count : (band,) people. person_years : (band, age) of the ages in each band, zero elsewhere. shape : (age,) known
    part of the log rate, zero where nothing is known.
    """

    count: np.ndarray
    person_years: np.ndarray
    shape: np.ndarray


@dataclass(frozen=True, eq=False)
class _Posterior:
    """The logarithm of the penalised likelihood of coefficients, which are held around `level`.

    people : (band, age) person-years x known shape. penalty : (coefficient, coefficient), of full rank.
    """

    count: np.ndarray
    people: np.ndarray
    basis: np.ndarray
    penalty: np.ndarray
    level: float

    def log_density(self, coefficients: np.ndarray) -> np.ndarray:
        """Return it for each set of coefficients, (..., coefficient); minus infinity where it cannot be told."""
        with np.errstate(all="ignore"):
            expected = np.exp(coefficients @ self.basis.T) @ self.people.T
            terms = np.where(self.count > 0, self.count * np.log(expected), 0.0) - expected
            centred = coefficients - self.level
            density = terms.sum(axis=-1) - ((centred @ self.penalty) * centred).sum(axis=-1) / 2
        return np.asarray(np.where(np.isfinite(density), density, -np.inf))


@dataclass(frozen=True, eq=False)
class Curve:
    """A fitted curve: log_rate (age,), the known part of it (shape), and what samples of the rest are drawn from."""

    log_rate: np.ndarray
    shape: np.ndarray
    coefficients: np.ndarray
    precision: np.ndarray
    posterior: _Posterior

    def sampled(self, number: int, generator: np.random.Generator) -> np.ndarray:
        """Return joint draws of the log rate, (sample, age)."""
        drawn = slice_draws(self.posterior.log_density, self.coefficients, self.precision, number, generator)
        return np.asarray(self.shape + drawn @ self.posterior.basis.T)


@dataclass(frozen=True, eq=False)
class _Fit:
    coefficients: np.ndarray
    precision: np.ndarray
    marginal: float
    posterior: _Posterior


def spline_basis(ages: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return cubic B-splines at the ages, (age, coefficient), and the age at which each of them peaks.

    Knots are evenly apart on the scale log(age + 5), on which curves turn about as sharply in the teens as later.
    """
    splines = SplineTransformer(_KNOTS + 1, degree=_DEGREE)
    basis = splines.fit_transform(np.log(ages + _AGE_SHIFT)[:, None])
    knots = splines.bsplines_[0].t
    return basis, np.exp(knots[(_DEGREE + 1) // 2 : -(_DEGREE + 1) // 2]) - _AGE_SHIFT


def fit_curves(groups: Sequence[Grouped], ages: np.ndarray, shape_from: float = np.inf) -> list[Curve]:
    """Return one curve for each group, all of one strength of smoothing.

    ages : those that the columns of `person_years` and `shape` stand for. shape_from : age from which the curves fall
    back to their shape.
    """
    basis, peaks = spline_basis(ages)
    turns, steps = _penalties(peaks, shape_from)

    reached: list[_Fit | None] = [None] * len(groups)  # fits of one strength are close to those of the next

    def fits_of(log_strength: float) -> list[_Fit]:
        penalty = np.exp(log_strength) * turns + steps
        fits = [_fitted(group, basis, penalty, near) for group, near in zip(groups, reached, strict=True)]
        reached[:] = fits
        return fits

    chosen = minimize_scalar(
        lambda log_strength: -sum(fit.marginal for fit in fits_of(log_strength)),
        bounds=_STRENGTHS,
        method="bounded",
        options={"xatol": 0.1},
    )
    return [
        Curve(group.shape + basis @ fit.coefficients, group.shape, fit.coefficients, fit.precision, fit.posterior)
        for group, fit in zip(groups, fits_of(chosen.x), strict=True)
    ]


def straight_before(age: int, values: np.ndarray) -> np.ndarray:
    """Return values of the ages below `age` on the straight line, over log(age + 5), through the first two from it on.

    A shape continued so has no kink where it begins, and below says nothing: straight lines are not penalised.
    """
    place = np.log(np.arange(age + 2) + _AGE_SHIFT)
    slope = (values[1] - values[0]) / (place[age + 1] - place[age])
    return np.asarray(values[0] + slope * (place[:age] - place[age]))


def _penalties(peaks: np.ndarray, shape_from: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the penalty on turns of the curve, of strength one, and that on departing from the known shape."""
    steps = np.diff(np.eye(len(peaks)), axis=0)
    turns = np.diff(steps, axis=0)
    distance = np.log(peaks[-1] + _AGE_SHIFT) - np.log(peaks[-2] + _AGE_SHIFT)
    steps = steps[(peaks[1:] + peaks[:-1]) / 2 > shape_from]
    return turns.T @ turns, steps.T @ steps / (_DEPARTURE**2 * distance)


def _fitted(group: Grouped, basis: np.ndarray, penalty: np.ndarray, near: _Fit | None) -> _Fit:
    """Return the penalised maximum by scoring steps, halved where they overshoot."""
    weighted = penalty + _RIDGE * np.eye(len(penalty))
    people = group.person_years * np.exp(group.shape)
    level = np.log((group.count.sum() + 0.5) / people.sum())
    coefficients = np.full(basis.shape[1], level) if near is None else near.coefficients
    posterior = _Posterior(group.count, people, basis, weighted, float(level))
    reached = float(posterior.log_density(coefficients))
    for _ in range(_MOST_STEPS):
        rate = np.exp(basis @ coefficients)
        expected = np.maximum(people @ rate, _NOBODY)
        slope = (people * rate) @ basis
        information = (slope / expected[:, np.newaxis]).T @ slope
        gradient = slope.T @ (group.count / expected - 1) - weighted @ (coefficients - level)
        step = np.linalg.solve(information + weighted, gradient)
        halvings = 0
        while not (trial := float(posterior.log_density(coefficients + step))) >= reached and halvings < 40:
            step, halvings = step / 2, halvings + 1
        if halvings == 40:
            break
        coefficients = coefficients + step
        gain, reached = trial - reached, trial
        if gain < _SMALLEST_GAIN * max(abs(reached), 1.0):
            break
    rate = np.exp(basis @ coefficients)
    slope = (people * rate) @ basis
    precision = (slope / np.maximum(people @ rate, _NOBODY)[:, np.newaxis]).T @ slope + weighted
    marginal = reached + (np.linalg.slogdet(weighted)[1] - np.linalg.slogdet(precision)[1]) / 2
    return _Fit(coefficients, precision, float(marginal), posterior)
