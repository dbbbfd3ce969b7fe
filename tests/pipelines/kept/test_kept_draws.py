"""The draws kept to plan with are those that the forecast was summarised from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from features.panel import Panel
from models.draws.summary import forecast_tables
from models.scripting import fit, forecast
from pipelines.kept.kept_draws import KeptDrawsFiles, digest_of, read_kept_draws, write_basis
from sources.files.errors import InputError

pytestmark = pytest.mark.integration
DRAWS, MONTHS = 40, 14


def test_kept_draws_are_those_of_the_forecast(simulated_panel: Panel, tmp_path: Path) -> None:
    fitted = fit(simulated_panel, "seasonal-naive")
    ahead = forecast(fitted, simulated_panel, MONTHS)
    drawn: dict[str, np.ndarray] = {}
    write_basis(tmp_path, ahead, {}, simulated_panel, DRAWS, 1)
    with KeptDrawsFiles(tmp_path, DRAWS) as files:
        table = forecast_tables(
            [ahead],
            simulated_panel.areas,
            draws=DRAWS,
            seed=1,
            keep_draws=lambda crime_type, draws: drawn.update({crime_type: draws.copy()}),
            keep_sums=files.write,
        ).forecast
    kept = read_kept_draws(tmp_path)
    boroughs = simulated_panel.areas["borough_code"].to_numpy()
    for crime_type, draws in drawn.items():
        of_type = kept.by_month.sel(crime_type=crime_type)
        for place, borough in enumerate(dict.fromkeys(boroughs)):
            assert np.array_equal(of_type[place].to_numpy(), draws[boroughs == borough].sum(axis=0))
        assert np.array_equal(kept.by_year.sel(crime_type=crime_type).to_numpy()[:, 0], draws[:, :12].sum(axis=1))
    table = table[table["measure"] == "located"]
    rows = table.query("area_level == 'force' and crime_level == 'all' and period == 'month'").sort_values("month")
    located = kept.by_month.to_numpy()[kept.by_month["measure"].to_numpy() == "located"].sum(axis=(0, 1))
    middle = np.sort(located, axis=-1)[:, DRAWS // 2 - 1]
    assert np.array_equal(rows["q50"].to_numpy(), middle)
    last_year = simulated_panel.offences.isel(month=slice(-12, None)).sum().item()
    assert kept.base_by_ward.sum().item() == last_year
    assert digest_of(tmp_path) == digest_of(tmp_path)


def test_a_forecast_without_draws_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="keeps no draws"):
        read_kept_draws(tmp_path)
