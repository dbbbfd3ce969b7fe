"""Folders that take long to make: made once for all processes of the tests, and copied for each."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest


def made_once(name: str, make: Callable[[Path], None], temporary: pytest.TempPathFactory) -> Path:
    """Return a folder of our own as `make` left it, called with an empty one by the first process that asks."""
    ours = temporary.getbasetemp()
    shared = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    made, making = shared / f"{name}-made", shared / f"{name}-in-the-making"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # dropped by the kernel, should we be stopped
        if not made.exists():
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(made)
    copy = shutil.copytree(made, temporary.mktemp(name) / "work", symlinks=True)
    if (store := copy / "mlruns" / "mlflow.db").exists():
        _say_where_it_is(store, making, copy)
    return copy


def _say_where_it_is(store: Path, before: Path, now: Path) -> None:
    """Change the paths in MLflow's records, which are whole."""
    with closing(sqlite3.connect(store)) as records, records:
        for table, column in (
            ("experiments", "artifact_location"),
            ("runs", "artifact_uri"),
            ("logged_models", "artifact_location"),
            ("model_versions", "storage_location"),
        ):
            records.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (f"{before}/", f"{now}/"))
