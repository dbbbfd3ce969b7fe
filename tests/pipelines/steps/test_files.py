"""What flows leave on disk comes back as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest
import xarray as xr

from features.panel import Panel
from pipelines.kept.draws_file import DrawsFile
from pipelines.kept.panel_files import TABLES, load_panel, save_panel
from sources.files.errors import InputError

pytestmark = pytest.mark.integration


def test_a_panel_comes_back_as_it_was(simulated_panel: Panel, tmp_path: Path) -> None:
    for _ in range(2):
        save_panel(simulated_panel, tmp_path / "panel")
    back = load_panel(tmp_path / "panel")
    xr.testing.assert_equal(back.offences, simulated_panel.offences)
    xr.testing.assert_equal(back.unlocated, simulated_panel.unlocated)
    assert back.last_month == simulated_panel.last_month
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(simulated_panel, name), check_dtype=False)
    assert [path.name for path in tmp_path.iterdir()] == ["panel"]


@pytest.mark.parametrize("name", ["counts.nc", "areas.parquet"])
def test_a_damaged_panel_is_refused(simulated_panel: Panel, tmp_path: Path, name: str) -> None:
    save_panel(simulated_panel, tmp_path / "panel")
    file = tmp_path / "panel" / name
    content = bytearray(file.read_bytes())
    content[-100] ^= 1
    file.write_bytes(content)
    with pytest.raises(InputError, match="checksum has changed") as refused:
        load_panel(tmp_path / "panel")
    assert refused.value.file == file


def test_draws_come_back_as_they_were(tmp_path: Path) -> None:
    wards, origin = np.array(["E05000001", "E05000002"]), pd.Timestamp("2025-03-01")
    drawn = np.random.default_rng(0).poisson(3, (2, 4, 7)).astype(np.int32)
    with DrawsFile(tmp_path / "draws.parquet", wards, 7) as file:
        file.write(origin, "ARSON", drawn)
    table = ds.dataset(tmp_path / "draws.parquet").to_table().to_pandas()
    assert table["month"].dt.strftime("%Y-%m").tolist() == ["2025-04", "2025-05", "2025-06", "2025-07"] * 2
    assert np.array_equal(np.stack(table["draws"]).reshape(drawn.shape), drawn)
