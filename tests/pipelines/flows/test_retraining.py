"""One recipe's failure in the quarterly retraining is that recipe's; if all fail, the run does."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.recipes.catalogue import MODELS
from pipelines.flows import scheduled
from pipelines.settings import Settings, load_settings

pytestmark = pytest.mark.unit


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was logged; nothing is read, and training is for each test to replace."""
    logged: list[str] = []
    logger = SimpleNamespace(error=lambda form, words: logged.append(words), info=lambda words: None)
    settings = load_settings().model_copy(update={"cache": tmp_path})
    for name, value in {
        "get_run_logger": lambda: logger,
        "_settings": lambda: settings,
        "arrival": lambda settings: SimpleNamespace(tables=tmp_path),
        "build_features": lambda tables: tmp_path,
        "_recipe": lambda settings: MODELS["ets"],
    }.items():
        monkeypatch.setattr(scheduled, name, value)
    return logged


def trained_but(failing: set[str], order: list[str]) -> Any:
    def train(tables: Path, panel: Path, settings: Settings) -> SimpleNamespace:
        order.append(settings.model)
        if settings.model in failing:
            raise ValueError("finite values are needed")
        return SimpleNamespace(challenger="7", decision=SimpleNamespace(promote=False, reason="no better"))

    return train


def test_the_others_are_trained_all_the_same_the_champion_first(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(scheduled, "train", trained_but({"ets", "stl"}, order))
    words = scheduled.quarterly_retraining.fn()
    assert order[0] == "ets"
    assert sorted(order) == sorted(MODELS)
    assert words.count("FAILED") == len(said) == 2
    assert all("finite values are needed" in each for each in said)
    assert words.count("not promoted") == len(MODELS) - 2


def test_where_all_fail_the_run_fails(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduled, "train", trained_but(set(MODELS), []))
    with pytest.raises(ValueError, match="finite values"):
        scheduled.quarterly_retraining.fn()
    assert len(said) == len(MODELS)
