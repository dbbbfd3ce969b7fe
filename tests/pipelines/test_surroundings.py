"""What the environment hands down changes nothing, or is named before any work is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.code_version import code_version, commit
from pipelines.running.failures import explained
from pipelines.surroundings import (
    CERTIFICATES,
    OF_OTHER_RUNS,
    OWN_SERVERS,
    refuse_what_cannot_work,
    set_aside_other_servers,
    settle,
)
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


def folders(root: Path) -> dict[str, Path]:
    return {name: root / name for name in ("releases", "cache", "mlruns")}


def refused(root: Path, **environment: str) -> InputError:
    environment = {"HOME": str(root)} | environment
    with pytest.raises(InputError) as caught:
        refuse_what_cannot_work(folders(root), {"mlruns": root / "mlruns"}, environment)
    return caught.value


@pytest.mark.parametrize("before", [{}, {"NO_PROXY": "intranet"}, {"no_proxy": "intranet, localhost"}])
def test_loopback_goes_through_no_proxy(tmp_path: Path, before: dict[str, str]) -> None:
    environment = {"HTTP_PROXY": "http://127.0.0.1:9", "HOME": str(tmp_path), **before}
    settle(tmp_path, environment)
    assert environment["NO_PROXY"] == environment["no_proxy"]
    named = environment["NO_PROXY"].split(",")
    assert {"127.0.0.1", "localhost", "::1"} <= set(named)
    assert ("intranet" in named) == bool(before)
    assert environment["HTTP_PROXY"] == "http://127.0.0.1:9", "others are still reached through it"


@pytest.mark.parametrize("name", OF_OTHER_RUNS)
def test_what_another_run_left_is_set_aside(tmp_path: Path, name: str) -> None:
    environment = {"HOME": str(tmp_path), name: "0123456789abcdef"}
    settle(tmp_path, environment)
    assert name not in environment


def test_a_user_without_a_home_has_one_in_the_cache(tmp_path: Path) -> None:
    for home in ({}, {"HOME": str(tmp_path / "nobody-made-this")}):
        environment = dict(home)
        settle(tmp_path / "cache", environment)
        for name in ("PREFECT_HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME"):
            assert Path(environment[name]).is_relative_to(tmp_path / "cache")
        refuse_what_cannot_work(folders(tmp_path), {}, environment)
    environment = {"HOME": str(tmp_path)}
    settle(tmp_path / "cache", environment)
    assert "PREFECT_HOME" not in environment


def test_a_server_of_ours_takes_nothing_over_from_others() -> None:
    environment = {"PREFECT_API_KEY": "x", "PREFECT_SERVER_DATABASE_CONNECTION_URL": "y", "PREFECT_HOME": "z", "A": "b"}
    set_aside_other_servers(environment)
    assert environment == {"PREFECT_HOME": "z", "A": "b", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_certificates_that_are_not_there_are_named(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path, **{name: str(tmp_path / "gone.pem")})
    assert error.column == name
    assert name in error.remedy


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, PREFECT_PROFILE="work").column == "PREFECT_PROFILE"
    (tmp_path / ".prefect").mkdir()
    (tmp_path / ".prefect/profiles.toml").write_text("[profiles.work]\n")
    refuse_what_cannot_work(folders(tmp_path), {}, {"HOME": str(tmp_path), "PREFECT_PROFILE": "work"})
    (tmp_path / ".prefect/profiles.toml").write_text("[profiles")
    assert "profiles cannot be read" in refused(tmp_path, PREFECT_PROFILE="work").problem


def test_a_folder_whose_database_cannot_be_named_is_refused_before_any_work(tmp_path: Path) -> None:
    root = tmp_path / "how many?"
    root.mkdir()
    assert refused(root).column == "mlruns"
    assert list(root.iterdir()) == []
    for odd in ("50 %", "#1", "per%20cent", "räume", "it's", "[a]"):
        (tmp_path / odd).mkdir()
        refuse_what_cannot_work(folders(tmp_path / odd), {"mlruns": tmp_path / odd}, {"HOME": str(tmp_path / odd)})


@pytest.mark.parametrize("name", ["releases", "cache", "mlruns"])
def test_a_file_where_a_folder_is_needed_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("")
    error = refused(tmp_path)
    assert error.column == name
    assert "a file where a folder" in error.problem


def test_a_failure_is_not_blamed_on_a_server_that_was_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx
    from mlflow.exceptions import MlflowException

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////here/mlflow.db")
    words = explained(MlflowException("Run '01' not found"))
    assert "tracking_uri" not in words
    assert "Run '01' not found" in words
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://there")
    assert "tracking_uri" in explained(MlflowException("Run '01' not found"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:5/api")
    assert "PREFECT_API_URL" in explained(httpx.ConnectError("refused"))
    OWN_SERVERS.add("http://127.0.0.1:5/api")
    assert "PREFECT_API_URL" not in explained(httpx.ConnectError("refused"))
    OWN_SERVERS.clear()


def test_a_wheel_in_somebodys_environment_names_no_commit_of_theirs(tmp_path: Path) -> None:
    """The package's files lie in a folder of a repository that is not Wardcast's."""
    site = tmp_path / "work/.venv/site-packages"
    (site / "pipelines").mkdir(parents=True)
    (site / "pipelines/__init__.py").write_text("")
    code = Path(__file__).resolve().parents[2] / "pipelines/code_version.py"
    (site / "pipelines/code_version.py").write_text(code.read_text())
    git = ["git", "-C", str(tmp_path / "work"), "-c", "user.name=A", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "theirs"], check=True)
    found = subprocess.run(
        [sys.executable, "-c", "from pipelines.code_version import commit; print(repr(commit()))"],
        env=os.environ | {"PYTHONPATH": str(site)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "''"
    if commit():
        assert code_version().partition("+")[2], "a checkout names its own"
