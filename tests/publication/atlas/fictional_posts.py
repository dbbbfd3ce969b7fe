"""Posts by ward of a made-up plan, for the atlas to tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from planning.make import PlanResult
from planning.places.ward_posts.post_options import PostQuestion, given_posts, posts_table
from planning.places.ward_posts.post_rules import SHORTFALL
from planning.places.ward_posts.post_terms import post_terms
from planning.places.ward_posts.post_years import posts_over_years, years_table

SUPPOSITION = "20% less in the most deprived ward"


def plan_of_posts(areas: pd.DataFrame) -> PlanResult:
    """Ward officers, two in every ward, over forty draws of three years; the last ward flips."""
    draws = np.random.default_rng(7).gamma(9, 20, (40, 3, len(areas))) * np.arange(1, len(areas) + 1)
    demand = xr.DataArray(draws[:, 0], dims=("draw", "ward"), coords={"ward": areas["ward_code"].to_numpy()})
    question = PostQuestion(
        "ward officer", demand, post_terms(areas, 4 * len(areas), floor=2), 100.0, "victim-reported"
    )
    given, years = given_posts(question), [f"year {year} ahead" for year in (1, 2, 3)]
    recommended = given[SHORTFALL].posts[0]
    moved = posts_over_years(draws, recommended, question.terms, question.each, years)
    flips = pd.DataFrame(
        {
            "role": "ward officer",
            "supposition": SUPPOSITION,
            "ward_code": areas["ward_code"].iloc[-1:],
            "posts": recommended[-1:],
            "posts_then": recommended[-1:] + 1,
        }
    )
    tables = {
        "posts": posts_table(question, areas, given),
        "post_years": years_table(draws, moved, question.terms, question.each, years).assign(role="ward officer"),
        "post_flips": flips,
    }
    return PlanResult(tables, (), {})
