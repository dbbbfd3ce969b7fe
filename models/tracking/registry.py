"""The tracking store and model registry (MLflow): what was run, on what, and which model counts.

Walks in: parameters and a fitted model. Walks out: a run, a registered version, and the champion.
What runs keep besides is for `models.tracking.run_record`; no other module but these and the served model's code
imports MLflow.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

from models.forecast.forecast import FittedModel
from models.tracking.fitted_file import load_fitted, save_fitted
from sources.files.checksums import sha256
from sources.files.errors import InputError

EXPERIMENT = "wardcast"
PLANS = "wardcast plans"  # the experiment of plans
OTHER_DEMAND = "wardcast other demand"  # the experiment of what is forecast beside crime
REGISTERED_NAME = "wardcast"
ABOUT = (
    "Models of demand by ward, crime type and month. `champion` makes the releases, `challenger` was trained last; "
    "each version's run holds its scores, its parameters and the rule that promoted it or not."
)
CHAMPION = "champion"
CHALLENGER = "challenger"
WORKPLACE = "workplace"  # the tag of a run that tells whose it is, of those who share a server
DRAWS_DIGEST = "draws_sha256"  # the tag of a version that knows the draws of its forecast again
CHECKSUM = "sha256"  # the tag of a version that holds the checksum of its file of arrays

SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec(DataType.long, "horizon")]),
    outputs=Schema(
        [
            ColSpec(DataType.string, "ward"),
            ColSpec(DataType.string, "crime_type"),
            ColSpec(DataType.datetime, "month"),
            ColSpec(DataType.double, "mean"),
        ]
    ),
)


@dataclass(frozen=True)
class Registered:
    """A registered version, and the parameters and tags of the run that made it."""

    version: str
    run_id: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]


def open_store(tracking_uri: str, folder: Path) -> None:
    """Use the tracking server, or, for a database in the folder, make it and its experiment if they are not there."""
    # Its advice on examples and its news of migrations are not for the person who runs a forecast.
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", message=".*input example.*", module="mlflow")
    warnings.filterwarnings("ignore", message=".*Inferred schema contains integer column.*", module="mlflow")
    mlflow.set_tracking_uri(tracking_uri)
    local = tracking_uri.startswith("sqlite:")
    for name in (EXPERIMENT, PLANS, OTHER_DEMAND):
        if mlflow.get_experiment_by_name(name) is None:
            mlflow.create_experiment(name, (folder / "artifacts").as_uri() if local else None)
    mlflow.set_experiment(EXPERIMENT)


@contextmanager
def run(
    name: str, parameters: Mapping[str, object], tags: Mapping[str, str], *, experiment: str = EXPERIMENT
) -> Iterator[str]:
    """Open a run with its parameters and tags, and give its id; a failure inside marks it as failed."""
    found = mlflow.get_experiment_by_name(experiment)
    with mlflow.start_run(
        run_name=name, tags=dict(tags), experiment_id=None if found is None else found.experiment_id
    ) as opened:
        mlflow.log_params(dict(parameters))
        yield opened.info.run_id


def close_abandoned(workplace: str) -> None:
    """Mark runs as killed that a workplace left open; none of its own may be at work when this is called."""
    left_open = mlflow.search_runs(
        experiment_names=[EXPERIMENT, OTHER_DEMAND],
        filter_string=f"attributes.status = 'RUNNING' and tags.{WORKPLACE} = '{workplace}'",
        output_format="list",
    )
    for one in left_open:
        mlflow.MlflowClient().set_terminated(one.info.run_id, "KILLED")


def tag(tags: Mapping[str, str]) -> None:
    """Keep named words with the open run."""
    mlflow.set_tags(dict(tags))


def register(fitted: FittedModel, description: str) -> str:
    """Register the fitted model with the open run and return its version, described for who reads the list of them."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "fitted.nc"
        save_fitted(fitted, file)
        logged = mlflow.pyfunc.log_model(
            name=_name_of(fitted),
            python_model=os.fspath(Path(__file__).with_name("served.py")),
            artifacts={"fitted": os.fspath(file)},
            # Stated, since working requirements out takes MLflow longer than the model itself.
            pip_requirements=["wardcast"],
            signature=SIGNATURE,
            registered_model_name=REGISTERED_NAME,
        )
        version = str(logged.registered_model_version)
        tag_version(version, {CHECKSUM: sha256(file)})
    client = mlflow.MlflowClient()
    client.update_model_version(REGISTERED_NAME, version, description)
    client.update_registered_model(REGISTERED_NAME, ABOUT)
    return version


