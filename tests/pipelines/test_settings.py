"""Settings: flags beat the environment, which beats the file; a wrong one is refused with what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.commands.cli import app
from pipelines.settings import load_settings, origin_of_settings
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_flags_beat_the_environment_which_beats_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().horizon == 48
    (elsewhere / "wardcast.toml").write_text("horizon = 24\nseed = 5\n")
    assert load_settings().horizon == 24
    monkeypatch.setenv("WARDCAST_HORIZON", "18")
    assert load_settings().horizon == 18
    assert load_settings(horizon=6, draws=None).horizon == 6
    assert load_settings().seed == 5


def test_folders_are_where_the_command_is_given(elsewhere: Path) -> None:
    assert load_settings().releases == elsewhere / "releases"
    assert load_settings().tracking_address == f"sqlite:///{elsewhere}/mlruns/mlflow.db"
    assert load_settings(tracking_uri="http://127.0.0.1:5000").tracking_address == "http://127.0.0.1:5000"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("horizon = 0", "horizon.*Allowed: 1 to 60"),
        ("horizon = 'long'", "horizon.*Allowed: 1 to 60"),
        ("audience = 'all'", "audience.*Allowed: open or internal"),
        ("horizons = 3", "horizons.*Perhaps horizon is meant.*Settings are: data"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(elsewhere: Path, text: str, said: str) -> None:
    (elsewhere / "wardcast.toml").write_text(text)
    with pytest.raises(InputError) as refused:
        load_settings()
    assert re.search(f"{said}", str(refused.value), re.DOTALL)


def test_a_slip_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_HORIZN", "24")
    with pytest.raises(InputError, match=r"WARDCAST_HORIZN(.|\n)*Perhaps horizon is meant"):
        load_settings()


def test_it_is_said_where_each_setting_came_from(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "wardcast.toml").write_text("horizon = 24\nseed = 5\n")
    monkeypatch.setenv("WARDCAST_SEED", "7")
    origins = origin_of_settings({"draws": 80, "model": None})
    assert origins["horizon"] == "wardcast.toml"
    assert origins["seed"] == "environment"
    assert origins["draws"] == "flag"
    assert origins["model"] == "default"


def test_passwords_are_never_shown(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDCAST_DATABASE_ADDRESS", "postgresql://analyst:swordfish@127.0.0.1/wardcast")
    monkeypatch.setenv("WARDCAST_TRACKING_URI", "http://analyst:swordfish@127.0.0.1:5000")
    shown = CliRunner().invoke(app, ["settings"])
    assert shown.exit_code == 0
    assert "swordfish" not in shown.output
    assert "swordfish" not in repr(load_settings())
    assert "swordfish" not in load_settings().model_dump_json()


@pytest.mark.parametrize(
    "content", [b"horizon = ", b"horizon = 2\n\xff", b"a = " + b"9" * 5_000, b"a = " + b"[" * 20_000]
)
def test_a_file_that_is_no_toml_is_refused(elsewhere: Path, content: bytes) -> None:
    (elsewhere / "wardcast.toml").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as TOML") as refused:
        load_settings()
    assert str(refused.value.file) == "wardcast.toml"


def test_a_folder_in_the_place_of_the_file_is_refused(elsewhere: Path) -> None:
    (elsewhere / "wardcast.toml").mkdir()
    with pytest.raises(InputError, match="folder or a device"):
        load_settings()
