"""How sure a post is, and why this ward gets its last post and the next does not.

Walk in: draws of demand by ward, posts given by expected shortfall. Walk out: a share and a sentence a ward.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.places.ward_posts.post_rules import Given, give, shortfall_claim, shortfall_claim_by_draw
from planning.places.ward_posts.post_terms import PostTerms

ROUNDING = 1e-9


def surety(demand: np.ndarray, posts: np.ndarray, terms: PostTerms, each: float) -> np.ndarray:
    """Return the share of draws (draw, ward) that, each taken for the truth, give a ward its last post, (ward,).

    Draws that hold errors of hours make it the surety against these too. Posts of the floor are sure.
    """
    by_draw = give(shortfall_claim_by_draw(demand, each), terms, rows=len(demand)).posts
    return (by_draw >= posts).mean(axis=0)


def reasons(
    demand: np.ndarray, given: Given, terms: PostTerms, each: float, names: Sequence[str], unit: str
) -> list[str]:
    """Return for every ward why it has as many posts as it has, in a sentence.

    demand : (draw, ward), in `unit` a year, such as hours. given : one row, by expected shortfall.
    """
    posts, order = given.posts[0], given.order[0]
    meets, met = _met(demand, posts, each), _met(demand, posts - 1, each)
    claims = shortfall_claim(demand, each)(np.zeros(len(posts), dtype=int), np.arange(len(posts)), posts)
    following = int(np.argmax(np.where(posts < terms.cap, claims, -np.inf)))
    behind = f"the {_post(posts[following] + 1)} of {names[following]}, {_amount(meets[:, following], each, unit)}"
    last = int(order[-1]) if len(order) else -1
    ahead = f"the {_post(posts[last])} of {names[last]}, {_amount(met[:, last], each, unit)}"
    alike = _busy(meets[:, following], each) and _busy(met[:, last], each)
    tie = " Both would be wholly busy, so the heavier load on a post comes first." if alike else ""
    said = []
    for ward, number in enumerate(posts):
        if terms.floor[ward] == terms.cap[ward]:
            said.append(f"Settled at {number} posts beforehand.")
        elif number > terms.floor[ward]:
            more = f" Next in line is {behind}.{tie}" if posts[following] < terms.cap[following] else ""
            said.append(f"The {_post(number)} meets {_amount(met[:, ward], each, unit)}.{more}")
        elif last >= 0:
            would = f"The {_post(number + 1)} would meet {_amount(meets[:, ward], each, unit)}"
            said.append(f"The floor. {would}; the last given is {ahead}.")
        else:
            said.append("The floor; there are no more posts to give.")
    return said


def _busy(met: np.ndarray, each: float) -> bool:
    return bool(met.min() >= each * (1 - ROUNDING))


def _met(demand: np.ndarray, posts: np.ndarray, each: float) -> np.ndarray:
    """Return what one post more than `posts` would meet, (draw, ward)."""
    return np.clip(demand - each * posts, 0, each)


def _post(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} post"


def _amount(met: np.ndarray, each: float, unit: str) -> str:
    """Return what a post meets in words; one that is busy in nearly all futures has no interval to speak of."""
    said = f"{met.mean():,.0f} {unit}"
    if len(met) == 1:
        return said
    low, high = np.quantile(met, [0.1, 0.9])
    if _busy(low, each):
        return f"{said} (wholly busy in {100 * (met >= each * (1 - ROUNDING)).mean():.0f} % of futures)"
    return f"{said} (80 % {low:,.0f} to {high:,.0f})"
