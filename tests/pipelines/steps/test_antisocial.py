"""Anti-social behaviour is forecast once, in a step of its own: writing the release only reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest

from models.tracking import registry
from pipelines.flows import publish
from pipelines.kept.sealed_tables import write_sealed_tables
from pipelines.settings import Settings, load_settings
from pipelines.steps.antisocial import forecast_antisocial
from pipelines.steps.candidate import Standing
from pipelines.steps.release_contents import Made, contents_of
from pipelines.steps.watching import Watch
from publication.release.contents import Contents, TrackRecord
from publication.release.manifest import ReleaseError
from publication.tables.tables import ANTISOCIAL_FORECAST
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables, save

pytestmark = pytest.mark.integration

DAILY = 2  # incidents a ward and month, in every month


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    place = tmp_path_factory.mktemp("antisocial")
    return load_settings(
        draws=60, horizon=12, cache=place / "cache", mlruns=place / "mlruns", releases=place / "releases", workers=1
    )


@pytest.fixture(scope="module")
def tables_folder(simulated_tables: ForceTables, settings: Settings) -> Path:
    """The tables of the simulated force, with as many incidents in every ward and month."""
    months = np.sort(simulated_tables.offences["month"].unique())
    cells = pd.MultiIndex.from_product([simulated_tables.areas["ward_code"], months], names=["area_code", "month"])
    incidents = cells.to_frame(index=False).assign(count=DAILY)
    folder = settings.cache / "tables-v1"
    folder.parent.mkdir(parents=True, exist_ok=True)
    save(replace(simulated_tables, antisocial_behaviour=incidents), folder)
    return folder


@pytest.fixture(scope="module")
def made(tables_folder: Path, settings: Settings, publication: Any) -> Made:
    """What the flows before leave: the step's own forecast, beside a small forecast of crime."""
    antisocial = forecast_antisocial.fn(tables_folder, "recent-mean", settings)
    record = TrackRecord(accuracy=publication.accuracy, last_year=publication.forecast.iloc[:0])
    names = ("accuracy", "accuracy_by_horizon", "last_year", "past_years", "importance", "alerts", "promises")
    place = write_sealed_tables({name: getattr(record, name) for name in names}, settings.cache / "standing")
    files = {name: place / f"{name}.parquet" for name in names}
    watch = Watch(files.pop("alerts"), files.pop("promises"))
    ahead = write_sealed_tables({"forecast": publication.table}, settings.cache / "forecast")
    return Made(tables_folder, ahead, Standing("r1", "recent-mean", **files), watch, antisocial=antisocial)


def test_the_forecast_follows_the_incidents_by_the_recipe_of_crime(made: Made, simulated_tables: ForceTables) -> None:
    assert made.antisocial is not None
    table = pd.read_parquet(made.antisocial / "antisocial_forecast.parquet")
    assert list(table.columns) == ANTISOCIAL_FORECAST
    force = table[(table["area_level"] == "force") & (table["period"] == "month")]
    assert len(force) == 12
    assert force["mean"].to_numpy() == pytest.approx(DAILY * len(simulated_tables.areas), rel=0.1)


def test_it_is_tracked_apart_from_the_runs_of_crime(made: Made, settings: Settings) -> None:
    registry.open_store(settings.tracking_address, settings.mlruns)
    runs = mlflow.search_runs(experiment_names=[registry.OTHER_DEMAND], output_format="list")
    (run,) = runs
    assert run.data.params["model"] == "recent-mean"
    assert run.info.status == "FINISHED"
    assert not mlflow.search_runs(experiment_names=[registry.EXPERIMENT], output_format="list")


def test_a_retry_of_writing_does_not_fit_it_again(
    made: Made, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Contents] = []

    def writer(folder: Path, contents: Contents) -> None:
        told.append(contents)
        if len(told) == 1:
            raise OSError("the disk was away")
        (folder / "index.html").write_text("whole")

    def refuse(*_: object) -> None:
        raise AssertionError("a model was fitted while writing")

    monkeypatch.setattr("models.scripting.fit_at", refuse)
    monkeypatch.setattr(publish, "WRITERS", (writer,))
    with pytest.raises(ReleaseError, match="the disk was away"):
        publish.write.fn(made, settings)
    publish.write.fn(made, settings)
    first, second = (contents.ahead.antisocial_forecast for contents in told)
    assert len(first) > 0
    pd.testing.assert_frame_equal(first, second)


def test_a_forecast_that_was_damaged_since_is_refused(made: Made, settings: Settings, tmp_path: Path) -> None:
    damaged = write_sealed_tables({"antisocial_forecast": pd.DataFrame({"mean": [1.0]})}, tmp_path / "damaged")
    (damaged / "antisocial_forecast.parquet").write_bytes(b"")
    with pytest.raises(InputError, match="damaged"):
        contents_of(replace(made, antisocial=damaged), settings)


def test_a_force_without_incidents_has_no_such_forecast(
    simulated_tables: ForceTables, settings: Settings, tmp_path: Path
) -> None:
    save(simulated_tables, tmp_path / "tables-v2")
    assert forecast_antisocial.fn(tmp_path / "tables-v2", "recent-mean", settings) is None
