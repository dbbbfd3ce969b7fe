"""Scripts heed the lock of the place they work in."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.running.refresh_lock import one_at_a_time
from pipelines.workbench.scripting import track
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables


@pytest.mark.integration
def test_a_script_waits_for_no_refresh_at_work(
    simulated_tables: ForceTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDCAST_CACHE", str(tmp_path / "cache"))
    with one_at_a_time(tmp_path / "cache"), pytest.raises(InputError, match="Another refresh is at work"):
        track("recent-mean", simulated_tables, mlruns=tmp_path / "mlruns")
