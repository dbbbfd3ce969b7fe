"""Training promotes by the rule, says what it decided, and leaves the right version to forecast."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from models.recipes.catalogue import MODELS
from models.tracking.registry import Registered
from pipelines.flows.train import _comparable, _decided
from pipelines.settings import Settings
from tests.running.place import Place, simulate_without_ages


def runs(place: Place) -> list[dict[str, str]]:
    """Return the tags and parameters of every registered version, oldest first."""
    with sqlite3.connect(place.folder / "mlruns" / "mlflow.db") as store:
        versions = store.execute("select version, run_id from model_versions order by version").fetchall()
        return [
            {"version": str(version)}
            | dict(store.execute("select key, value from tags where run_uuid = ?", (run,)))
            | dict(store.execute("select key, value from params where run_uuid = ?", (run,)))
            for version, run in versions
        ]


def aliases(place: Place) -> dict[str, str]:
    """Return the version that each alias names."""
    with sqlite3.connect(place.folder / "mlruns" / "mlflow.db") as store:
        found = store.execute("select alias, version from registered_model_aliases").fetchall()
    return {alias: str(version) for alias, version in found}


@pytest.mark.e2e
def test_the_first_that_beats_seasonal_naive_is_champion(place: Place) -> None:
    first = runs(place)[0]
    assert (first["promoted"], first["promotion_rule"], first["champion_before"]) == ("yes", "first", "")
    assert "naive" in first["promotion_reason"]


@pytest.mark.e2e
def test_a_run_shows_what_it_was_made_of_and_how_it_did(place: Place) -> None:
    first = runs(place)[0]
    assert {"model", "horizon", "seed", "draws", "origin", "judged_origins", "data_vintage"} <= first.keys()
    assert (first["boosted.trees"], first["boosted.damping"]) == ("120", "0.95")
    assert {"code_version", "lock_sha256", "mlflow.source.git.commit"} <= first.keys()
    with sqlite3.connect(place.folder / "mlruns" / "mlflow.db") as store:
        (run, folder) = store.execute(
            "select run_id, artifact_uri from model_versions join runs on run_uuid = run_id order by version"
        ).fetchone()
        metrics = store.execute("select key, step, value from metrics where run_uuid = ?", (run,)).fetchall()
    kept = Path(folder.removeprefix("file://"))
    steps = {step: value for key, step, value in metrics if key == "by_months_ahead/wis_ward_minor"}
    scores = pd.read_csv(kept / "tables" / "scores.csv").query(
        "area_level == 'ward' and crime_level == 'minor' and group == 'horizon' and period == 'month'"
    )
    assert steps == dict(zip(scores["group_value"].astype(int), scores["wis"], strict=True))
    assert {"wis_ward_minor", "wape_force_all", "bias_bcu_major", "coverage_80_randomised_borough_all"} <= {
        key for key, _, _ in metrics
    }
    assert {file.stem for file in (kept / "tables").iterdir()} >= {
        "data_manifest",
        "scores_by_level",
        "scores_by_horizon",
    }
    fans = {f"history_and_fan_{name}" for name in ("force", "busiest_ward", "typical_ward", "quietest_ward")}
    pictures = {file.stem: file.stat().st_size for file in (kept / "plots").iterdir()}
    assert pictures.keys() == fans | {"reliability", "bias_by_volume", "skill_by_months_ahead", "residual_map"}


@pytest.mark.e2e
def test_a_worse_recipe_is_refused_and_the_champion_goes_on(place: Place) -> None:
    champion = aliases(place)["champion"]
    champion_recipe = next(run["model"] for run in runs(place) if run["version"] == champion)
    done = place.run("train", "--data", "data", "--model", "seasonal-naive", "--judged-origins", "2")
    assert done.end() == 0, done.said
    last = runs(place)[-1]
    assert aliases(place) == {"champion": champion, "challenger": last["version"]}
    assert last["promoted"] == "no"
    assert f"Not promoted: {last['promotion_reason']}" in done.out
    assert f"Version {champion} forecasts" in done.out
    compared = place.run("compare", "challenger", champion)
    assert compared.end() == 0, compared.said
    ward = next(line for line in compared.out.splitlines() if "ward" in line and "minor" in line)
    assert "worse" in ward
    unlike = [line.split("│")[1:-1] for line in compared.out.splitlines() if "seasonal-naive" in line]
    assert [[cell.strip() for cell in row] for row in unlike] == [["model", "seasonal-naive", champion_recipe]]


@pytest.mark.e2e
def test_on_new_data_the_champions_recipe_is_fitted_anew(place: Place) -> None:
    newer = simulate_without_ages(place.folder / "newer", months=49, last_month="2025-04")
    done = place.run("train", "--data", str(newer), "--model", "seasonal-naive")
    assert done.end() == 0, done.said
    challenger, refit = runs(place)[-2:]
    assert (challenger["model"], challenger["promoted"]) == ("seasonal-naive", "no")
    assert (refit["model"], refit["promoted"], refit["promotion_rule"]) == ("boosted", "yes", "refit")
    assert aliases(place)["champion"] == refit["version"]


def held(**tags: str) -> Registered:
    return Registered("1", "run", {"model": tags.pop("model", "three-speed")}, {"force": "Met", **tags})


def force(*, simulated: bool) -> Any:
    return SimpleNamespace(force=SimpleNamespace(name="Met", simulated=simulated))


@pytest.mark.unit
def test_a_simulated_force_never_replaces_a_real_one() -> None:
    decision = _decided(
        MODELS["three-speed"], pd.DataFrame(), None, held(simulated="False"), force(simulated=True), Settings()
    )
    assert not decision.promote
    assert "simulated" in decision.reason


@pytest.mark.unit
def test_a_champion_is_compared_with_only_if_it_is_of_the_force_and_its_recipe_is_there() -> None:
    assert _comparable(held(), force(simulated=False), Settings())
    assert not _comparable(held(model="given-up"), force(simulated=False), Settings())
    assert not _comparable(held(force="Other"), force(simulated=False), Settings())
