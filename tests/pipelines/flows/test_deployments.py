"""Places that share a Prefect server keep apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.flows.deployments import name_of
from pipelines.flows.scheduled import daily_check
from pipelines.settings import Settings

pytestmark = pytest.mark.unit


def test_places_that_share_a_server_have_deployments_of_their_own(tmp_path: Path) -> None:
    names = {name_of(daily_check, Settings(cache=tmp_path / force / "cache")) for force in ("north", "south")}
    assert len(names) == 2
    assert all(name.startswith("daily check ") for name in names)
