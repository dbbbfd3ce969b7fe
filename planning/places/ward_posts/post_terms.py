"""The terms on which posts are given to wards: a total, floors, caps, locks, boroughs' minima.

Walk in: numbers by ward and borough. Walks out: checked `PostTerms`, or an `InputError` that names what contradicts
what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sources.files.errors import InputError

NO_CAP = 10_000


@dataclass(frozen=True, eq=False)
class PostTerms:
    """How many posts of a role there are, and what every ward and borough must and may have.

    wards : ward codes. floor, cap : (ward,), whole. borough : (ward,) place in `minima`; minima : (borough,), posts
    that the wards of each have together at least.
    """

    total: int
    wards: pd.Index
    floor: np.ndarray
    cap: np.ndarray
    borough: np.ndarray
    minima: np.ndarray

    @property
    def beyond_floors(self) -> int:
        """Posts that are left when every ward has its floor."""
        return self.total - int(self.floor.sum())


def post_terms(
    areas: pd.DataFrame,
    total: int,
    *,
    floor: int = 0,
    cap: int | None = None,
    locks: pd.Series | None = None,
    minima: pd.Series | None = None,
) -> PostTerms:
    """Return terms for the wards of `areas`.

    floor, cap : posts that every ward has at least, at most. locks : posts by ward code, of wards whose posts are
    settled. minima : posts by borough code.

    Raises
    ------
    InputError
        If floors are over caps, a lock lies outside them, the total is under the floors and minima, over the caps, or a
        ward or borough is not there.
    """
    wards = pd.Index(areas["ward_code"])
    names = dict(zip(areas["ward_code"], areas["ward_name"], strict=True))
    boroughs = list(dict.fromkeys(areas["borough_code"]))
    most = NO_CAP if cap is None else cap
    if floor > most:
        raise InputError(f"The floor of {floor} posts is over the cap of {most}", remedy="Correct one of the two.")
    floors, caps = np.full(len(wards), floor), np.full(len(wards), most)
    for ward, posts in (locks if locks is not None else pd.Series(dtype=int)).items():
        if ward not in names:
            raise InputError("A lock names a ward that is not there", value=str(ward), remedy="Give its code.")
        if not floor <= posts <= most:
            bound = f"under the floor of {floor}" if posts < floor else f"over the cap of {most}"
            raise InputError(
                f"{names[ward]} ({ward}) is locked at {posts} posts, {bound}",
                remedy="Correct the lock, or the floor or cap.",
            )
        at = wards.get_loc(ward)
        floors[at] = caps[at] = posts
    least = _minima(areas, boroughs, minima)
    borough = pd.Index(boroughs).get_indexer(areas["borough_code"])
    terms = PostTerms(total, wards, floors, caps, borough, least)
    _refuse_contradictions(terms, areas.drop_duplicates("borough_code")["borough_name"].tolist())
    return terms


def _minima(areas: pd.DataFrame, boroughs: list[str], minima: pd.Series | None) -> np.ndarray:
    least = dict.fromkeys(boroughs, 0)
    for borough, posts in (minima if minima is not None else pd.Series(dtype=int)).items():
        if borough not in least:
            raise InputError(
                "A minimum names a borough that is not there",
                value=str(borough),
                remedy=f"Give the code of one of: {', '.join(areas['borough_name'].unique())}.",
            )
        least[str(borough)] = int(posts)
    return np.array(list(least.values()))


def _refuse_contradictions(terms: PostTerms, names: list[str]) -> None:
    room = np.bincount(terms.borough, np.minimum(terms.cap, NO_CAP), minlength=len(names)).astype(int)
    floors = np.bincount(terms.borough, terms.floor, minlength=len(names)).astype(int)
    short = terms.minima > room
    if short.any():
        at = int(np.argmax(short))
        raise InputError(
            f"{names[at]} is to have at least {terms.minima[at]} posts, and the caps and locks of its wards allow "
            f"{room[at]}",
            remedy="Lower the minimum, or raise the cap.",
        )
    needed = int(np.maximum(floors, terms.minima).sum())
    if terms.total < needed:
        minima = " and boroughs' minima" if needed > floors.sum() else ""
        raise InputError(
            f"{terms.total:,} posts are fewer than the {needed:,} that the wards' floors{minima} need",
            remedy="Raise the total, or lower the floors.",
        )
    if terms.total > room.sum():
        raise InputError(
            f"{terms.total:,} posts are more than the {room.sum():,} that the wards' caps and locks allow",
            remedy="Lower the total, or raise the cap.",
        )
