"""The registry keeps a model whole: a fresh process, pickles forbidden, forecasts the same numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest

from features.panel import Panel
from models.forecast.forecast import FittedModel
from models.forecast.noise import Noise
from models.recipes.catalogue import MODELS
from models.tracking import registry, run_record
from models.tracking.fitted_file import load_fitted, save_fitted
from sources.files.errors import InputError

pytestmark = pytest.mark.integration

FRESH = """
import sys, mlflow
mlflow.set_tracking_uri(sys.argv[1])
served = mlflow.pyfunc.load_model("models:/wardcast@champion")
import pandas as pd
print(repr(served.predict(pd.DataFrame({"horizon": [6]}))["mean"].sum()))
"""


@pytest.fixture(scope="module")
def fitted(simulated_panel: Panel) -> FittedModel:
    model = MODELS["three-speed"]
    noise = Noise.none(simulated_panel.offences["crime_type"].to_numpy())
    return FittedModel(model.name, simulated_panel.last_month, model.factors(simulated_panel), noise)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("mlruns")
    uri = f"sqlite:///{folder}/mlflow.db"
    registry.open_store(uri, folder)
    return uri


def test_a_fitted_model_survives_its_file(fitted: FittedModel, tmp_path: Path) -> None:
    save_fitted(fitted, tmp_path / "fitted.nc")
    back = load_fitted(tmp_path / "fitted.nc")
    assert (back.model, back.origin) == (fitted.model, fitted.origin)
    assert np.array_equal(back.forecast(12).mean, fitted.forecast(12).mean)
    assert back.forecast(12).mean["major_type"].equals(fitted.forecast(12).mean["major_type"])


def test_a_fresh_process_forecasts_the_same_numbers(fitted: FittedModel, store: str) -> None:
    with registry.run("test", {"horizon": 6}, {"force": "simulated"}):
        run_record.log_metrics({"wape": 0.4, "unknown": float("nan")})
        run_record.log_table(pd.DataFrame({"a": [1]}), "small")
        version = registry.register(fitted, "a test")
    registry.point(registry.CHAMPION, version)
    environment = os.environ | {"MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
    said = subprocess.run(
        [sys.executable, "-c", FRESH, store], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip().endswith(repr(np.float64(fitted.forecast(6).mean.sum())))
    assert np.array_equal(registry.load("champion").forecast(6).mean, fitted.forecast(6).mean)


def test_a_version_says_what_it_is_and_its_run_what_it_learnt_from(fitted: FittedModel, store: str) -> None:
    offences = pd.DataFrame({"ward_code": ["E1"], "count": [3]})
    with registry.run("test", {"horizon": 6}, {"force": "simulated"}) as run_id:
        run_record.log_dataset(offences, "offences of Simulated", "0123456789abcdef" * 4)
        version = registry.register(replace(fitted, model="own.recipes:Mine"), "Mine for Simulated")
    client = mlflow.MlflowClient()
    found = client.get_model_version(registry.REGISTERED_NAME, version)
    assert found.description == "Mine for Simulated"
    (model,) = client.get_run(run_id).outputs.model_outputs
    assert client.get_logged_model(model.model_id).name == f"own-recipes-Mine-{fitted.origin:%Y-%m}"
    assert "champion" in client.get_registered_model(registry.REGISTERED_NAME).description
    (given,) = client.get_run(run_id).inputs.dataset_inputs
    assert given.dataset.name == "offences of Simulated"
    assert given.dataset.digest.startswith("0123456789abcdef")
    assert "ward_code" in given.dataset.schema
    assert os.fspath(Path.cwd()) not in given.dataset.source


def test_a_model_that_is_not_there_is_named(store: str) -> None:
    with pytest.raises(InputError, match="emperor"):
        registry.load("emperor")


def test_a_file_changed_since_it_was_registered_is_refused(fitted: FittedModel, store: str) -> None:
    with registry.run("test", {"horizon": 6}, {"force": "simulated"}) as run_id:
        version = registry.register(fitted, "a test")
    assert registry.of_run(run_id).version == version
    (file,) = Path(store.removeprefix("sqlite:///")).parent.glob(f"artifacts/**/{_folder_of(version)}/**/fitted.nc")
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 2] ^= 1
    file.write_bytes(changed)
    with pytest.raises(InputError, match="not the one that was registered"):
        registry.load(version)


def test_a_run_that_is_not_there_is_named(store: str) -> None:
    for run_id in ("0" * 32, "' or 1 = 1"):
        with pytest.raises(InputError, match="No run of this id"):
            registry.of_run(run_id)


def _folder_of(version: str) -> str:
    source = registry.mlflow.MlflowClient().get_model_version(registry.REGISTERED_NAME, version).source
    return str(source).removeprefix("models:/").rstrip("/")
