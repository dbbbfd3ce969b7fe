"""Names of flow runs: a list of runs says what each was, for whom and up to when."""

from __future__ import annotations

from pathlib import Path

import pytest
from prefect.context import FlowRunContext

from pipelines.running.run_names import name_run
from sources.tables.force_tables import ForceTables, force_and_month, save

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(simulated_tables: ForceTables, tmp_path: Path) -> Path:
    save(simulated_tables, tmp_path / "tables-1")
    return tmp_path / "tables-1"


def test_whose_tables_and_up_to_when_is_read_without_the_rest(folder: Path, simulated_tables: ForceTables) -> None:
    force, month = force_and_month(folder)
    assert force == simulated_tables.force
    assert month == simulated_tables.offences["month"].max()


def test_outside_a_flow_nothing_is_named(folder: Path) -> None:
    name_run(folder)
    assert FlowRunContext.get() is None
