"""The age split of draws: whole numbers, and exact.

Walk in: draws of totals and the shares of age groups. Walk out: draws of each group, which add up to the totals: years
split by shares, then the months of a year given its groups. The last group is "not known or not applicable"; it is
split off first, since it is often the largest.
"""

from __future__ import annotations

import numpy as np


def split_by_shares(generator: np.random.Generator, totals: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return each total split multinomially, (group, ...) int32, from shares, (group, ...), that add up to one.

    A multinomial is a chain of binomials: each group takes its share of what those before it left.
    """
    split = np.zeros((len(shares), *totals.shape), dtype=np.int32)
    left = totals.astype(np.int64)
    # Summed from the first, so that a share of zero gets nothing, whatever rounding does to the others.
    share_left = np.cumsum(shares, axis=0)
    for group in range(len(shares) - 1, 0, -1):
        chance = np.divide(shares[group], share_left[group], out=np.zeros(totals.shape), where=share_left[group] > 0)
        taken = generator.binomial(left, np.minimum(chance, 1.0, out=chance))
        split[group] = taken
        left -= taken
    split[0] = left
    return split


def split_months(generator: np.random.Generator, groups: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Return the groups of each month, (group, area, month, draw) int32, given both margins.

    `groups`, (group, area, draw), are those of all the months together, `totals`, (area, month, draw), the months'.
    An offence of the year is as likely to be of a group in one month as in another: each month draws its total from
    the offences that earlier months left, without replacement (multivariate hypergeometric, a chain of its marginals).
    """
    months = totals.shape[1]
    split = np.zeros((len(groups), *totals.shape), dtype=np.int32)
    urn = groups.astype(np.int64)
    for month in range(months - 1):
        wanted = totals[:, month].astype(np.int64)
        others = urn.sum(axis=0)
        for group in range(len(groups) - 1, 0, -1):
            others -= urn[group]
            taken = generator.hypergeometric(urn[group], others, wanted)
            split[group, :, month] = taken
            urn[group] -= taken
            wanted -= taken
        split[0, :, month] = wanted
        urn[0] -= wanted
    split[:, :, months - 1] = urn
    return split
