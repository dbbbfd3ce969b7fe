"""The search finds values that served the past, and looks at nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from features.rolling_origin import RollingOrigin
from models.recipes.catalogue import recipe
from models.scoring.search import search
from sources.files.errors import InputError
from tests.models.recipes.test_leakage import with_another_future

pytestmark = pytest.mark.unit


def test_the_best_comes_first_and_the_recipe_as_given_stands_among_them(simulated_panel: Panel) -> None:
    table = search("recent-mean", {"half_life": [0.3, 6.0, 12.0, 300.0]}, simulated_panel)
    assert sorted(table["half_life"]) == [0.3, 6.0, 12.0, 300.0]  # the default is tried once
    assert table["gain"].is_monotonic_decreasing
    given = table[table["half_life"] == 6.0].iloc[0]
    assert given["gain"] == 0
    assert table["half_life"].iloc[-1] in (0.3, 300.0)
    changed = search(recipe("recent-mean", half_life=300), {"half_life": [6.0]}, simulated_panel)
    assert changed["half_life"].iloc[0] == 6.0
    assert changed["gain"].iloc[0] > 0


def test_errors_are_those_of_the_months_ahead(simulated_panel: Panel) -> None:
    table = search("seasonal-naive", {}, simulated_panel, RollingOrigin(n_splits=1))
    counts = simulated_panel.offences.transpose("ward", "crime_type", "month").to_numpy().astype(float)
    last, before = counts[:, :, -12:], counts[:, :, -24:-12]
    assert table["ward_minor"].iloc[0] == pytest.approx(np.abs(last - before).sum() / last.sum())
    assert table["ward_all"].iloc[0] == pytest.approx(np.abs((last - before).sum(axis=1)).sum() / last.sum())


def test_a_panel_that_was_cut_hides_what_is_judged(simulated_panel: Panel) -> None:
    judged = simulated_panel.months[-13]
    changed = with_another_future(simulated_panel, judged)
    values = {"half_life": [3.0, 9.0]}
    before, after = (search("recent-mean", values, panel.as_known_at(judged)) for panel in (simulated_panel, changed))
    pd.testing.assert_frame_equal(before, after)


def test_what_cannot_be_searched_is_refused(simulated_panel: Panel) -> None:
    with pytest.raises(InputError, match="no such parameter"):
        search("recent-mean", {"half_lives": [3.0]}, simulated_panel)
    with pytest.raises(InputError, match="no origin to search on"):
        search("recent-mean", {"half_life": [3.0]}, simulated_panel.as_known_at(simulated_panel.months[40]))
