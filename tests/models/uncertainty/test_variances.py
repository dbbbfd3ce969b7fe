"""Variances of shocks are recovered from errors made of known shocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln
from scipy.stats import nbinom

from features.panel import Panel
from models.draws.shocks import shock_path
from models.forecast.noise import relief
from models.recipes.baselines import RecentMean
from models.uncertainty import variances
from models.uncertainty.past_errors import Case
from models.uncertainty.variances import (
    GRID,
    LONGEST_JUDGED,
    NEWEST_MONTH_WEIGHT,
    OVERLAP,
    estimate_noise,
    likelihoods,
    loadings,
    most_likely,
    spans,
)

pytestmark = pytest.mark.unit


def cases_of(level: float, drift: float, month: float, *, mean: float, areas: int, origins: int) -> list[Case]:
    generator = np.random.default_rng(3)
    made = []
    for _ in range(origins):
        shock = shock_path(generator, np.array([level, drift, month]), np.ones(areas), LONGEST_JUDGED, 1)
        expected = np.full((areas, 1, LONGEST_JUDGED), mean)
        came = generator.poisson(shock[:, None, :, 0] * expected)
        made.append(Case(came.astype(float), expected, np.ones(LONGEST_JUDGED, dtype=bool)))
    return made


@pytest.mark.parametrize("truth", [(0.02, 0.0005, 0.02), (0.002, 0.0002, 0.01), (0.05, 0.002, 0.005)])
def test_level_drift_and_month_are_told_apart(truth: tuple[float, float, float]) -> None:
    cases = cases_of(*truth, mean=300.0, areas=40, origins=12)
    (found,) = most_likely(likelihoods(cases, "force"))
    load = loadings(spans(LONGEST_JUDGED))
    # What matters is the variance of each span, single months and whole years alike.
    assert load @ found == pytest.approx(load @ np.array(truth), rel=0.35)


@pytest.mark.parametrize("unusable", [[], [4, 9]])
@pytest.mark.parametrize("cells_at_once", [100, 1_000_000])
def test_likelihoods_are_those_of_scipy_and_of_usable_months_alone(
    cells_at_once: int, unusable: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variances, "CELLS_AT_ONCE", cells_at_once)
    (case,) = cases_of(0.02, 0.0005, 0.02, mean=30.0, areas=3, origins=1)
    usable = case.usable.copy()
    usable[unusable] = False
    case.came[:, :, ~usable] = np.nan
    (found,) = likelihoods([replace(case, usable=usable)], "force")
    came, expected = case.came[:, 0], case.expected[:, 0]
    size = 1 / (GRID * relief(expected.mean(axis=1, keepdims=True), "force")[:, 0, None])[..., None]
    for place, (first, last, summed) in enumerate(spans(LONGEST_JUDGED)):
        chosen = np.arange(first - 1, last)
        if summed and not usable[chosen].all():
            assert not found[place].any()
            continue
        chosen = chosen[usable[chosen]]
        counts, means = (
            each[:, chosen].sum(axis=1, keepdims=True) if summed else each[:, chosen] for each in (came, expected)
        )
        counts, means = counts[:, None], means[:, None]
        logs = nbinom.logpmf(counts, size, size / (size + means)) + gammaln(counts + 1)
        assert found[place] == pytest.approx(logs.sum(axis=(0, 2)) / OVERLAP)


def test_poisson_errors_are_given_hardly_any_shock() -> None:
    (found,) = most_likely(likelihoods(cases_of(0, 0, 0, mean=50.0, areas=40, origins=6), "force"))
    assert found.sum() < 0.002


def test_a_year_holds_less_of_passing_noise_than_a_month() -> None:
    judged = spans(24)
    load = loadings(judged)
    first_year = judged.index((1, 12, True))
    assert load[first_year, 2] == pytest.approx(1 / 12)
    assert load[first_year, 0] == 1
    assert load[first_year, 1] == pytest.approx(np.minimum.outer(np.arange(1, 13), np.arange(1, 13)).mean())


def test_errors_of_little_weight_hardly_count() -> None:
    wild = cases_of(0.5, 0, 0.1, mean=300.0, areas=40, origins=6)
    calm = cases_of(0.01, 0, 0.01, mean=300.0, areas=40, origins=6)
    old = [replace(case, weight=0.001) for case in wild]
    year = loadings(spans(LONGEST_JUDGED))[spans(LONGEST_JUDGED).index((1, 12, True))]
    alone, with_old, with_equal = (
        (most_likely(likelihoods(calm + others, "force")) @ year).item() for others in ([], old, wild)
    )
    assert with_old == pytest.approx(alone, rel=0.2)
    assert with_equal > 5 * alone


def test_a_calm_crime_type_stays_calm_beside_wild_ones() -> None:
    types = [cases_of(level, 0, level, mean=300.0, areas=2, origins=18) for level in (0.002, 0.2, 0.2, 0.002)]
    cases = [
        replace(
            same[0],
            came=np.concatenate([case.came for case in same], axis=1),
            expected=np.concatenate([case.expected for case in same], axis=1),
        )
        for same in zip(*types, strict=True)
    ]
    first_month = most_likely(likelihoods(cases, "force")) @ loadings(spans(LONGEST_JUDGED))[0]
    assert first_month[[0, 3]] == pytest.approx(0.004, rel=0.8)
    assert first_month[[1, 2]] == pytest.approx(0.4, rel=0.6)


def test_the_level_of_the_force_is_as_uncertain_as_its_newest_month_is_revised(simulated_panel: Panel) -> None:
    known = simulated_panel.as_known_at(simulated_panel.last_month)
    without = estimate_noise(RecentMean(), replace(known, revisions=known.revisions.iloc[:0]))
    revised = replace(known, revisions=pd.DataFrame({"month": known.months[-3:-2], "difference": [0.25]}))
    wider = estimate_noise(RecentMean(), revised).common - without.common
    assert wider.sel(component="force", part="level").item() == pytest.approx((NEWEST_MONTH_WEIGHT * 0.25) ** 2)
    assert wider.sum().item() == pytest.approx((NEWEST_MONTH_WEIGHT * 0.25) ** 2)
