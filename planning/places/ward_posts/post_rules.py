"""Rules that give posts to wards: expected shortfall, Webster above the floor, least worst load.

Walk in: draws of demand by ward, `PostTerms`. Walk out: posts by ward, in the order in which they were given.

Every rule gives one post after another to the ward that has most claim to it, so a larger total takes no post from any
ward. Expected shortfall, a sum over wards of convex costs, is made least by just that (Fox 1966, "Discrete optimization
via marginal analysis"): with floors, caps and boroughs' minima too, since these are nested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from planning.places.ward_posts.post_terms import PostTerms

SHORTFALL, WEBSTER, LOAD = "expected shortfall", "Webster above the floor", "least worst load"
_TIES = 1e-9  # what the load weighs where two wards' shortfall falls alike

Claim = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Given:
    """Posts (row, ward), and the wards (row, post) that the posts beyond the floors went to, in their order."""

    posts: np.ndarray
    order: np.ndarray


def shortfall_claim(demand: np.ndarray, each: float) -> Claim:
    """Return the demand that a ward's next post would meet, on average over the draws (draw, ward).

    each : demand that a post meets. Wards that could each keep a post wholly busy are told apart by their load.
    """
    mean = demand.mean(axis=0)
    heaviest = max(float(mean.max()), 1e-300)

    def claim(_: np.ndarray, wards: np.ndarray, posts: np.ndarray) -> np.ndarray:
        met = np.clip(demand[:, wards] - each * posts, 0, each).mean(axis=0)
        return met / each + _TIES * mean[wards] / (posts + 1) / heaviest

    return claim


def shortfall_claim_by_draw(demand: np.ndarray, each: float) -> Claim:
    """Return the same for each draw alone: a row a draw."""
    heaviest = max(float(demand.max()), 1e-300)

    def claim(rows: np.ndarray, wards: np.ndarray, posts: np.ndarray) -> np.ndarray:
        wanted = demand[rows, wards]
        return np.clip(wanted - each * posts, 0, each) / each + _TIES * wanted / (posts + 1) / heaviest

    return claim


def webster_claim(demand: np.ndarray) -> Claim:
    """Return demand over posts and a half (Webster, or Sainte-Lague), of a demand (ward,)."""
    return lambda _, wards, posts: demand[wards] / (posts + 0.5)


def load_claim(demand: np.ndarray) -> Claim:
    """Return demand over posts, of a demand (ward,): who has most on each post comes next, who has no post first."""
    return lambda _, wards, posts: demand[wards] / np.maximum(posts, 1e-9)


def rules_of(demand: np.ndarray, each: float) -> Mapping[str, Claim]:
    """Return the three rules on draws of demand (draw, ward), the recommended one first."""
    mean = demand.mean(axis=0)
    return {SHORTFALL: shortfall_claim(demand, each), WEBSTER: webster_claim(mean), LOAD: load_claim(mean)}


def give(claim: Claim, terms: PostTerms, rows: int = 1) -> Given:
    """Return the posts that a rule gives, first what boroughs' minima need, then the rest; one allocation a row."""
    posts = np.tile(terms.floor, (rows, 1))
    every, wards = np.arange(rows), np.arange(len(terms.wards))
    claims = np.stack([claim(np.full(len(wards), row), wards, posts[row]) for row in every])
    claims[posts >= terms.cap] = -np.inf
    order = np.empty((rows, terms.beyond_floors), dtype=int)
    held = np.bincount(terms.borough, terms.floor, minlength=len(terms.minima)).astype(int)
    owed = np.tile(np.maximum(terms.minima - held, 0), (rows, 1))
    for number in range(terms.beyond_floors):
        ward = _with_owed_first(claims, owed, terms.borough).argmax(axis=1)
        order[:, number] = ward
        posts[every, ward] += 1
        owed[every, terms.borough[ward]] = np.maximum(owed[every, terms.borough[ward]] - 1, 0)
        still = claim(every, ward, posts[every, ward])
        claims[every, ward] = np.where(posts[every, ward] < terms.cap[ward], still, -np.inf)
    return Given(posts, order)


def _with_owed_first(claims: np.ndarray, owed: np.ndarray, borough: np.ndarray) -> np.ndarray:
    """Return the claims, where a borough's minimum is still owed those of its wards alone."""
    if not owed.any():
        return claims
    waiting = owed.any(axis=1, keepdims=True)
    return np.where(waiting & (owed[:, borough] == 0), -np.inf, claims)


def expected_shortfall(demand: np.ndarray, posts: np.ndarray, each: float) -> float:
    """Return the share of demand (draw, ward) that posts (ward,) leave unmet, on average over the draws."""
    return float(np.clip(demand - each * posts, 0, None).sum() / demand.sum())


def worst_load(demand: np.ndarray, posts: np.ndarray) -> float:
    """Return the most demand on a post in any ward, of its mean over the draws (draw, ward)."""
    return float((demand.mean(axis=0) / np.maximum(posts, 1e-9)).max())
