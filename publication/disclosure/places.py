"""Disclosure of posts by ward: what counts as recorded may not be read back from them.

Walks in: the tables of a plan. Walk out: the same without demand that is a recorded count of a ward.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from planning.make import PlanResult
from planning.places.ward_posts.post_demand import ANTISOCIAL, WITH_ANTISOCIAL, YOUNG_VICTIMS

# Demand that no forecast draws: it stands as it was recorded.
RECORDED = (ANTISOCIAL, WITH_ANTISOCIAL, YOUNG_VICTIMS)
TOLD = {"posts": ("demand",), "post_rules": ("shortfall", "worst_load"), "post_growth": ("demand_met",)}


def without_recorded_demand(plan: PlanResult | None) -> PlanResult | None:
    """Return a plan whose posts tell no recorded count of a ward, nor a sentence that names one; posts themselves stay.

    For where counts are the force's own, and no publisher has released them by ward.
    """
    if plan is None or "posts" not in plan.tables:
        return plan
    posts = plan.tables["posts"]
    roles = set(posts.loc[posts["measure"].isin(RECORDED), "role"])
    tables = {
        name: _without(plan.tables[name], roles, columns) for name, columns in TOLD.items() if name in plan.tables
    }
    tables["posts"] = tables["posts"].assign(why=tables["posts"]["why"].mask(posts["role"].isin(roles), ""))
    return replace(plan, tables={**plan.tables, **tables})


def _without(table: pd.DataFrame, roles: set[str], columns: tuple[str, ...]) -> pd.DataFrame:
    of_roles = table["role"].isin(roles)
    return table.assign(**{name: table[name].mask(of_roles, np.nan) for name in columns})
