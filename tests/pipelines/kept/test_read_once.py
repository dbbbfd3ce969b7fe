"""What the flows of a run work on is read once, and again as soon as its files are others."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.panel import Panel
from pipelines.kept.panel_files import save_panel
from pipelines.kept.read_once import panel_of, tables_of
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables, save

pytestmark = pytest.mark.integration


def test_tables_are_read_once_for_all_flows(
    simulated_tables: ForceTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(simulated_tables, tmp_path / "tables")
    first = tables_of(tmp_path / "tables")
    (tmp_path / "tables" / "alerts.parquet").touch()  # as the monitor leaves beside them
    monkeypatch.chdir(tmp_path)
    assert tables_of(Path("tables")) is first


def test_tables_written_anew_are_read_anew(simulated_tables: ForceTables, tmp_path: Path) -> None:
    save(simulated_tables, tmp_path / "tables")
    first = tables_of(tmp_path / "tables")
    save(simulated_tables, tmp_path / "tables")
    again = tables_of(tmp_path / "tables")
    assert again is not first
    assert again.offences.equals(first.offences)


def test_a_file_damaged_after_it_was_read_is_refused(
    simulated_tables: ForceTables, simulated_panel: Panel, tmp_path: Path
) -> None:
    save(simulated_tables, tmp_path / "tables")
    save_panel(simulated_panel, tmp_path / "panel")
    assert panel_of(tmp_path / "panel") is panel_of(tmp_path / "panel")
    tables_of(tmp_path / "tables")
    for folder, read in (("tables", tables_of), ("panel", panel_of)):
        file = tmp_path / folder / "areas.parquet"
        content = bytearray(file.read_bytes())
        content[-100] ^= 1
        file.write_bytes(content)
        with pytest.raises(InputError, match="checksum has changed"):
            read(tmp_path / folder)
        file.unlink()
        with pytest.raises(InputError, match="not whole"):
            read(tmp_path / folder)
