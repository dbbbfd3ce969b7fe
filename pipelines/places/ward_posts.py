"""Posts by ward: three rules side by side, from a force's tables and draws if there are any.

Walks in: a force's tables, `posts.toml` and the files beside it. Walk out: tables for a person, and files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from pipelines.running.progress import stage
from planning.folder.posts_file import (
    PUPILS_FILE,
    SURVEY_FILE,
    TODAY_FILE,
    PostsFile,
    Role,
    read_posts_today,
    read_pupils,
    read_survey,
)
from planning.places.ward_posts.asked_posts import (
    demand_of,
    later_terms,
    post_questions,
    reporting_suppositions,
    ward_likeness,
)
from planning.places.ward_posts.post_demand import (
    ANTISOCIAL,
    HARM,
    HOURS,
    OF_CRIME,
    PUPILS,
    SCHOOLS,
    VICTIM_REPORTED,
    WITH_ANTISOCIAL,
    YOUNG,
    YOUNG_VICTIMS,
    one_draw,
    posted_types,
    recorded_demand,
    recorded_disorder,
    shares_of_young_victims,
    young_residents,
)
from planning.places.ward_posts.post_fairness import flips, posts_by_fifth
from planning.places.ward_posts.post_options import PostQuestion, given_posts, posts_table, rules_table
from planning.places.ward_posts.post_rules import SHORTFALL
from planning.places.ward_posts.post_years import growth_table, posts_over_years, years_table
from sources.tables.force_tables import ForceTables

Tables = dict[str, pd.DataFrame]
TABLES = ("posts", "post_rules", "post_fifths", "post_flips", "post_moves", "post_years", "post_growth")


@dataclass(frozen=True)
class WardPosts:
    """The tables of `TABLES` by name, those that have rows, and what is to be said beside them."""

    tables: Tables
    notes: tuple[str, ...] = ()


def ward_posts(
    tables: ForceTables,
    rules: PostsFile,
    *,
    first_month: pd.Timestamp,
    discovered: tuple[str, ...],
    plan_folder: Path | None = None,
    survey: Path | None = None,
    hours: pd.Series | None = None,
    draws: Mapping[str, xr.DataArray] | None = None,
) -> WardPosts:
    """Return posts of every role by the three rules.

    Demand is what was recorded in the twelve months from `first_month`; where it is drawn, by measure, (draw, year,
    ward), the first year of the draws gives the posts and the others the moves. discovered : crime types that policing
    itself discovers. survey : the Public Attitude Survey, else that of the plan folder. hours : of neighbourhood work
    on a case, by crime type.
    """
    draws = draws or {}
    demand = recorded_demands(tables, first_month, discovered, plan_folder, hours)
    demand |= {measure: drawn.isel(year=0) for measure, drawn in draws.items()}
    today = _beside(plan_folder, TODAY_FILE)
    questions = post_questions(tables.areas, rules, demand, None if today is None else read_posts_today(today))
    likeness = ward_likeness(tables.ward_profile)
    survey = survey or _beside(plan_folder, SURVEY_FILE)
    suppositions = reporting_suppositions(tables.areas, likeness, None if survey is None else read_survey(survey))
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for question, role in zip(questions, rules.role, strict=True):
        with stage(f"Giving posts: {question.role}"):
            found = _of_role(question, tables.areas, likeness, suppositions, draws.get(question.measure))
            if role.rising_to is not None:
                found["post_growth"] = _growth(question, role, rules, tables.areas)
        for name, table in found.items():
            parts[name].append(table if "role" in table else table.assign(role=question.role))
    whole = {name: pd.concat(found, ignore_index=True) for name, found in parts.items() if found}
    notes = [demand_of(role, demand)[1] for role in rules.role]
    return WardPosts({name: table for name, table in whole.items() if len(table)}, tuple(filter(None, notes)))


def write_ward_posts(found: WardPosts, folder: Path) -> None:
    """Write the tables as CSV files into a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in found.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)


def recorded_demands(
    tables: ForceTables,
    first_month: pd.Timestamp,
    discovered: tuple[str, ...],
    plan_folder: Path | None,
    hours: pd.Series | None,
) -> dict[str, xr.DataArray]:
    """Return every demand by ward that the force's files tell of, (draw, ward), recorded ones as one draw."""
    types = posted_types(tables.crime_types, discovered)
    weights = {VICTIM_REPORTED: pd.Series(1.0, index=types)}
    if not tables.severity.empty:
        weights[HARM] = tables.severity.set_index("crime_type")["weight"].reindex(types)
    if hours is not None:
        weights[HOURS] = hours.reindex(types)
    shares = shares_of_young_victims(tables.age_evidence, types)
    if len(shares):
        weights[YOUNG_VICTIMS] = shares
    demand = {
        measure: recorded_demand(tables.areas, tables.offences, weight, first_month)
        for measure, weight in weights.items()
    }
    disorder = recorded_disorder(tables.areas, tables.antisocial_behaviour, first_month)
    if disorder is not None:
        demand |= {ANTISOCIAL: disorder, WITH_ANTISOCIAL: demand[VICTIM_REPORTED] + disorder}
    young = young_residents(tables.areas, tables.ward_population_by_age)
    if len(young) == len(tables.areas):
        demand[YOUNG] = one_draw(young)
    file = _beside(plan_folder, PUPILS_FILE)
    if file is not None:
        told = read_pupils(file).set_index("ward_code").reindex(tables.areas["ward_code"]).fillna(0.0)
        demand |= {name: one_draw(told[name]) for name in (PUPILS, SCHOOLS) if name in told}
    return demand


def _of_role(
    question: PostQuestion,
    areas: pd.DataFrame,
    likeness: pd.DataFrame,
    suppositions: pd.DataFrame,
    draws: xr.DataArray | None,
) -> Tables:
    given = given_posts(question)
    posts, recommended = posts_table(question, areas, given), given[SHORTFALL].posts[0]
    found = {
        "posts": posts,
        "post_rules": rules_table(question, given),
        "post_fifths": posts_by_fifth(posts, likeness),
    }
    if question.measure in OF_CRIME:
        found["post_flips"] = flips(question.drawn, recommended, question.terms, question.each, suppositions)
    if draws is not None:
        ahead = draws.sel(ward=list(question.terms.wards)).transpose("draw", "year", "ward")
        years, drawn = [f"year {year} ahead" for year in ahead["year"].to_numpy()], ahead.to_numpy()
        moved = posts_over_years(drawn, recommended, question.terms, question.each, years)
        found["post_moves"] = moved.moves
        found["post_years"] = years_table(drawn, moved, question.terms, question.each, years)
    return found


def _growth(question: PostQuestion, role: Role, rules: PostsFile, areas: pd.DataFrame) -> pd.DataFrame:
    """Return the posts to come of a role that grows, with the names of their wards."""
    later = later_terms(role, rules, areas)
    table = growth_table(question.drawn, role.total, later, question.each)
    return table.merge(areas[["ward_code", "ward_name", "borough_name"]], on="ward_code").sort_values("number")


def _beside(plan_folder: Path | None, name: str) -> Path | None:
    return plan_folder / name if plan_folder is not None and (plan_folder / name).is_file() else None
