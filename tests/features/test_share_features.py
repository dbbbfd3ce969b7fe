"""The learning table of shares: named columns, as many as there are, that say nothing where shares are right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from features.area_counts import borough_of_ward, counts_of, sum_groups
from features.panel import Panel
from features.share_features import ShareFeatures, Shares

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def shares(simulated_panel: Panel) -> Shares:
    """Return the shares of all history, without season."""
    counts, borough = counts_of(simulated_panel), borough_of_ward(simulated_panel.areas)
    total = counts.sum(axis=2)
    share = total / np.maximum(sum_groups(total, borough)[borough], 1)
    return Shares(simulated_panel, share, np.ones((*share.shape, 12)))


def test_it_is_a_transformer_that_names_its_columns(shares: Shares) -> None:
    table = clone(ShareFeatures()).set_output(transform="pandas").fit_transform(shares)
    assert isinstance(table, pd.DataFrame)
    assert table.columns.is_unique
    assert len(table) == shares.share.size
    wards, types = shares.share.shape
    assert table["crime_type"].tolist() == list(range(types)) * wards
    mix = [name for name in table.columns if name.startswith("mix_")]
    assert [name.removeprefix("mix_") for name in mix] == list(dict.fromkeys(shares.known.crime_types["major_type"]))
    assert table[mix].sum(axis=1).to_numpy() == pytest.approx(1.0, abs=1e-5)


def test_a_ward_in_step_with_its_borough_has_ratios_of_one(shares: Shares) -> None:
    """Where every month is the same, no window differs from the share."""
    counts = shares.known.offences.copy()
    counts.data = np.broadcast_to(counts.to_numpy()[:, :, :1] + 3, counts.shape)
    known = Panel(**{**shares.known.__dict__, "offences": counts})
    total, borough = counts_of(known).sum(axis=2), borough_of_ward(known.areas)
    steady = Shares(known, total / sum_groups(total, borough)[borough], shares.season)
    table = ShareFeatures().set_output(transform="pandas").fit_transform(steady)
    against = table.filter(like="against_share")
    assert against.shape[1] == 12
    assert np.abs(against.to_numpy()).max() < 1e-5
    raised = counts.copy()
    raised[4, 2, -1] += 100
    moved = Shares(Panel(**{**known.__dict__, "offences": raised}), steady.share, steady.season)
    row = 4 * len(known.crime_types) + 2
    after = ShareFeatures().set_output(transform="pandas").fit_transform(moved).iloc[row]
    assert after["type_against_share_1m"] > 0.5 > after["type_against_share_24m"] > 0
    assert (after[["type_against_share_year_2_ago", "type_against_share_year_3_ago"]].abs() < 1e-5).all()
