"""Posts for years to come, moved only when a move is sure: wards should not lose officers to noise.

Walk in: draws of demand by year and ward, posts to begin with. Walk out: posts by year, and the moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planning.places.ward_posts.post_rules import give, shortfall_claim
from planning.places.ward_posts.post_terms import PostTerms

SURE = 0.8  # share of draws in which the post must meet more where it goes than where it is
_CANDIDATES = 25


@dataclass(frozen=True, eq=False)
class PostsOverYears:
    """Posts (year, ward) and moves: period, from_ward, to_ward, gain (demand met more), surety."""

    posts: np.ndarray
    moves: pd.DataFrame


def posts_over_years(
    demand: np.ndarray,
    start: np.ndarray,
    terms: PostTerms,
    each: float,
    years: Sequence[str],
    *,
    sure: float = SURE,
) -> PostsOverYears:
    """Return posts for each year, each beginning with those of the year before.

    demand : (draw, year, ward). start : (ward,). A post moves from the ward that would miss it least to the one that it
    would serve most, if it meets more there in a share `sure` of the draws; of the pairs that are sure the one that
    gains most goes first, until none is left. Floors, caps, locks and minima hold.
    """
    posts, by_year, moves = start.copy(), [], []
    for at, year in enumerate(years):
        # Every move lessens the expected shortfall, so there is an end.
        while (move := _best_sure_move(demand[:, at], posts, terms, each, sure)) is not None:
            giver, taker, gain, share = move
            posts[giver] -= 1
            posts[taker] += 1
            moves.append((year, terms.wards[giver], terms.wards[taker], gain, share))
        by_year.append(posts.copy())
    return PostsOverYears(
        np.array(by_year), pd.DataFrame(moves, columns=["period", "from_ward", "to_ward", "gain", "surety"])
    )


def _best_sure_move(
    demand: np.ndarray, posts: np.ndarray, terms: PostTerms, each: float, sure: float
) -> tuple[int, int, float, float] | None:
    """Return giver, taker, gain and surety of the best move that is sure, or None."""
    lost, met = np.clip(demand - each * (posts - 1), 0, each), np.clip(demand - each * posts, 0, each)
    givers = _first(np.where(posts > terms.floor, lost.mean(axis=0), np.inf))
    takers = _first(np.where(posts < terms.cap, -met.mean(axis=0), np.inf))
    if not len(givers) or not len(takers):
        return None
    more = met[:, np.newaxis, takers] - lost[:, givers, np.newaxis]
    gain, share = more.mean(axis=0), (more > 0).mean(axis=0)
    held = np.bincount(terms.borough, posts, minlength=len(terms.minima))
    spare = (held > terms.minima)[terms.borough[givers]]
    same = terms.borough[givers][:, np.newaxis] == terms.borough[takers]
    allowed = (share >= sure) & (gain > each * 1e-9) & (spare[:, np.newaxis] | same)
    if not allowed.any():
        return None
    giver, taker = np.unravel_index(np.argmax(np.where(allowed, gain, -np.inf)), gain.shape)
    return int(givers[giver]), int(takers[taker]), float(gain[giver, taker]), float(share[giver, taker])


def _first(cost: np.ndarray) -> np.ndarray:
    order = np.argsort(cost, kind="stable")[:_CANDIDATES]
    return order[np.isfinite(cost[order])]


def years_table(
    demand: np.ndarray, found: PostsOverYears, terms: PostTerms, each: float, years: Sequence[str]
) -> pd.DataFrame:
    """Return posts by year and ward: period, ward_code, posts, posts_anew, which the year's draws alone would give.

    demand : (draw, year, ward), as given to `posts_over_years`.
    """
    parts = [
        pd.DataFrame(
            {
                "period": year,
                "ward_code": terms.wards,
                "posts": found.posts[at],
                "posts_anew": give(shortfall_claim(demand[:, at], each), terms).posts[0],
            }
        )
        for at, year in enumerate(years)
    ]
    return pd.concat(parts, ignore_index=True)


def growth_table(demand: np.ndarray, total: int, later: PostTerms, each: float) -> pd.DataFrame:
    """Return the posts beyond a total, in the order in which they would be given: number, ward_code, demand_met.

    demand : (draw, ward). later : terms whose total is the one risen to. As no post is ever taken back, the first rows
    are what any total between the two would give.
    """
    given = give(shortfall_claim(demand, each), later)
    first = total - int(later.floor.sum())
    wards = given.order[0]
    held = later.floor.copy()
    met = []
    for ward in wards:
        met.append(float(np.clip(demand[:, ward] - each * held[ward], 0, each).mean()))
        held[ward] += 1
    numbers = np.arange(total + 1, later.total + 1)
    return pd.DataFrame({"number": numbers, "ward_code": later.wards[wards[first:]], "demand_met": met[first:]})
