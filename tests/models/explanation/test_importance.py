"""Importance finds the features that a correction relies on, on years that were not learnt from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.panel import Panel
from features.share_features import ShareFeatures
from models.explanation.importance import COLUMNS, ROWS, _shares_of, importances, rows_of
from models.recipes.baselines import RecentMean
from models.recipes.boosted import Boosted
from publication.numbers.record.features import in_words
from tests.models.recipes.test_leakage import with_another_future

pytestmark = pytest.mark.unit
SMALL = Boosted(fewest_in_leaf=40, ridge=1.0, trees=40)


def test_features_are_ranked_and_have_words(simulated_panel: Panel) -> None:
    table = importances(SMALL, simulated_panel, [simulated_panel.months[-13]])
    assert list(table.columns) == COLUMNS
    assert table["importance"].is_monotonic_decreasing
    names = ShareFeatures().fit(_shares_of(simulated_panel)).get_feature_names_out()
    assert set(table["feature"]) == set(names)
    assert table["importance"].max() > 0.001
    assert len({in_words(name) for name in names}) == len(names)
    with pytest.raises(ValueError, match="no words"):
        in_words("stars")


def test_a_feature_that_decides_comes_first(simulated_panel: Panel) -> None:
    """Where wards' newest month is what goes on, what came in the newest month counts most."""
    counts = simulated_panel.offences.copy()
    generator = np.random.default_rng(1)
    for start in range(11, counts.sizes["month"], 6):
        shift = generator.choice([0.2, 3.0], counts.isel(month=0).shape)
        ahead = slice(start, start + 6)
        counts[:, :, ahead] = np.round(20 * shift[:, :, None] * np.ones(counts[:, :, ahead].shape))
    panel = replace(simulated_panel, offences=counts.astype(np.int32))
    table = importances(SMALL, panel, [panel.months[-13]])
    assert table["importance"].iloc[0] > 2 * table["importance"].iloc[5]


def test_what_comes_after_the_year_makes_no_difference(simulated_panel: Panel) -> None:
    origin = simulated_panel.months[-25]
    changed = with_another_future(simulated_panel, simulated_panel.months[-13])
    before, after = (importances(SMALL, panel, [origin]) for panel in (simulated_panel, changed))
    assert before.equals(after)


def test_other_recipes_have_no_features(simulated_panel: Panel) -> None:
    assert importances(RecentMean(), simulated_panel, [simulated_panel.months[-13]]).empty
    assert importances(SMALL, simulated_panel, [simulated_panel.months[40]]).empty


def test_of_many_rows_the_same_are_taken_each_time() -> None:
    assert rows_of(ROWS).tolist() == list(range(ROWS))
    taken = rows_of(4 * ROWS)
    assert len(set(taken.tolist())) == ROWS
    assert np.array_equal(taken, rows_of(4 * ROWS))
    assert taken.mean() == pytest.approx(2 * ROWS, rel=0.05)
