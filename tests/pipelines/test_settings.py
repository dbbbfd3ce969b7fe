"""Settings: flags beat the environment, which beats the file; a wrong one is refused with what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.recipes import catalogue
from models.recipes.model import Model
from models.recipes.parameters import same_recipe
from models.tracking.registry import Registered
from pipelines.commands.cli import app
from pipelines.commands.options import recipes_of
from pipelines.settings import load_settings, origin_of_settings
from pipelines.steps.recipe import can_be_fitted, check_recipes, recipe_of, recipe_of_run, recorded, settings_with
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
        ("recipes = 3", "recipes.*It means: Parameters of recipes"),
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


def test_parameters_of_recipes_are_set_one_by_one(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / "wardcast.toml").write_text("[recipes.boosted]\ntrees = 200\nleaves = 7\n")
    assert recipe_of(load_settings()) == Recipe("boosted", trees=200, leaves=7)
    flag = recipes_of(["boosted.trees=90", "recent-mean.half_life = 3"])
    settings = load_settings(recipes=flag)
    assert recipe_of(settings) == Recipe("boosted", trees=90, leaves=7)
    assert recipe_of(settings, "recent-mean") == Recipe("recent-mean", half_life=3.0)
    monkeypatch.setenv("WARDCAST_RECIPES", '{"boosted": {"leaves": 9}}')
    assert recipe_of(load_settings()) == Recipe("boosted", trees=200, leaves=9)


@pytest.mark.parametrize("words", ["boosted.trees", "boosted=3", "trees=3", "boosted.trees=many", ".=2", "boosted.=2"])
def test_words_that_set_no_parameter_are_refused(words: str) -> None:
    with pytest.raises(InputError, match=r"Write it as boosted.trees=200"):
        recipes_of([words])


@pytest.mark.parametrize(
    ("recipes", "said"),
    [
        ({"boostd": {"trees": 2}}, "no such model.*Choose one of"),
        ({"theta": {"half_life": 2}}, r"no such parameter \(column theta.half_life.*share_half_life is meant"),
        ({"boosted": {"trees": "many"}}, "column boosted.trees, value 'many'.*whole number, 1 or more"),
    ],
)
def test_a_parameter_of_any_recipe_is_refused_early(recipes: dict[str, dict[str, object]], said: str) -> None:
    with pytest.raises(InputError) as refused:
        check_recipes(load_settings(recipes=recipes))
    assert re.search(said, str(refused.value), re.DOTALL)


def test_a_run_records_its_parameters_and_gives_them_back() -> None:
    recipe = catalogue.recipe("boosted", trees=90, damping=0.9)
    record = recorded(recipe, load_settings())
    assert record["model"] == "boosted"
    assert (record["boosted.trees"], record["boosted.damping"], record["boosted.leaves"]) == ("90", "0.9", "15")
    assert recipe_of_run(run := Registered("1", "run", record, {})) == Recipe("boosted", trees=90, damping=0.9)
    assert recipe_of(settings_with(load_settings(), recipe)) == Recipe("boosted", trees=90, damping=0.9)
    assert can_be_fitted(run, load_settings())
    assert can_be_fitted(Registered("1", "run", {"model": "boosted"}, {}), load_settings())
    assert not can_be_fitted(Registered("1", "run", {"model": "given-up"}, {}), load_settings())
    assert not can_be_fitted(Registered("1", "run", {"model": "boosted", "boosted.given_up": "1"}, {}), load_settings())


class Recipe:
    """What a recipe should be: equal to those of the same name and parameters."""

    def __init__(self, name: str, **parameters: object) -> None:
        self.recipe = catalogue.recipe(name, **parameters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and same_recipe(self.recipe, other)

    def __repr__(self) -> str:
        return repr(self.recipe)

    __hash__ = None  # type: ignore[assignment]


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
