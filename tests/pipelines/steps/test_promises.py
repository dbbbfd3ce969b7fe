"""Releases are held against what their backtest promised, as many months ahead."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from features.panel import build_panel
from models.backtest import backtest
from models.recipes.catalogue import model_named
from models.scoring.scores import score, score_summary
from models.uncertainty.variances import estimate_noise
from pipelines.steps.promises import promises_kept
from pipelines.steps.watching import archived_forecasts
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


def test_a_folder_without_releases_has_no_promises(tmp_path: Path, simulated_tables: ForceTables) -> None:
    assert promises_kept(tmp_path, simulated_tables).empty


def test_a_release_is_held_against_its_promises_by_level_and_type(
    tmp_path: Path, simulated_tables: ForceTables
) -> None:
    model, panel = model_named("recent-mean"), build_panel(simulated_tables)
    tables = simulated_tables
    origins = [pd.Timestamp("2023-12-01").as_unit("us"), pd.Timestamp("2024-12-01").as_unit("us")]
    noise = estimate_noise(model, panel.as_known_at(origins[0]))
    judged, told = backtest(model, panel, origins, 3, draws=60, noise_of=lambda model, known: noise)
    promised = score(judged, tables.offences, tables.areas, tables.crime_types)
    release = tmp_path / "2024-12-made"
    release.mkdir()
    told.to_parquet(release / "forecast.parquet")
    score_summary(promised).to_csv(release / "accuracy.csv", index=False)
    manifest = {"created_at": "2025-01-20T07:00:00+00:00", "files": [], "origin": "2024-12", "run_id": "run"}
    (release / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "2024-11-damaged").mkdir()
    (tmp_path / "2024-11-damaged" / "manifest.json").write_text("{")
    shutil.copytree(release, tmp_path / "2024-10-cut")
    (tmp_path / "2024-10-cut" / "forecast.parquet").write_bytes(b"PAR1 and no more")
    with pytest.warns(UserWarning, match="2024-10-cut is not watched"):
        assert len(archived_forecasts(tmp_path, tables))

    with pytest.warns(UserWarning, match="2024-10-cut is not watched"):
        kept = promises_kept(tmp_path, tables, {"run": promised}.get)
    assert set(kept["release"]) == {"2024-12-made"}
    assert set(kept["months"]) == {3}
    came = score(told, tables.offences, tables.areas, tables.crime_types)

    def borough_minor(scores: pd.DataFrame, group: str, value: str) -> float:
        rows = scores.query("area_level == 'borough' and crime_level == 'minor' and period == 'month'")
        return float(rows.loc[(rows["group"] == group) & (rows["group_value"] == value), "wis"].iloc[0])

    # Three months were judged and three have been recorded, so the promise of the level is that of the whole.
    for crime_type, group, value in (("", "overall", "all"), ("BICYCLE THEFT", "crime_type", "BICYCLE THEFT")):
        row = kept[(kept["area_level"] == "borough") & (kept["crime_level"] == "minor")]
        row = row[row["crime_type"] == crime_type].iloc[0]
        assert row["wis"] == pytest.approx(borough_minor(came, group, value))
        assert row["promised_wis"] == pytest.approx(borough_minor(promised, group, value))
    shutil.rmtree(tmp_path / "2024-10-cut")
    until = {"offences": tables.offences[tables.offences["month"] <= "2025-01-01"]}
    first = promises_kept(tmp_path, replace(tables, **until), {"run": promised}.get)
    row = first.query("area_level == 'borough' and crime_level == 'minor' and crime_type == ''").iloc[0]
    assert (row["months"], row["promised_months"]) == (1, 1)
    assert row["promised_wis"] == pytest.approx(borough_minor(promised, "horizon", "1"))
    without = promises_kept(tmp_path, tables)
    assert without.loc[without["crime_type"] != "", "promised_wis"].isna().all()
    assert without.loc[without["crime_type"] == "", "promised_wis"].notna().all()
