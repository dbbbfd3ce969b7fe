"""A pickle put in place of a file that is read back runs nothing, wherever it is put."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from features.panel import Panel
from models.forecast.forecast import FittedModel
from models.forecast.noise import Noise
from models.recipes.catalogue import MODELS
from models.tracking import registry
from pipelines.kept.kept_noise import read_noise
from pipelines.kept.panel_files import load_panel, save_panel
from sources.files.checksums import sha256
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables, load, save

pytestmark = pytest.mark.integration


class Attack:
    """What makes a folder when it is unpickled."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple:
        return os.mkdir, (os.fspath(self.made),)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return tmp_path / "made"


@pytest.fixture
def attack(made: Path) -> bytes:
    return pickle.dumps(Attack(made))


@pytest.fixture(scope="module")
def fitted(simulated_panel: Panel) -> FittedModel:
    model = MODELS["seasonal-naive"]
    noise = Noise.none(simulated_panel.offences["crime_type"].to_numpy())
    return FittedModel(model.name, simulated_panel.last_month, model.factors(simulated_panel), noise)


def test_the_attack_would_work(attack: bytes, made: Path) -> None:
    pickle.loads(attack)
    assert made.is_dir()


def test_among_the_tables_of_the_cache(
    simulated_tables: ForceTables, attack: bytes, made: Path, tmp_path: Path
) -> None:
    save(simulated_tables, tmp_path / "tables")
    for file in sorted((tmp_path / "tables").iterdir()):
        held = file.read_bytes()
        file.write_bytes(attack)
        with pytest.raises(InputError, match=r"damaged|not whole"):
            load(tmp_path / "tables")
        file.write_bytes(held)
    load(tmp_path / "tables")
    assert not made.exists()


def test_among_the_files_of_the_panel(simulated_panel: Panel, attack: bytes, made: Path, tmp_path: Path) -> None:
    save_panel(simulated_panel, tmp_path / "panel")
    for file in sorted((tmp_path / "panel").iterdir()):
        held = file.read_bytes()
        file.write_bytes(attack)
        with pytest.raises((InputError, ValueError, TypeError, OSError)):
            load_panel(tmp_path / "panel")
        file.write_bytes(held)
    load_panel(tmp_path / "panel")
    assert not made.exists()


def test_as_kept_noise(attack: bytes, made: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.noise").write_bytes(attack)
    with pytest.raises(ValueError, match="does not match its digest"):
        read_noise(tmp_path / "kept.noise")
    assert not made.exists()


def test_in_the_registry_even_under_a_checksum_of_its_own(
    fitted: FittedModel, attack: bytes, made: Path, tmp_path: Path
) -> None:
    registry.open_store(f"sqlite:///{tmp_path}/mlflow.db", tmp_path)
    with registry.run("test", {"horizon": 6}, {"force": "simulated"}):
        version = registry.register(fitted, "a test")
    (file,) = tmp_path.glob("artifacts/**/fitted.nc")
    file.write_bytes(attack)
    with pytest.raises(InputError, match="not the one that was registered"):
        registry.load(version)
    registry.tag_version(version, {registry.CHECKSUM: sha256(file)})
    with pytest.raises((InputError, ValueError, TypeError)):
        registry.load(version)
    assert not made.exists()
