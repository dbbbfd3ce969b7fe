"""Commands that only look read what a run has kept, and the files again once one is another."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from features.panel import Panel
from pipelines.kept import tables_at_hand
from pipelines.kept.panel_files import save_panel
from pipelines.kept.tables_at_hand import mark_of, note, tables_and_panel
from pipelines.settings import Settings
from sources.tables.force_tables import ForceTables, save

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(simulated_force: Path, tmp_path: Path) -> Settings:
    """Settings of a copy of the small simulated force, with an empty cache."""
    data = shutil.copytree(simulated_force, tmp_path / "data")
    return Settings(data=data, cache=tmp_path / "cache")


def test_tables_that_a_run_has_kept_are_not_read_again(
    settings: Settings, simulated_tables: ForceTables, simulated_panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = settings.cache / "tables-1"
    save(simulated_tables, kept)
    note(mark_of(settings), kept)
    save_panel(simulated_panel, settings.cache / "panel-1")
    reads: list[Path] = []

    def read(data: Path, *, stops: bool) -> ForceTables:
        reads.append(data)
        return simulated_tables

    monkeypatch.setattr(tables_at_hand, "read_force", read)
    tables, panel = tables_and_panel(settings)
    assert reads == []
    assert tables.offences.equals(simulated_tables.offences)
    assert panel.offences.equals(simulated_panel.offences)
    file = next(one for one in sorted(settings.data.rglob("*.csv")))
    os.utime(file, ns=(0, 0))
    tables_and_panel(settings)
    assert reads == [settings.data]


def test_the_mark_is_of_files_settings_and_place(settings: Settings) -> None:
    before = mark_of(settings)
    assert mark_of(settings) == before
    (settings.data / "another.csv").touch()
    added = mark_of(settings)
    (settings.data / "another.csv").unlink()
    with_stops = mark_of(settings.model_copy(update={"stops_as_evidence": True}))
    assert len({before, added, with_stops}) == 3
