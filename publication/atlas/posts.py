"""Posts by ward as the atlas tells them: how many, how sure, why, and what other rules and years would give.

Walks in: the tables of a plan. Walks out: one value for JSON (`page/source/panels/posts_here.ts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from planning.places.ward_posts.post_demand import HARM, HOURS, MEASURES, VICTIM_REPORTED
from planning.places.ward_posts.post_rules import SHORTFALL
from publication.atlas.places import Places

RECOMMENDED = SHORTFALL
BY = {
    VICTIM_REPORTED: "offences that victims report",
    HARM: "the harm of offences that victims report",
    HOURS: "hours of neighbourhood work",
}
_KEYS = {"post_years": ("ward_code", "period", "posts"), "post_flips": ("ward_code", "supposition", "posts_then")}


def posts_told(tables: Mapping[str, pd.DataFrame], places: Places) -> list[dict[str, Any]]:
    """Return the posts of each role, wards in the order of the atlas's; empty where the plan has none.

    Of a ward: posts, floor, surety in hundredths, why; posts by the other rules; posts in later years; what other
    reporting would give, by the place of the supposition. Wards that the plan does not know are null.
    """
    posts = tables.get("posts", pd.DataFrame())
    if posts.empty:
        return []
    codes = places.table.loc[places.table["level"] == "ward", "code"].tolist()
    return [_role(str(role), rows, tables, codes) for role, rows in posts.groupby("role", sort=False)]


def _role(role: str, rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], codes: list[str]) -> dict[str, Any]:
    by_rule = rows.pivot(index="ward_code", columns="rule", values="posts").to_dict("index")
    others = [str(rule) for rule in dict.fromkeys(rows["rule"]) if rule != RECOMMENDED]
    recommended = rows[rows["rule"] == RECOMMENDED].set_index("ward_code").to_dict("index")
    years, flips = _of_role(tables, "post_years", role), _of_role(tables, "post_flips", role)
    periods = [str(period) for period in dict.fromkeys(years["period"])]
    later = years.pivot(index="ward_code", columns="period", values="posts").to_dict("index")
    suppositions = [str(one) for one in dict.fromkeys(flips["supposition"])]
    then = flips.pivot(index="ward_code", columns="supposition", values="posts_then").to_dict("index")

    def ward(code: str) -> dict[str, Any] | None:
        if code not in recommended:
            return None
        one, other = recommended[code], then.get(code, {})
        return {
            "posts": int(one["posts"]),
            "floor": int(one["floor"]),
            "sure": None if pd.isna(one["surety"]) else int(np.rint(100 * one["surety"])),
            "why": str(one["why"]),
            "others": [int(by_rule[code][rule]) for rule in others],
            "years": [int(later[code][period]) for period in periods] if code in later else [],
            "then": [[at, int(other[name])] for at, name in enumerate(suppositions) if pd.notna(other.get(name))],
        }

    measure = str(rows["measure"].iloc[0])
    return {
        "role": role,
        "by": BY.get(measure, MEASURES.get(measure, measure)),
        "rule": RECOMMENDED,
        "others": others,
        "years": periods,
        "suppositions": suppositions,
        "wards": [ward(code) for code in codes],
    }


def _of_role(tables: Mapping[str, pd.DataFrame], name: str, role: str) -> pd.DataFrame:
    table = tables.get(name, pd.DataFrame(columns=[*_KEYS[name], "role"]))
    return table[table["role"] == role]
