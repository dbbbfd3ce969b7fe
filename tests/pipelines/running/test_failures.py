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
def test_each_failure_says_what_to_do(error: Exception, said: str) -> None:
    words = explained(error)
    assert said in words
    assert words.count("What to do: ") == 1
    assert "hunter2" not in words


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
