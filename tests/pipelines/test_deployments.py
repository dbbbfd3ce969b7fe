"""Places that share a Prefect server keep apart, and a port that answers is not taken for ours."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pipelines.deployments import name_of, running_server
from pipelines.scheduled import daily_check
from pipelines.settings import Settings
from sources.contracts import InputError


def test_places_that_share_a_server_have_deployments_of_their_own(tmp_path: Path) -> None:
    names = {name_of(daily_check, Settings(cache=tmp_path / force / "cache")) for force in ("north", "south")}
    assert len(names) == 2
    assert all(name.startswith("daily check ") for name in names)


def test_a_server_of_somebody_else_is_not_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"Another program uses the port(.|\n)*{port}"), running_server(port):
            pass
