"""Posts: optimal against every allocation, never taken away by a larger total, sure, explained, refused."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.places.ward_posts.post_fairness import flips, posts_by_fifth, reporting_shares
from planning.places.ward_posts.post_options import PostQuestion, even_load, given_posts, posts_table, rules_table
from planning.places.ward_posts.post_rules import (
    LOAD,
    SHORTFALL,
    expected_shortfall,
    give,
    rules_of,
    shortfall_claim,
    worst_load,
)
from planning.places.ward_posts.post_terms import PostTerms, post_terms
from planning.places.ward_posts.post_years import posts_over_years
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


def wards(number: int, boroughs: int = 2) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ward_code": [f"E0500000{at}" for at in range(number)],
            "ward_name": [f"Ward {at}" for at in range(number)],
            "borough_code": [f"E0900000{at % boroughs}" for at in range(number)],
            "borough_name": [f"Borough {at % boroughs}" for at in range(number)],
        }
    )


def every_allocation(terms: PostTerms) -> np.ndarray:
    rows = [
        posts
        for posts in product(
            *(range(low, min(high, terms.total) + 1) for low, high in zip(terms.floor, terms.cap, strict=True))
        )
        if sum(posts) == terms.total
        and (np.bincount(terms.borough, posts, minlength=len(terms.minima)) >= terms.minima).all()
    ]
    return np.array(rows)


demands = st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(any), min_size=1, max_size=3).map(
    lambda rows: np.array(rows, dtype=float)
)


@settings(max_examples=60)
@given(demands, st.integers(5, 9), st.integers(0, 1), st.integers(3, 9), st.integers(0, 5), st.integers(5, 15))
def test_posts_are_the_optimum_of_their_rule(
    demand: np.ndarray, total: int, floor: int, cap: int, least: int, each: int
) -> None:
    minima = pd.Series({"E09000001": min(least, 2 * cap, total - 2 * floor)})
    terms = post_terms(wards(4), total, floor=floor, cap=cap, minima=minima)
    posts = give(shortfall_claim(demand, each), terms).posts[0]
    options = every_allocation(terms)
    best = min(expected_shortfall(demand, option, each) for option in options)
    assert any((option == posts).all() for option in options)
    assert expected_shortfall(demand, posts, each) == pytest.approx(best, abs=1e-7)
    free = post_terms(wards(4), total, floor=1, cap=cap)
    even = give(rules_of(demand, each)[LOAD], free).posts[0]
    assert worst_load(demand, even) == pytest.approx(min(worst_load(demand, one) for one in every_allocation(free)))


@settings(max_examples=40)
@given(demands, st.integers(6, 14), st.integers(5, 15), st.booleans())
def test_a_larger_total_takes_no_post_from_any_ward(demand: np.ndarray, total: int, each: int, minimum: bool) -> None:
    minima = pd.Series({"E09000000": 4}) if minimum else None
    for rule in rules_of(demand, each):
        fewer, more = (
            give(rules_of(demand, each)[rule], post_terms(wards(4), posts, floor=1, cap=8, minima=minima)).posts[0]
            for posts in (total, total + 1)
        )
        assert (more >= fewer).all()
        assert more.sum() == total + 1


def test_locks_hold() -> None:
    terms = post_terms(wards(4), 8, floor=1, cap=5, locks=pd.Series({"E05000002": 3}))
    posts = give(shortfall_claim(np.array([[50.0, 1, 1, 1]]), 10), terms).posts[0]
    assert list(posts) == [3, 1, 3, 1]


@pytest.mark.parametrize(
    ("words", "total", "terms"),
    [
        ("floor of 3 posts is over the cap of 2", 20, {"floor": 3, "cap": 2}),
        ("7 posts are fewer than the 8 that the wards' floors need", 7, {"floor": 2}),
        ("fewer than the 7 that the wards' floors and boroughs' minima", 6, {"floor": 1, "minima": {"E09000000": 5}}),
        ("9 posts are more than the 8 that the wards' caps", 9, {"cap": 2}),
        (r"Ward 1 \(E05000001\) is locked at 9 posts, over the cap of 4", 9, {"cap": 4, "locks": {"E05000001": 9}}),
        ("locked at 0 posts, under the floor of 1", 9, {"floor": 1, "locks": {"E05000001": 0}}),
        ("names a ward that is not there", 9, {"locks": {"E05999999": 1}}),
        ("names a borough that is not there", 9, {"minima": {"E09999999": 1}}),
        ("Borough 0 is to have at least 9 posts, and the caps and locks", 12, {"cap": 3, "minima": {"E09000000": 9}}),
    ],
)
def test_terms_that_contradict_name_both_sides(words: str, total: int, terms: dict) -> None:
    for name in ("locks", "minima"):
        if name in terms:
            terms = terms | {name: pd.Series(terms[name])}
    with pytest.raises(InputError, match=words):
        post_terms(wards(4), total, **terms)


def asked(demand: np.ndarray, total: int = 9, **more: object) -> PostQuestion:
    areas = wards(demand.shape[1])
    drawn = xr.DataArray(demand, dims=("draw", "ward"), coords={"ward": areas["ward_code"]})
    return PostQuestion("ward officer", drawn, post_terms(areas, total, floor=1), 10.0, "hours", **more)


def test_a_post_is_as_sure_as_the_draws_that_support_it() -> None:
    demand = np.tile([40.0, 10, 10, 10], (10, 1))
    demand[:3, 1:] = [[60, 5, 5]] * 3
    demand[:3, 0] = 5
    question = asked(demand, total=6)
    table = posts_table(question, wards(4), given_posts(question)).set_index(["rule", "ward_code"])
    first = table.loc[(SHORTFALL, "E05000000")]
    assert first["posts"] == 3
    assert first["surety"] == pytest.approx(0.7)
    assert table.loc[(SHORTFALL, "E05000003"), "surety"] == 1  # the floor is sure


def test_reasons_name_the_next_in_line() -> None:
    question = asked(np.array([[36.0, 15, 12, 0]]), total=7)
    why = posts_table(question, wards(4), given_posts(question))["why"].iloc[:4].tolist()
    assert why[0] == "The 4th post meets 6 hours. Next in line is the 2nd post of Ward 1, 5 hours."
    assert why[1] == "The floor. The 2nd post would meet 5 hours; the last given is the 4th post of Ward 0, 6 hours."


def test_a_post_that_is_nearly_always_busy_says_in_how_many_futures() -> None:
    demand = np.tile([60.0, 15, 10, 5], (20, 1))
    demand[0, 0] = 5.0  # in one future of twenty there is nothing for the last post to do
    question = asked(demand, total=7)
    table = posts_table(question, wards(4), given_posts(question))
    assert "(wholly busy in 95 % of futures)" in table["why"].iloc[0]


def test_moves_from_today_have_their_price() -> None:
    today = pd.Series([1.0, 5, 1, 2], index=wards(4)["ward_code"])
    question = asked(np.array([[60.0, 10, 10, 10]]), today=today, move_cost=100.0)
    rules = rules_table(question, given_posts(question)).set_index("rule")
    assert rules.loc[SHORTFALL, "moved"] == 5  # four of Ward 1, one of Ward 3
    assert rules.loc[SHORTFALL, "cost"] == 500


def test_demand_that_gives_no_order_is_refused() -> None:
    with pytest.raises(InputError, match="zero in every ward"):
        asked(np.zeros((1, 4)))
    with pytest.raises(InputError, match="no number of at least zero"):
        asked(np.array([[1.0, np.nan, 1, 1]]))
    assert even_load(asked(np.array([[8.0, 1, 1, 2]])).demand, 4) == 3


def test_a_post_moves_only_when_that_is_sure() -> None:
    terms = post_terms(wards(3, 1), 6, floor=1)
    start = np.array([2, 2, 2])
    drawn = np.tile([20.0, 20, 20], (10, 1))
    unsure, certain = drawn.copy(), drawn.copy()
    unsure[:7] = [30, 20, 11]  # in three draws of ten nothing would be gained
    certain[:] = [30, 20, 11]
    demand = np.stack([drawn, unsure, certain], axis=1)
    found = posts_over_years(demand, start, terms, 10.0, ["1", "2", "3"])
    assert found.posts.tolist() == [[2, 2, 2], [2, 2, 2], [3, 2, 1]]
    assert found.moves[["period", "from_ward", "to_ward", "surety"]].to_numpy().tolist() == [
        ["3", "E05000002", "E05000000", 1.0]
    ]


def test_years_keep_minima_and_end_at_the_optimum_where_all_is_sure() -> None:
    areas = wards(4)
    terms = post_terms(areas, 10, floor=1, minima=pd.Series({"E09000001": 4}))
    demand = np.array([[[70.0, 10, 10, 12]]])
    start = np.array([1, 4, 1, 4])
    posts = posts_over_years(demand, start, terms, 10.0, ["1"]).posts[0]
    assert posts.sum() == 10
    assert posts[1] + posts[3] >= 4
    best = give(shortfall_claim(demand[:, 0], 10.0), terms).posts[0]
    assert expected_shortfall(demand[:, 0], posts, 10) == pytest.approx(expected_shortfall(demand[:, 0], best, 10))


def test_wards_flip_where_less_may_be_reported() -> None:
    question = asked(np.array([[28.0, 24, 5, 5]]), total=5)
    trust = pd.Series([0.8, 0.4, 0.6, 0.6], index=question.terms.wards)
    reported = pd.DataFrame({"trust": reporting_shares(trust, 0.3, less_where_low=True), "none": 1.0})
    assert reported["trust"].min() == pytest.approx(0.7)
    posts = given_posts(question)[SHORTFALL].posts[0]
    found = flips(question.drawn, posts, question.terms, 10.0, reported)
    assert set(found["supposition"]) == {"trust"}
    assert found.set_index("ward_code").loc["E05000001", "posts_then"] == 2
    with pytest.raises(InputError, match="from 0 to below 1"):
        reporting_shares(trust, 1.0, less_where_low=True)


def test_posts_by_fifth_add_up() -> None:
    areas = wards(9)
    posts = pd.DataFrame({"rule": SHORTFALL, "ward_code": areas["ward_code"], "posts": range(2, 11), "floor": 2})
    like = pd.DataFrame({"deprivation": range(9)}, index=areas["ward_code"])
    table = posts_by_fifth(posts, like)
    assert table["posts"].sum() == 54
    assert table["share_beyond_floor"].sum() == pytest.approx(1)
    assert table["share_beyond_floor"].is_monotonic_increasing
    assert table["wards"].tolist() == [1, 2, 2, 2, 2]
