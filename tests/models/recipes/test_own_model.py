"""A model of the user's own: named by its module, imported, and never because a record names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.recipes.baselines import RecentMean
from models.recipes.catalogue import MODELS, can_be_named, model_named
from sources.files.errors import InputError

pytestmark = pytest.mark.unit

MINE = """
from models.recipes.baselines import RecentMean
class Mine(RecentMean):
    name = "mine"
class Nameless(RecentMean):
    name = ""
made = Mine()
number = 3
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_recipes_of_a_test").mkdir()
    (tmp_path / "own_recipes_of_a_test/__init__.py").write_text("")
    (tmp_path / "own_recipes_of_a_test/mine.py").write_text(MINE)
    (tmp_path / "own_recipes_of_a_test/broken.py").write_text("raise RuntimeError('no')")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize("name", ["Mine", "made"])
def test_a_class_or_an_object_of_a_module_is_a_model(name: str) -> None:
    model = model_named(f"own_recipes_of_a_test.mine:{name}")
    assert model.name == "mine"
    assert isinstance(model, RecentMean)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("own_recipes_of_a_test.gone:Mine", "cannot be imported: ModuleNotFoundError"),
        ("own_recipes_of_a_test.mine:Gone", "cannot be imported: AttributeError"),
        ("own_recipes_of_a_test.broken:Mine", "cannot be imported: RuntimeError: no"),
        ("own_recipes_of_a_test.mine:number", "is no model"),
        ("own_recipes_of_a_test.mine:Nameless", "is no model"),
        ("no-such", "There is no such model"),
    ],
)
def test_what_is_wrong_with_a_name_is_said(name: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        model_named(name)
    assert caught.value.column == "model"


def test_a_module_that_only_a_record_names_is_not_imported() -> None:
    own = "own_recipes_of_a_test.mine:Mine"
    assert all(can_be_named(name, own) for name in (*MODELS, own))
    assert not can_be_named(own, "boosted")
    assert not can_be_named("os:system", own)