def _name_of(fitted: FittedModel) -> str:
    """Return the name of a fitted model: recipe and month; MLflow refuses colons and dots."""
    return re.sub(r"[^\w-]+", "-", f"{fitted.model} {fitted.origin:%Y-%m}")


def tag_version(version: str, tags: Mapping[str, str]) -> None:
    """Keep named words with a version."""
    for name, value in tags.items():
        mlflow.MlflowClient().set_model_version_tag(REGISTERED_NAME, version, name, value)


def version_tags(version: str) -> Mapping[str, str]:
    """Return the named words that are kept with a version."""
    return mlflow.MlflowClient().get_model_version(REGISTERED_NAME, version).tags


def point(alias: str, version: str) -> None:
    """Let the alias name this version."""
    mlflow.MlflowClient().set_registered_model_alias(REGISTERED_NAME, alias, version)


def find(alias: str) -> Registered | None:
    """Return the version that an alias names; None where it names none."""
    try:
        found = mlflow.MlflowClient().get_model_version_by_alias(REGISTERED_NAME, alias)
    except MlflowException as error:
        if error.error_code not in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
            raise  # a store that does not answer is not a store without a champion
        return None
    return _registered(str(found.version), str(found.run_id))


def of_run(run: str) -> Registered:
    """Return the version that a run registered, the run given by its id or by the number or alias of that version.

    Raises
    ------
    InputError
        When there is no such run, or it registered none.
    """
    if (aliased := find(run)) is not None:
        return aliased
    client = mlflow.MlflowClient()
    field = "version_number" if run.isdigit() else "run_id"
    try:
        found = client.search_model_versions(f"{field} = '{run}'") if run.isalnum() else []
    except MlflowException:
        found = []
    if not found:
        raise InputError(
            "No run of this id registered a model",
            value=run,
            remedy="Give the id of a run of `wardcast train` or `wardcast run`, the number of the version that it "
            "registered, or champion or challenger; `wardcast ui` lists them.",
        )
    return _registered(str(found[0].version), str(found[0].run_id))


def _registered(version: str, run_id: str) -> Registered:
    run = mlflow.MlflowClient().get_run(run_id)
    return Registered(version, run_id, run.data.params, run.data.tags)


def load(version_or_alias: str) -> FittedModel:
    """Return a registered fitted model by version number or alias.

    Raises
    ------
    InputError
        When there is no such version or alias, or its file is not the one that was registered.
    """
    named = version_or_alias.isdigit()
    client = mlflow.MlflowClient()
    try:
        find_version = client.get_model_version if named else client.get_model_version_by_alias
        version = find_version(REGISTERED_NAME, version_or_alias)
        folder = mlflow.artifacts.download_artifacts(f"models:/{REGISTERED_NAME}/{version.version}")
    except MlflowException as error:
        raise InputError(
            "The registry has no such model",
            value=version_or_alias,
            remedy="Train one with `wardcast train`, or name a version that the registry lists.",
        ) from error
    file = Path(folder) / "artifacts" / "fitted.nc"
    if version.tags.get(CHECKSUM) != sha256(file):
        raise InputError(
            "The file of this model is not the one that was registered: it was changed or damaged since",
            file=file,
            value=f"version {version.version}",
            remedy="Do not use it. Find out who changed it, then train again with `wardcast train`.",
        )
    return load_fitted(file)
