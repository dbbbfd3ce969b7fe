"""Posts by ward as a command: three rules side by side, from a data folder and draws if there are any.

Walks in: a force's tables, `posts.toml` and the files beside it. Walk out: tables for a person, and files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from pipelines.running.progress import stage
from planning.folder.posts_file import PUPILS_FILE, TODAY_FILE, PostsFile, read_posts_today, read_pupils, read_survey
from planning.places.ward_posts.asked_posts import (
    HARM,
    PUPILS,
    VICTIM_REPORTED,
    YOUNG,
    one_draw,
    post_questions,
    posted_types,
    recorded_demand,
    reporting_suppositions,
    ward_likeness,
    young_residents,
)
from planning.places.ward_posts.post_fairness import flips, posts_by_fifth
from planning.places.ward_posts.post_options import given_posts, posts_table, rules_table
from planning.places.ward_posts.post_rules import SHORTFALL
from planning.places.ward_posts.post_years import posts_over_years
from sources.tables.force_tables import ForceTables


@dataclass(frozen=True)
class WardPosts:
    """The tables `posts` and `post_rules`, posts by fifth of wards, wards that flip, and moves in years to come."""

    posts: pd.DataFrame
    rules: pd.DataFrame
    fifths: pd.DataFrame
    flips: pd.DataFrame
    moves: pd.DataFrame


def ward_posts(
    tables: ForceTables,
    rules: PostsFile,
    *,
    first_month: pd.Timestamp,
    plan_folder: Path | None = None,
    survey: Path | None = None,
    draws: xr.DataArray | None = None,
) -> WardPosts:
    """Return posts of every role by the three rules.

    Demand is what was recorded in the twelve months from `first_month`, or `draws` of victim-reported offences, (draw,
    year, ward), whose first year gives the posts and whose others the moves. survey : the Public Attitude Survey.
    """
    demand = _demand(tables, first_month, plan_folder)
    if draws is not None:
        demand[VICTIM_REPORTED] = draws.isel(year=0)
    today = _beside(plan_folder, TODAY_FILE)
    questions = post_questions(tables.areas, rules, demand, None if today is None else read_posts_today(today))
    likeness = ward_likeness(tables.ward_profile)
    trust = None if survey is None else read_survey(survey)
    suppositions = reporting_suppositions(tables.areas, likeness, trust)
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in ("posts", "rules", "fifths", "flips", "moves")}
    for question in questions:
        with stage(f"Giving posts: {question.role}"):
            given = given_posts(question)
            posts = posts_table(question, tables.areas, given)
            recommended = given[SHORTFALL].posts[0]
            parts["posts"].append(posts)
            parts["rules"].append(rules_table(question, given))
            parts["fifths"].append(posts_by_fifth(posts, likeness).assign(role=question.role))
            if question.unit == "offences":
                flipped = flips(question.drawn, recommended, question.terms, question.each, suppositions)
                parts["flips"].append(flipped.assign(role=question.role))
            if draws is not None and question.unit == "offences":
                ahead = draws.sel(ward=list(question.terms.wards)).transpose("draw", "year", "ward")
                years = [f"year {year} ahead" for year in ahead["year"].to_numpy()]
                moved = posts_over_years(ahead.to_numpy(), recommended, question.terms, question.each, years)
                parts["moves"].append(moved.moves.assign(role=question.role))
    return WardPosts(
        **{name: pd.concat(found, ignore_index=True) if found else pd.DataFrame() for name, found in parts.items()}
    )


def write_ward_posts(found: WardPosts, folder: Path) -> None:
    """Write the tables as CSV files into a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "posts": found.posts,
        "post_rules": found.rules,
        "post_fifths": found.fifths,
        "post_flips": found.flips,
        "post_moves": found.moves,
    }
    for name, table in tables.items():
        if not table.empty:
            table.to_csv(folder / f"{name}.csv", index=False)


def _demand(tables: ForceTables, first_month: pd.Timestamp, plan_folder: Path | None) -> dict[str, xr.DataArray]:
    types = posted_types(tables.crime_types)
    counted = pd.Series(1.0, index=types)
    demand = {VICTIM_REPORTED: recorded_demand(tables.areas, tables.offences, counted, first_month)}
    if not tables.severity.empty:
        weights = tables.severity.set_index("crime_type")["weight"].reindex(types)
        demand[HARM] = recorded_demand(tables.areas, tables.offences, weights, first_month)
    young = young_residents(tables.areas, tables.ward_population_by_age)
    if len(young) == len(tables.areas):
        demand[YOUNG] = one_draw(young)
    pupils = _beside(plan_folder, PUPILS_FILE)
    if pupils is not None:
        by_ward = read_pupils(pupils).set_index("ward_code")["pupils"]
        demand[PUPILS] = one_draw(by_ward.reindex(tables.areas["ward_code"], fill_value=0.0))
    return demand


def _beside(plan_folder: Path | None, name: str) -> Path | None:
    return plan_folder / name if plan_folder is not None and (plan_folder / name).is_file() else None
