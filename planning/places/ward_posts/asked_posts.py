"""Posts as a force's files ask for them: its wards, demand, terms and suppositions joined.

Walk in: the table `areas` and others, demand by ward, a `PostsFile`. Walk out: questions, indicators, suppositions.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from planning.folder.posts_file import POSTS_FILE, PostsFile, Role
from planning.places.ward_posts.post_demand import MEASURES, PUPILS, SCHOOLS, YOUNG
from planning.places.ward_posts.post_fairness import reporting_shares
from planning.places.ward_posts.post_options import PostQuestion, even_load
from planning.places.ward_posts.post_terms import PostTerms, post_terms
from sources.files.errors import InputError

GAPS = (0.1, 0.2)  # how much less may be reported where trust is lowest, or deprivation highest
IN_PLACE_OF = {PUPILS: YOUNG, SCHOOLS: YOUNG}  # where no file tells of schools


def demand_of(role: Role, demand: Mapping[str, xr.DataArray]) -> tuple[str, str]:
    """Return the demand that a role goes by, and a sentence where it is not the one that it asks for.

    Raises
    ------
    InputError
        If it goes by a demand that is not known of the force.
    """
    if role.demand in demand:
        return role.demand, ""
    other = IN_PLACE_OF.get(role.demand, "")
    if other in demand:
        return other, f"No file tells of {role.demand}, so posts of {role.name} follow {MEASURES[other]}."
    raise InputError(
        f"The role '{role.name}' goes by a demand that is not known of this force",
        file=POSTS_FILE,
        column="demand",
        value=role.demand,
        remedy=f"Name one of: {', '.join(demand)}.",
    )


def post_questions(
    areas: pd.DataFrame,
    rules: PostsFile,
    demand: Mapping[str, xr.DataArray],
    today: pd.DataFrame | None = None,
) -> list[PostQuestion]:
    """Return the question of each role. demand : by name, (draw, ward). today : contract `POSTS_TODAY`, or none.

    Raises
    ------
    InputError
        As `demand_of`, `post_terms` and `PostQuestion`.
    """
    questions = []
    for role in rules.role:
        measure, _ = demand_of(role, demand)
        drawn, now = demand[measure], _today(role, areas, today)
        base = role.total if now is None else int(now.sum())
        each = role.each if role.each is not None else even_load(drawn, base)
        terms = _terms(role, rules, areas)
        questions.append(PostQuestion(role.name, drawn, terms, each, measure, now, role.move_cost))
    return questions


def ward_likeness(ward_profile: pd.DataFrame) -> pd.DataFrame:
    """Return what wards are sorted by for fairness: deprivation, share of residents not white; by ward code."""
    wide = ward_profile.pivot(index="ward_code", columns="indicator", values="value")
    found = {}
    if "imd_score_2019" in wide:
        found["deprivation"] = wide["imd_score_2019"]
    if "white_share_2021" in wide:
        found["residents not white"] = 1 - wide["white_share_2021"]
    return pd.DataFrame(found, index=wide.index)


def reporting_suppositions(areas: pd.DataFrame, likeness: pd.DataFrame, trust: pd.DataFrame | None) -> pd.DataFrame:
    """Return how much of what happens may be reported, by ward code, a column a supposition.

    likeness : from `ward_likeness`. trust : contract `SURVEY`, by name of borough, or none.
    """
    found = {}
    for gap in GAPS:
        if "deprivation" in likeness:
            less = reporting_shares(likeness["deprivation"], gap, less_where_low=False)
            found[f"{gap:.0%} less in the most deprived ward"] = less
        if trust is not None:
            by_name = trust.set_index("area")["proportion"]
            shares = areas.set_index("ward_code")["borough_name"].map(by_name)
            found[f"{gap:.0%} less in the borough of least trust"] = reporting_shares(shares, gap, less_where_low=True)
    return pd.DataFrame(found).reindex(areas["ward_code"])


def later_terms(role: Role, rules: PostsFile, areas: pd.DataFrame) -> PostTerms:
    """Return the terms of a role at the total to which it rises; raises as `post_terms`."""
    return _terms(role.model_copy(update={"total": role.rising_to or role.total}), rules, areas)


def _terms(role: Role, rules: PostsFile, areas: pd.DataFrame) -> PostTerms:
    by_name = dict(zip(areas["borough_name"], areas["borough_code"], strict=True))
    locks = {lock.ward: lock.posts for lock in rules.lock if lock.role == role.name}
    minima = {by_name.get(each.borough, each.borough): each.posts for each in rules.minimum if each.role == role.name}
    return post_terms(
        areas,
        role.total,
        floor=role.floor,
        cap=role.cap,
        locks=pd.Series(locks, dtype=int),
        minima=pd.Series(minima, dtype=int),
    )


def _today(role: Role, areas: pd.DataFrame, today: pd.DataFrame | None) -> pd.Series | None:
    if today is None or role.name not in set(today["role"]):
        return None
    strange = today[~today["ward_code"].isin(areas["ward_code"])]
    if not strange.empty:
        raise InputError(
            "Posts of today are in a ward that the force does not have",
            column="ward_code",
            value=strange["ward_code"].iloc[0],
            remedy="Give wards by their codes, of the vintage of the ward lookup.",
        )
    of_role = today[today["role"] == role.name].set_index("ward_code")["posts"]
    return of_role.reindex(areas["ward_code"], fill_value=0.0)
