"""Failures in words: whose they are, what to do, and no password."""

from __future__ import annotations

import errno
import os
import sqlite3

import httpx
import pytest
from mlflow.exceptions import MlflowException
from prefect.states import Failed

from pipelines.running.failures import explained
from pipelines.running.prefect_step import may_have_passed, step
from sources.catalogue.data_folder import FilesChangedError
from sources.files.errors import InputError

pytestmark = pytest.mark.unit


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MlflowException("http://user:hunter2@there refused"), "The tracking store (MLflow) does not answer"),
        (caused(MlflowException("no"), sqlite3.OperationalError("database or disk is full")), "disk is full"),
        (httpx.ConnectError("http://user:hunter2@there refused"), "The Prefect server does not answer"),
        (OSError(errno.EIO, os.strerror(errno.EIO), "a.csv"), "Input/output error: a.csv"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "Something unforeseen"),
        (InputError("Wrong", remedy="Right it."), "Wrong"),
        (ZeroDivisionError("division by zero"), "Something unforeseen: ZeroDivisionError"),
    ],
)
def test_each_failure_says_what_to_do(monkeypatch: pytest.MonkeyPatch, error: Exception, said: str) -> None:
    # Whatever ran in this process before may have chosen a store and a server of its own.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://there")
    monkeypatch.setenv("PREFECT_API_URL", "http://there/api")
    words = explained(error)
    assert said in words
    assert words.count("What to do: ") == 1
    assert "hunter2" not in words


def test_a_store_of_our_own_is_not_blamed_on_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////store/mlflow.db")
    words = explained(MlflowException("it is of another version"))
    assert "The tracking store in the folder of the setting `mlruns` refuses" in words
    assert "of another version" in words


@pytest.mark.parametrize(
    ("failure", "again"),
    [
        (InputError("Wrong", remedy="Right it."), False),
        (FilesChangedError("Changed", remedy="Wait."), True),
        (OSError(errno.EIO, "Input/output error"), True),
        (ConnectionResetError("reset"), True),
        (MlflowException("the server is away"), True),
        (caused(RuntimeError("no"), sqlite3.OperationalError("database is locked")), True),
        (ValueError("array must not contain infs or NaNs: finite values are needed"), False),
        (KeyError("THEFT"), False),
        (ZeroDivisionError("division by zero"), False),
    ],
)
def test_only_what_may_pass_by_itself_is_tried_again(failure: Exception, again: bool) -> None:
    state = Failed(data=failure)
    assert may_have_passed(step("do something")(lambda: None), None, state) is again
