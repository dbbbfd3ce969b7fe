"""Reproduce: a run made again from its record, and held against what it kept.

Walks in: the id of a run in MLflow and the data folder it was made from. Walks out: what differs, which should be
nothing: scores, and the arrays of the fitted model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import pandas as pd

from features.panel import build_panel
from models.forecast.forecast import Factors, FittedModel
from models.forecast.noise import Noise
from models.recipes.catalogue import can_be_named
from models.tracking import registry, run_record
from models.uncertainty.variances import estimate_noise
from pipelines.code_version import code_version, lock_hash
from pipelines.kept.kept_noise import kept_noise
from pipelines.running.engines import engine_of
from pipelines.running.prefect_step import plainly
from pipelines.running.progress import stage
from pipelines.settings import Settings
from pipelines.steps.candidate import fit, judge, judged_on, read_judged
from pipelines.steps.recipe import recipe_of_run
from sources.catalogue.data_folder import vintage
from sources.files.errors import InputError
from sources.read_force import read_force

SAME = 1e-9  # relative; kept scores are written as decimal text


@dataclass(frozen=True)
class Reproduction:
    """How a run made again compares: numbers held against each other, those that differ, and what else changed since.

    `differing`: table, row, kept, again. `changed_since`: what of the code or its libraries is not as it was, in words.
    """

    scores: int
    arrays: int
    differing: pd.DataFrame
    changed_since: list[str]


def reproduced(settings: Settings, run_id: str) -> Reproduction:
    """Make a run again with its parameters and compare.

    Raises
    ------
    InputError
        When there is no such run, its recipe is somebody's own and not chosen, or the data folder is not the one that
        it was made from.
    """
    registry.open_store(settings.tracking_address, settings.mlruns)
    record = registry.of_run(run_id)
    named = record.parameters["model"]
    if not can_be_named(named, settings.model):
        raise InputError(
            "The run's recipe is one of somebody's own, and no module is imported because a record names it",
            value=named,
            remedy=f"Say that it is meant: WARDCAST_MODEL={named} wardcast reproduce ..., or model in wardcast.toml.",
        )
    with stage("Reading the force's files"):
        tables = read_force(settings.data, stops=settings.stops_as_evidence)
    if vintage(tables.manifest) != record.parameters["data_vintage"]:
        raise InputError(
            "The data folder is not the one that this run was made from",
            file=settings.data,
            value=_files_that_differ(run_record.read_table(run_id, "data_manifest"), tables.manifest),
            remedy="Restore the files as the run's data_manifest lists them, and name that folder with --data.",
        )
    panel = build_panel(tables)
    origins = len(record.parameters["judged_origins"].split())
    asked = {"judged_origins": origins} | {name: int(record.parameters[name]) for name in ("draws", "seed")}
    as_then = settings.model_copy(update=asked)
    if judged_on(panel, tables, as_then).items() - record.parameters.items():
        raise InputError(
            "This run was judged on other past years than today's code would choose",
            value=record.parameters["judged_origins"],
            remedy=f"Use the code that made it: {record.tags['code_version']}.",
        )
    model = recipe_of_run(record)
    with plainly(), engine_of(as_then) as for_each:
        again = judge(model, panel, tables, as_then, for_each, kept_noise(as_then, for_each)).scores
        fitted = fit(model, panel, partial(estimate_noise, for_each=for_each))
    kept = read_judged(run_id).scores
    differing = _scores_that_differ(kept, again)
    arrays = _arrays_that_differ(registry.load(record.version), fitted)
    return Reproduction(
        scores=int(kept.select_dtypes("number").size),
        arrays=len(fields(Factors)) + len(fields(Noise)),
        differing=pd.concat([differing, arrays], ignore_index=True),
        changed_since=_changed_since(record.tags),
    )


def _files_that_differ(kept: pd.DataFrame, found: pd.DataFrame) -> str:
    files = [set(zip(table["file"], table["sha256"], strict=True)) for table in (kept, found)]
    return ", ".join(sorted({file for file, _ in files[0] ^ files[1]}))


def _scores_that_differ(kept: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    again = again[kept.columns].reset_index(drop=True)
    texts = [str(name) for name in kept.select_dtypes(exclude="number")]
    if len(kept) != len(again) or not kept[texts].astype(str).equals(again[texts].astype(str)):
        return pd.DataFrame([("scores", "rows", len(kept), len(again))], columns=["table", "row", "kept", "again"])
    numbers, numbers_again = (table.select_dtypes("number") for table in (kept, again))
    same = np.isclose(numbers, numbers_again, rtol=SAME, atol=SAME, equal_nan=True)
    row, column = np.nonzero(~same)
    name = kept[texts].astype(str).agg(" ".join, axis="columns").to_numpy()[row]
    return pd.DataFrame(
        {
            "table": "scores",
            "row": [f"{one} {numbers.columns[int(place)]}" for one, place in zip(name, column, strict=True)],
            "kept": numbers.to_numpy()[row, column],
            "again": numbers_again.to_numpy()[row, column],
        }
    )


def _arrays_that_differ(kept: FittedModel, again: FittedModel) -> pd.DataFrame:
    factors = [(field.name, kept.factors, again.factors) for field in fields(Factors)]
    noise = [(field.name, kept.noise, again.noise) for field in fields(Noise)]
    rows = []
    for name, before, after in (*factors, *noise):
        one, other = (np.asarray(getattr(part, name)) for part in (before, after))
        if one.shape != other.shape or not np.array_equal(one, other):
            furthest = f"{np.abs(one - other).max():.3g} apart" if one.shape == other.shape else str(other.shape)
            rows.append(("fitted model", name, str(one.shape), furthest))
    return pd.DataFrame(rows, columns=["table", "row", "kept", "again"])


def _changed_since(then: Mapping[str, str]) -> list[str]:
    now = {"code_version": code_version(), "lock_sha256": lock_hash()}
    names = {"code_version": "code", "lock_sha256": "locked libraries"}
    return [f"{names[key]}: {then.get(key)} then, {value} now" for key, value in now.items() if then.get(key) != value]
