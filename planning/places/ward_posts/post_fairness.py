"""Who gains from posts, and which posts would change were reporting not alike everywhere.

Walk in: posts by ward, what wards are like, how reporting may vary. Walk out: tables by fifth, and wards that flip.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from planning.places.ward_posts.post_rules import give, shortfall_claim
from planning.places.ward_posts.post_terms import PostTerms
from sources.files.errors import InputError

FIFTHS = 5


def posts_by_fifth(posts: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return posts by fifth of wards: rule, grouping, fifth, wards, posts, beyond_floor, share_beyond_floor.

    posts : rule, ward_code, posts, floor. like : indicators by ward code, columns groupings; the first fifth has least.
    """
    rows = []
    for grouping in like:
        ranked = like[grouping].dropna().rank(method="first")
        fifth = dict(zip(ranked.index, np.ceil(ranked * FIFTHS / max(len(ranked), 1)), strict=True))
        placed = posts.assign(fifth=posts["ward_code"].map(fifth), beyond_floor=posts["posts"] - posts["floor"])
        counted = placed.dropna(subset=["fifth"]).groupby(["rule", "fifth"], sort=False)
        table = counted.agg(wards=("posts", "size"), posts=("posts", "sum"), beyond_floor=("beyond_floor", "sum"))
        rows.append(table.reset_index().assign(grouping=str(grouping)).astype({"fifth": int}))
    columns = ["rule", "grouping", "fifth", "wards", "posts", "beyond_floor", "share_beyond_floor"]
    if not rows:
        return pd.DataFrame(columns=columns)
    table = pd.concat(rows, ignore_index=True).sort_values(["rule", "grouping", "fifth"], kind="stable")
    whole = table.groupby(["rule", "grouping"])["beyond_floor"].transform("sum")
    return table.assign(share_beyond_floor=table["beyond_floor"] / whole.where(whole > 0))[columns].reset_index(
        drop=True
    )


def reporting_shares(indicator: pd.Series, gap: float, *, less_where_low: bool) -> pd.Series:
    """Return the share of incidents that is reported, by area, relative to where most is: 1 down to 1 - gap.

    indicator : by area, such as trust (less is reported where it is low) or deprivation (where it is high). It falls
    evenly from the one end to the other.

    Raises
    ------
    InputError
        If the gap is not from 0 to below 1.
    """
    if not 0 <= gap < 1:
        raise InputError("A gap of reporting is a share from 0 to below 1", value=gap, remedy="Give 0.2 for a fifth.")
    width = indicator.max() - indicator.min()
    above = (indicator - indicator.min()) / width if width > 0 else pd.Series(1.0, index=indicator.index)
    return 1 - gap * (1 - above if less_where_low else above)


def flips(demand: np.ndarray, posts: np.ndarray, terms: PostTerms, each: float, reported: pd.DataFrame) -> pd.DataFrame:
    """Return the wards whose posts would be others if recorded demand were made whole for what is not reported.

    demand : (draw, ward) as recorded. posts : (ward,). reported : by ward code, a column a supposition, shares as
    `reporting_shares`; all demand is scaled to keep its sum, since it is where posts go that is asked. Returns
    supposition, ward_code, posts, posts_then.
    """
    rows = []
    for supposition in reported:
        shares = reported[supposition].reindex(terms.wards)
        whole = demand / shares.fillna(shares.mean()).to_numpy(dtype=float)
        whole *= demand.sum() / whole.sum()
        then = give(shortfall_claim(whole, each), terms).posts[0]
        changed = then != posts
        rows.append(
            pd.DataFrame(
                {"ward_code": terms.wards[changed], "posts": posts[changed], "posts_then": then[changed]}
            ).assign(supposition=str(supposition))
        )
    columns = ["supposition", "ward_code", "posts", "posts_then"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)
