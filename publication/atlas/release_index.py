"""What the page needs before any figure: names, times, the map, and the facts of the release.

Walks in: the contents and what the atlas made of them. Walks out: one value for JSON (`page/source/data/release.ts`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from publication.atlas.ages import age_quality
from publication.atlas.crime_columns import Axes
from publication.atlas.crimes import Crime
from publication.atlas.other_names import former_names
from publication.atlas.outlines import ward_map
from publication.atlas.places import LEVELS, base_area
from publication.numbers.findings import harm_by_type
from publication.numbers.record.track_record import track_record
from publication.numbers.recorded import measure_told
from publication.numbers.steps import breaks_for_page
from publication.release.contents import Contents
from publication.words import STEP_NAMES

TOTALS = ("before", "after")  # steps that are totals, not changes


def release_index(
    contents: Contents,
    axes: Axes,
    crimes: list[Crime],
    *,
    recorded: pd.DatetimeIndex,
    whole_from: np.ndarray,
    groups: pd.MultiIndex,
    with_ages: set[str],
    finest: dict[str, str],
    marks: list[str],
    with_posts: bool,
) -> dict[str, Any]:
    """Return the release as the page's first script hands it over.

    recorded : months of the history. whole_from : of each area, the place of the first of them from which all that the
    area counts was published. with_ages : ids of the crime types that have a file of ages. finest : the finest
    level with a forecast, by id of the type. marks : of each ward, why its rate misleads. with_posts : whether there
    is a file of posts by ward.
    """
    facts, places = contents.facts, axes.places
    return {
        "name": facts.name,
        "base": base_area(contents.geography.areas),
        "force": {"name": facts.force.name, "simulated": facts.force.simulated},
        "audience": contents.audience,
        "origin": _month(facts.origin),
        "vintage": facts.data_vintage,
        "code": facts.code_version,
        "run": facts.run_id,
        "made": f"{facts.created_at:%Y-%m-%d}",
        "scenarios": list(axes.scenarios),
        "years": [_month(year) for year in axes.years],
        "months": [_month(month) for month in axes.months],
        "history": {"first": _month(recorded[0]), "months": len(recorded)},
        "areas": {name: places.table[name].tolist() for name in places.table},
        "marks": marks,
        "posts": with_posts,
        "breaks": breaks_for_page(contents, recorded[0]),
        "contact": facts.contact,
        "measures": {level: measure_told(contents.ahead, level) for level in LEVELS},
        "whole_from": whole_from.tolist(),
        "map": ward_map(places, contents.geography.ward_boundaries),
        "crimes": [_crime(crime, crimes, contents, with_ages) | {"finest": finest[crime.identity]} for crime in crimes],
        "former": former_names(contents, places),
        "postcodes": len(contents.geography.postcodes),
        "record": _record(contents),
        "protected": list(contents.crime.protected_types),
        "protected_harm": _protected_harm(contents),
        "groups": [list(pair) for pair in groups],
        "steps": [{"step": step, "name": STEP_NAMES.get(step, step)} for step in driver_steps(contents.ahead.drivers)],
        "accuracy": _accuracy(contents.track_record.accuracy),
    }


def _protected_harm(contents: Contents) -> float:
    """Return the share of the force's expected severity that is of protected types, which wards leave out."""
    harm = harm_by_type(contents, "force")
    left_out = harm[harm.index.isin(contents.crime.protected_types)].sum()
    return round(float(left_out / harm.sum()), 4) if harm.sum() > 0 else 0.0


def driver_steps(drivers: pd.DataFrame) -> list[str]:
    """Return the steps that are changes, in the order in which factors are told, new ones last."""
    steps = [step for step in drivers["step"].astype(str).unique() if step not in TOTALS]
    return sorted(
        steps, key=lambda step: (list(STEP_NAMES).index(step) if step in STEP_NAMES else len(STEP_NAMES), step)
    )


def _crime(crime: Crime, crimes: list[Crime], contents: Contents, with_ages: set[str]) -> dict[str, Any]:
    level, crime_type = crime.key
    weights = dict(zip(contents.crime.severity["crime_type"], contents.crime.severity["weight"], strict=True))
    major = next((other.identity for other in crimes if other.key == ("major", crime.major)), "")
    return {
        "id": crime.identity,
        "level": level,
        "type": crime_type,
        "minors": list(crime.minor_types),
        "name": crime.name,
        "major": "" if level == "all" else major,
        "weight": float(weights[crime_type]) if level == "minor" and crime_type in weights else None,
        "ages": age_quality(crime, contents.ages.age_quality) if crime.identity in with_ages else None,
    }


def _record(contents: Contents) -> list[dict[str, Any]]:
    """Return how whole years came in by level, types and years ahead: how many, how many in range, the usual error."""
    found = track_record(contents.track_record)
    found = found[found["which"] == "all"]
    columns = ["area_level", "crime_level", "years_ahead", "origins", "cells", "inside", "error"]
    rows = found[columns].astype({"error": float}).round({"error": 4}).astype(object).to_dict(orient="records")
    return [{str(name): value for name, value in row.items() if not pd.isna(value)} for row in rows]


def _accuracy(accuracy: pd.DataFrame) -> list[dict[str, Any]]:
    """Return error and coverage by level of areas and crime types; coverage is left out where it is not one number."""
    columns = ["area_level", "crime_level", "wape", "naive_wape", "floor", "bias", "coverage_80_randomised"]
    rows = accuracy.reindex(columns=columns).astype(object)
    return [
        {str(name): value for name, value in row.items() if not pd.isna(value)}
        for row in rows.to_dict(orient="records")
    ]


def _month(month: pd.Timestamp) -> str:
    return f"{month:%Y-%m}"
