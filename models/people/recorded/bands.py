"""Bands of neighbouring ages, each with enough people to tell something of its own, and draws of the share of each.

Walks in: people by single year of age. Walks out: bands, and joint draws around shares that stay where they can be.
"""

from __future__ import annotations

import numpy as np

_LEAST = 1e-6


def bands_within(people: np.ndarray, starts: np.ndarray, least: float) -> np.ndarray:
    """Return the first place of each band, (band,): the groups that begin at `starts`, parted where parts have enough.

    people : (age,). Each part of a group that is parted has `least` people or more, counted from the youngest; what is
    left at its end belongs to the part before.
    """
    found = []
    for first, end in zip(starts, [*starts[1:], len(people)], strict=True):
        found.append(int(first))
        since = 0.0
        after = people[first:end][::-1].cumsum()[::-1]
        for place in range(first, end):
            if since >= least and after[place - first] >= least:
                found.append(place)
                since = 0.0
            since += people[place]
    return np.array(found)


def merged(people: np.ndarray, starts: np.ndarray, least: float) -> np.ndarray:
    """Return the starts of groups, (band,), neighbours put together until each holds `least` people or is the only one.

    people : (age,). starts : first place of each group. From the youngest on; what is left over joins the band before.
    """
    found, since = [int(starts[0])], 0.0
    in_groups = np.add.reduceat(people, starts)
    after = in_groups[::-1].cumsum()[::-1]
    for start, here, left in zip(starts, in_groups, after, strict=True):
        if since >= least and left >= least:
            found.append(int(start))
            since = 0.0
        since += here
    return np.array(found)


def drawn_around(shares: np.ndarray, worth: float, starts: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return a draw around each row of shares, (sample, age), which adds up to one: a Dirichlet's of groups of ages.

    worth : how many people the shares are worth. starts : first place of each group, within which ages move as one. A
    Dirichlet of parts that are worth less than a person has nearly all its draws at nought and few far out, so that its
    mean lies outside its 80 % interval; so neighbouring groups move as one until, by the mean of all rows, they are
    worth one.
    """
    bands = merged(shares.mean(axis=0) * worth, starts, 1.0)
    weights = np.maximum(np.add.reduceat(shares, bands, axis=1) * worth, _LEAST)
    moved = generator.gamma(weights) / weights
    drawn = shares * np.repeat(moved, np.diff([*bands, shares.shape[1]]), axis=1)
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))
