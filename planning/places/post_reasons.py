"""How sure a post is, and why this ward gets its last post and the next does not.

Walk in: draws of demand by ward, posts given by expected shortfall. Walk out: a share and a sentence a ward.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.places.post_rules import Given, give, shortfall_claim_by_draw
from planning.places.post_terms import PostTerms


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
    posts = given.posts[0]
    last = int(given.order[0, -1]) if given.order.shape[1] else -1
    open_wards = posts < terms.cap
    meets = _next_post(demand, posts, each)
    following = int(np.argmax(np.where(open_wards, meets.mean(axis=0), -np.inf))) if open_wards.any() else -1
    next_in_line = _of(names, following, posts[following] + 1, meets[:, following], unit) if following >= 0 else ""
    least = _of(names, last, posts[last], _next_post(demand, posts - 1, each)[:, last], unit) if last >= 0 else ""
    said = []
    for ward, number in enumerate(posts):
        if terms.floor[ward] == terms.cap[ward]:
            said.append(f"Settled at {number} posts beforehand.")
        elif number > terms.floor[ward]:
            mine = np.clip(demand[:, ward] - each * (number - 1), 0, each)
            said.append(f"{_post(number)} meets {_amount(mine, unit)}. Next in line is {next_in_line}.")
        elif last >= 0:
            said.append(
                f"The floor. {_post(number + 1)} would meet {_amount(meets[:, ward], unit)}; the last given is {least}."
            )
        else:
            said.append("The floor; there are no more posts to give.")
    return said


def _next_post(demand: np.ndarray, posts: np.ndarray, each: float) -> np.ndarray:
    return np.clip(demand - each * posts, 0, each)


def _of(names: Sequence[str], ward: int, number: int, met: np.ndarray, unit: str) -> str:
    return f"{names[ward]}'s {_post(number).lower()}, {_amount(met, unit)}"


def _post(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"Post {number}" if number < 1 else f"{number}{ending} post"


def _amount(met: np.ndarray, unit: str) -> str:
    if len(met) == 1:
        return f"{met[0]:,.0f} {unit}"
    low, high = np.quantile(met, [0.1, 0.9])
    return f"{met.mean():,.0f} {unit} (80 % {low:,.0f} to {high:,.0f})"
