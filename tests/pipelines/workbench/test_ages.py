"""Shares of ages of past origins as commands write and score them, on the simulated force."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.settings import load_settings
from pipelines.workbench.ages import scored_shares, write_past_shares
from sources.files.errors import InputError

pytestmark = pytest.mark.integration


def test_what_is_written_is_scored_alike_and_beats_no_ages_at_all(simulated_force: Path, tmp_path: Path) -> None:
    settings = load_settings(data=simulated_force)
    out = tmp_path / "shares.parquet"
    scores = write_past_shares(settings, ["2024-03"], 12, out)
    again = scored_shares(settings, out)
    pd.testing.assert_frame_equal(scores, again, check_exact=False, rtol=1e-5)
    assert set(scores["source"]) == {"incidents"}
    assert set(scores["basis"]) == {"victim", "suspect"}
    pooled = [(scores[name] * scores["people"]).sum() / scores["people"].sum() for name in ("error", "last_year")]
    assert pooled[0] < pooled[1]  # in truth ages do not drift: one year's raw shares hold chance alone
    assert 0.7 < scores["coverage_80"].mean() < 0.92


def test_origins_and_horizons_that_tell_nothing_are_refused(simulated_force: Path, tmp_path: Path) -> None:
    settings = load_settings(data=simulated_force)
    with pytest.raises(InputError, match="told by year"):
        write_past_shares(settings, ["2024-03"], 6, tmp_path / "shares.parquet")
    with pytest.raises(InputError, match="folder to write to"):
        write_past_shares(settings, ["2024-03"], 12, tmp_path / "nowhere" / "shares.parquet")
