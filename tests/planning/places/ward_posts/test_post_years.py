"""Posts of years to come side by side with what each year alone would give, and posts to come of a role that grows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.places.ward_posts.post_rules import give, shortfall_claim
from planning.places.ward_posts.post_terms import post_terms
from planning.places.ward_posts.post_years import growth_table, posts_over_years, years_table
from tests.planning.places.ward_posts.test_posts import wards

pytestmark = pytest.mark.unit
YEARS = ["year 1 ahead", "year 2 ahead"]


@given(st.integers(4, 12), st.integers(0, 8), st.integers(1, 1000))
def test_every_total_on_the_way_is_the_first_rows_of_the_growth(total: int, more: int, seed: int) -> None:
    demand = np.random.default_rng(seed).uniform(5, 60, (3, 4))
    areas = wards(4)
    growth = growth_table(demand, total, post_terms(areas, total + more, floor=1), 10.0)
    assert growth["number"].tolist() == list(range(total + 1, total + more + 1))
    now = give(shortfall_claim(demand, 10.0), post_terms(areas, total, floor=1)).posts[0]
    for number, ward in zip(growth["number"], growth["ward_code"], strict=True):
        now[areas["ward_code"].tolist().index(ward)] += 1
        then = give(shortfall_claim(demand, 10.0), post_terms(areas, int(number), floor=1)).posts[0]
        assert now.tolist() == then.tolist()


def test_a_year_that_is_sure_has_the_posts_it_would_give_anew() -> None:
    terms = post_terms(wards(4), 8, floor=1)
    demand = np.array([[[50.0, 10, 10, 10], [10, 10, 10, 50]]] * 5)
    start = give(shortfall_claim(demand[:, 0], 10.0), terms).posts[0]
    found = posts_over_years(demand, start, terms, 10.0, YEARS)
    table = years_table(demand, found, terms, 10.0, YEARS)
    assert (table["posts"] == table["posts_anew"]).all()
    assert table.groupby("period")["posts"].sum().tolist() == [8, 8]
    noise = np.random.default_rng(1).uniform(0, 20, (40, 2, 4))
    held = posts_over_years(noise, start, terms, 10.0, YEARS)
    kept = years_table(noise, held, terms, 10.0, YEARS)
    assert (kept["posts"].to_numpy() - np.tile(start, 2)).any() == bool(len(held.moves))
