"""Passwords: from the environment or a file of one's own, and in no message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.commands.cli import app
from pipelines.secrets import of_server
from pipelines.settings import load_settings, prepare_environment
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

PASSWORD = "swordfish"
DATABASE = f"postgresql://analyst:{PASSWORD}@127.0.0.1/wardcast"


@pytest.fixture(autouse=True)
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    ours = ("WARDCAST_", "MLFLOW_")
    # A copy, so that what is set for MLflow does not outlive the test.
    monkeypatch.setattr(os, "environ", {name: value for name, value in os.environ.items() if not name.startswith(ours)})
    return tmp_path / "wardcast.toml"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
@pytest.mark.parametrize(
    "line",
    [
        f'database_address = "{DATABASE}"',
        f'database_address = "host=127.0.0.1 user=analyst password={PASSWORD}"',
        f'tracking_uri = "http://analyst:{PASSWORD}@127.0.0.1:5000"',
    ],
)
def test_a_file_that_others_can_open_may_hold_no_password(settings_file: Path, mode: int, line: str) -> None:
    settings_file.write_text(line + "\n")
    settings_file.chmod(mode)
    with pytest.raises(InputError, match=r"chmod 600 wardcast\.toml") as refused:
        load_settings()
    assert PASSWORD not in str(refused.value)
    settings_file.chmod(0o600)
    assert load_settings()


def test_an_open_file_without_a_password_is_read(settings_file: Path) -> None:
    settings_file.write_text('tracking_uri = "http://mlflow:5000"\ndatabase_address = "postgresql://analyst@db/x"\n')
    settings_file.chmod(0o644)
    assert load_settings().tracking_address == "http://mlflow:5000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WARDCAST_TRACKING_URI", f"ftp://analyst:{PASSWORD}@127.0.0.1/mlflow"),
        ("WARDCAST_TRACKING_URI", f"analyst:{PASSWORD}@127.0.0.1:5000"),
        ("WARDCAST_DATABASE_ADDRESS", f"analyst:{PASSWORD}@127.0.0.1/wardcast"),
        ("WARDCAST_DATABASE_ADDRESS", f"postgresql://analyst:{PASSWORD}@127.0.0.1/wardcast?{PASSWORD}"),
    ],
)
def test_a_wrong_address_is_refused_without_being_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    done = CliRunner().invoke(app, ["settings"])
    assert done.exit_code == 1
    assert name in done.output
    assert PASSWORD not in done.output
    with pytest.raises(InputError) as refused:
        load_settings()
    assert refused.value.__cause__ is None  # a traceback would show the address


def test_a_password_of_a_server_leaves_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_TRACKING_URI", "https://ana%40lyst:sword%2Ffish@mlflow.example:5000/path")
    settings = load_settings()
    assert settings.tracking_address == "https://mlflow.example:5000/path"
    prepare_environment(settings)
    assert os.environ["MLFLOW_TRACKING_USERNAME"] == "ana@lyst"
    assert os.environ["MLFLOW_TRACKING_PASSWORD"] == "sword/fish"
    assert os.environ["MLFLOW_TRACKING_URI"] == "https://mlflow.example:5000/path"


def test_other_addresses_stay_as_they_are() -> None:
    for address in ("http://mlflow:5000", DATABASE, "sqlite:////srv/mlflow.db", ""):
        assert of_server(address) == (address, {})


def test_pickles_stay_forbidden_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    prepare_environment(load_settings())
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"
