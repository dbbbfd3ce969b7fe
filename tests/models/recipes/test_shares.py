"""Shares: they sum to one, follow evidence as far as it bears, and have their own seasons."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.area_counts import sum_groups, within
from models.recipes.share_blend import blend_weights
from models.recipes.shares import Movement, ShareRecipe, agreed, local_season, recent_share, split

pytestmark = pytest.mark.unit
SIBLINGS = np.array([0, 0, 0, 1, 1, 1])
MONTHS = 60


def counts(rates: np.ndarray, seed: int = 0) -> np.ndarray:
    """Counts of six children, (child, one crime type, month)."""
    return np.random.default_rng(seed).poisson(np.broadcast_to(rates[:, None, None], (6, 1, MONTHS))).astype(float)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.0, 50), min_size=6, max_size=6), st.integers(0, 1000))
def test_splits_sum_to_one_whatever_the_counts(rates: list[float], seed: int) -> None:
    child = counts(np.array([*rates[:5], rates[5] + 0.1]), seed)
    parent = within(child, SIBLINGS)
    season = local_season(child, parent, np.ones(MONTHS, dtype=bool), half_life=48, prior=100)
    recipe = ShareRecipe(48, (Movement(6, 20), Movement(3, 200, all_types_together=True)))
    share = recent_share(child, parent * season[:, :, np.arange(MONTHS) % 12], SIBLINGS, recipe)
    totals = sum_groups(split(share, season, SIBLINGS), SIBLINGS)
    assert (share >= 0).all()
    assert totals[parent[[0, 3]].sum(axis=(1, 2)) > 0] == pytest.approx(1.0)


def test_a_steady_share_is_found() -> None:
    child = counts(np.array([10.0, 30, 60, 5, 5, 90]))
    share = recent_share(child, within(child, SIBLINGS), SIBLINGS, ShareRecipe(48))
    assert split(share, np.ones((6, 1, 12)), SIBLINGS)[:, 0, 0] == pytest.approx(
        [0.1, 0.3, 0.6, 0.05, 0.05, 0.9], abs=0.02
    )


@pytest.mark.parametrize(("prior", "low", "high"), [(1.0, 0.45, 0.55), (1e6, 0.19, 0.3)])
def test_a_movement_goes_as_far_as_the_prior_lets_it(prior: float, low: float, high: float) -> None:
    child = np.full((2, 1, MONTHS), [[[20.0]], [[80.0]]])
    child[:, :, -6:] = 50.0
    recipe = ShareRecipe(1e6, (Movement(1.0, prior),))
    share = split(
        recent_share(child, within(child, np.zeros(2, int)), np.zeros(2, int), recipe),
        np.ones((2, 1, 12)),
        np.zeros(2, int),
    )
    assert low < share[0, 0, 0] < high


def test_a_child_with_its_own_season_keeps_it() -> None:
    wave = 1 + 0.5 * np.sin(np.arange(MONTHS) / 12 * 2 * np.pi)
    child = np.stack([1000 * wave, 1000 * (2 - wave)])[:, None]
    season = local_season(child, within(child, np.zeros(2, int)), np.ones(MONTHS, dtype=bool), half_life=48, prior=1)
    assert season[0, 0] == pytest.approx(wave[:12], abs=0.03)


def test_the_blend_prefers_the_recipe_that_would_have_served() -> None:
    generator = np.random.default_rng(1)
    came = generator.poisson(50, (100, 3)).astype(float)
    good, bad = came * generator.normal(1, 0.02, came.shape), came * generator.normal(1, 0.5, came.shape)
    weights = blend_weights([(12, np.stack([bad, good]), came)], recipes=2, crime_types=3, half_life=24)
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert (weights >= 0).all()
    assert (weights[:, 1] > 0.9).all()


def test_without_past_years_all_recipes_weigh_the_same() -> None:
    assert blend_weights([], recipes=4, crime_types=2, half_life=24) == pytest.approx(0.25)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0.001, 1e4) | st.just(0.0), max_size=8).map(lambda parts: [*parts, 1.0]),
    st.floats(0.01, 1e5) | st.just(0.0),
)
def test_parts_agree_with_their_total_and_the_largest_gives_way_most(parts: list[float], total: float) -> None:
    given_parts = np.array(parts)[:, None]
    found = agreed(given_parts, np.array([total]))
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(total, rel=1e-6)
    there = given_parts[:, 0] > 0
    if total > 0:
        moved = np.abs(np.log(found[there, 0] / given_parts[there, 0]))
        in_order = moved[np.argsort(given_parts[there, 0])]
        assert (np.diff(in_order) >= -1e-6).all()


def test_parts_that_agree_already_stay_and_nothing_comes_of_nothing() -> None:
    parts = np.array([[3.0, 0.0], [7.0, 0.0]])
    assert agreed(parts, np.array([10.0, 5.0])) == pytest.approx(parts)
