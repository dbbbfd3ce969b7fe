"""Posts by ward tell no count that is the force's own."""

from __future__ import annotations

import pandas as pd
import pytest

from planning.make import PlanResult
from publication.disclosure.places import without_recorded_demand

pytestmark = pytest.mark.unit


def test_a_recorded_count_of_a_ward_is_not_told_and_posts_are() -> None:
    rows = [
        ("ward officer", "victim-reported", 3, 40.5, "because"),
        ("night officer", "anti-social behaviour", 2, 7.0, "7"),
    ]
    posts = pd.DataFrame(rows, columns=["role", "measure", "posts", "demand", "why"])
    rules = pd.DataFrame({"role": posts["role"], "shortfall": 0.1, "worst_load": 7.0})
    growth = pd.DataFrame({"role": posts["role"], "number": 1, "demand_met": 3.0})
    plan = PlanResult({"posts": posts, "post_rules": rules, "post_growth": growth}, (), {})
    told = without_recorded_demand(plan)
    assert told is not None
    assert told.tables["posts"]["posts"].tolist() == [3, 2]
    assert told.tables["posts"]["why"].tolist() == ["because", ""]
    for name, column in (("posts", "demand"), ("post_rules", "worst_load"), ("post_growth", "demand_met")):
        assert told.tables[name][column].isna().tolist() == [False, True]
    assert without_recorded_demand(None) is None
    nothing = PlanResult({}, (), {})
    assert without_recorded_demand(nothing) is nothing
