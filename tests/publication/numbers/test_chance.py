"""The chance of a rise, from quantiles: close to that of the draws, and words that follow it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.draws.rows import QUANTILES, quantiles_of
from publication.numbers.chance import chance_of_more, direction, outlook_in_words, tenths

pytestmark = pytest.mark.unit


def cells(draws: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(quantiles_of(draws.copy()), columns=list(QUANTILES))


def test_it_is_close_to_the_share_of_draws_even_where_they_are_skewed() -> None:
    generator = np.random.default_rng(3)
    draws = generator.poisson(generator.lognormal(6, 0.6, (40, 2000)))
    before = np.quantile(draws, np.linspace(0.04, 0.96, 40), axis=1).diagonal()
    exact = (draws > before[:, None]).mean(axis=1) + 0.5 * (draws == before[:, None]).mean(axis=1)
    assert np.abs(chance_of_more(cells(draws), before) - exact).max() < 0.04


def test_a_mean_above_last_year_is_no_rise_where_most_draws_lie_below() -> None:
    draws = np.r_[np.full(70, 80), np.full(30, 200)][None]
    (chance,) = chance_of_more(cells(draws), np.array([100.0]))
    assert draws.mean() > 100
    assert chance < 0.5
    assert "rise (chance" not in outlook_in_words(chance)


@given(st.floats(0, 1))
def test_words_never_contradict_the_chance(chance: float) -> None:
    words = {"up": "likely to rise", "down": "likely to fall", "either": "either way"}
    assert words[direction(chance)] in outlook_in_words(chance)
    if tenths(chance)[1:] == " in 10":
        assert abs(int(tenths(chance)[0]) / 10 - chance) <= 0.0501


def test_nothing_recorded_to_compare_with_is_no_chance() -> None:
    assert np.isnan(chance_of_more(cells(np.ones((1, 50), dtype=int)), np.array([np.nan]))).all()
    assert outlook_in_words(float("nan")) == tenths(float("nan")) == direction(float("nan")) == ""
