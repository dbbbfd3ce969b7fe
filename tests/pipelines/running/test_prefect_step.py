"""Steps and parts of the job are plain functions for a script, and Prefect's own for a flow."""

from __future__ import annotations

import logging

import pytest
from prefect import Flow, Task
from prefect.exceptions import MissingContextError

from pipelines.running.prefect_step import part, plainly, run_logger, step

pytestmark = pytest.mark.unit


@step("double")
def double(number: int) -> int:
    return 2 * number


@part("sum of doubles")
def sum_of_doubles(*numbers: int) -> int:
    return sum(double(number) for number in numbers)


def test_a_script_walks_parts_and_steps_with_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Task, Flow):
        monkeypatch.setattr(kind, "__call__", lambda *_, **__: pytest.fail("Prefect was asked"))
    with plainly():
        assert sum_of_doubles(1, 2) == 6


def test_outside_they_are_runs_of_prefect_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(Task, "__call__", lambda self, *given, **_: asked.append((self.name, given)))
    with plainly():
        double(1)
    double(2)
    assert asked == [("double", (2,))]
    assert double.retries == 1


def test_what_fails_in_a_script_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Task, "__call__", lambda *_, **__: "a run")
    with pytest.raises(TypeError), plainly():
        double(None)  # type: ignore[arg-type]
    assert double(1) == "a run"


def test_a_script_logs_to_the_process() -> None:
    with plainly():
        assert isinstance(run_logger(), logging.Logger)
    with pytest.raises(MissingContextError):
        run_logger()
