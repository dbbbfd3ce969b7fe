"""Posts as a force's files ask for them: its wards, demand by ward, terms and suppositions joined.

Walk in: the tables `areas`, `offences` and others, a `PostsFile`. Walk out: demand by ward, questions, indicators.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from planning.folder.defaults import discovered_types
from planning.folder.posts_file import PostsFile, Role
from planning.places.ward_posts.post_fairness import reporting_shares
from planning.places.ward_posts.post_options import PostQuestion, even_load
from planning.places.ward_posts.post_terms import PostTerms, post_terms
from sources.files.errors import InputError

VICTIM_REPORTED, HARM, YOUNG, PUPILS = "victim-reported", "harm", "young residents", "pupils"
UNITS = {VICTIM_REPORTED: "offences", HARM: "points of harm", YOUNG: "residents of 10 to 17", PUPILS: "pupils"}
YOUNG_AGES = (10, 17)
GAPS = (0.1, 0.2)  # how much less may be reported where trust is lowest, or deprivation highest


def posted_types(crime_types: pd.DataFrame) -> list[str]:
    """Return the crime types that may earn posts: those that victims report, and that may be shown by ward.

    What policing itself discovers would let officers create their own need.
    """
    shown = crime_types[crime_types["finest_open_level"] == "ward"]
    return shown.loc[~shown["crime_type"].isin(discovered_types()), "crime_type"].tolist()


def recorded_demand(
    areas: pd.DataFrame, offences: pd.DataFrame, weights: pd.Series, first_month: pd.Timestamp
) -> xr.DataArray:
    """Return what was recorded by ward in the twelve months from `first_month`, as one draw, (draw, ward).

    weights : by crime type; types without one count nothing. Anti-social behaviour is no offence and not among them.
    """
    months = pd.date_range(first_month, periods=12, freq="MS")
    of_year = offences[offences["month"].isin(months)]
    weighed = of_year["count"] * of_year["crime_type"].map(weights).fillna(0)
    by_ward = weighed.groupby(of_year["ward_code"]).sum().reindex(areas["ward_code"], fill_value=0)
    return one_draw(by_ward)


def young_residents(areas: pd.DataFrame, by_age: pd.DataFrame) -> pd.Series:
    """Return residents of 10 to 17 by ward, of the latest estimate; empty where there is none by age."""
    known = by_age[(by_age["variant"] == "estimate") & by_age["age"].between(*YOUNG_AGES)]
    latest = known[known["year"] == known["year"].max()]
    return latest.groupby("area_code")["persons"].sum().reindex(areas["ward_code"]).dropna()


def one_draw(by_ward: pd.Series) -> xr.DataArray:
    """Return figures by ward as a single draw, (draw, ward)."""
    return xr.DataArray(
        by_ward.to_numpy(dtype=float)[np.newaxis], dims=("draw", "ward"), coords={"ward": list(by_ward.index)}
    )


def post_questions(
    areas: pd.DataFrame,
    rules: PostsFile,
    demand: dict[str, xr.DataArray],
    today: pd.DataFrame | None = None,
) -> list[PostQuestion]:
    """Return the question of each role. demand : by name, (draw, ward). today : contract `POSTS_TODAY`, or none.

    Raises
    ------
    InputError
        If a role goes by a demand that is not there; as `post_terms` and `PostQuestion`.
    """
    questions = []
    for role in rules.role:
        if role.demand not in demand:
            raise InputError(
                f"The role '{role.name}' goes by a demand that is not known of this force",
                file="posts.toml",
                column="demand",
                value=role.demand,
                remedy=f"Name one of: {', '.join(demand)}.",
            )
        drawn, now = demand[role.demand], _today(role, areas, today)
        base = role.total if now is None else int(now.sum())
        each = role.each if role.each is not None else even_load(drawn, base)
        unit = UNITS.get(role.demand, role.demand)
        questions.append(PostQuestion(role.name, drawn, _terms(role, rules, areas), each, unit, now, role.move_cost))
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
