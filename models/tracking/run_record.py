"""What a run keeps beside its parameters: tables, numbers and pictures, in MLflow.

Walk in: tables, numbers and pictures of the open run. Walk out: the tables back, of any run.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
import pandas as pd
from matplotlib.figure import Figure
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities import Metric
from mlflow.exceptions import MlflowException

from sources.files.errors import InputError

MOST_DIGEST = 36  # characters that MLflow takes
MOST_METRICS = 1000  # that MLflow takes at once


def log_table(table: pd.DataFrame, name: str) -> None:
    """Keep a table with the open run, as CSV."""
    mlflow.log_text(table.to_csv(index=False), f"tables/{name}.csv")


def log_dataset(table: pd.DataFrame, name: str, digest: str) -> None:
    """Tell the open run which table it learnt from: its columns, its number of rows, and whose it is; no row is kept.

    digest : what knows the data again, such as their vintage; MLflow takes 36 characters.
    """
    # Without a source of its own MLflow would note the path of the program.
    dataset = from_pandas(table, source=CodeDatasetSource({}), name=name, digest=digest[:MOST_DIGEST])
    mlflow.log_input(dataset, context="training")


def read_table(run_id: str, name: str) -> pd.DataFrame:
    """Return a table that `log_table` kept with a run; dates are text.

    InputError where the run or the table is not there, or it is no table any more.
    """
    try:
        text = mlflow.artifacts.load_text(f"runs:/{run_id}/tables/{name}.csv")
    except (MlflowException, OSError) as error:
        raise _no_table(run_id, name) from error
    try:
        return pd.read_csv(io.StringIO(text))
    except ValueError as error:
        raise InputError(
            f"The table {name} of this run is damaged: {error}", value=run_id, remedy="Train its recipe again."
        ) from error


def _no_table(run_id: str, name: str) -> InputError:
    return InputError(
        f"The store has no table {name} of this run", value=run_id, remedy="Name a run that `wardcast ui` lists."
    )


def log_rows(table: pd.DataFrame, name: str) -> None:
    """Keep a table too long to be read by eye with the open run, as Parquet."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.parquet"
        table.to_parquet(file, index=False)
        mlflow.log_artifact(os.fspath(file), "tables")


def read_rows(run_id: str, name: str) -> pd.DataFrame:
    """Return a table that `log_rows` kept with a run. InputError where the run or it is not there."""
    with TemporaryDirectory() as folder:
        try:
            file = mlflow.artifacts.download_artifacts(f"runs:/{run_id}/tables/{name}.parquet", dst_path=folder)
        except (MlflowException, OSError) as error:
            raise _no_table(run_id, name) from error
        return pd.read_parquet(file)


def log_metrics(metrics: Mapping[str, float]) -> None:
    """Keep named numbers with the open run; those that are missing are left out."""
    mlflow.log_metrics({name: float(value) for name, value in metrics.items() if pd.notna(value)})


def log_metrics_by_step(rows: pd.DataFrame) -> None:
    """Keep numbers of a series with the open run: columns metric, step, value; those that are missing are left out."""
    run = mlflow.active_run()
    assert run is not None
    now = int(time.time() * 1000)
    known = rows.dropna(subset=["value"]).astype({"step": int, "value": float})
    metrics = [
        Metric(name, value, now, step)
        for name, value, step in zip(known["metric"], known["value"], known["step"], strict=True)
    ]
    for first in range(0, len(metrics), MOST_METRICS):
        mlflow.MlflowClient().log_batch(run.info.run_id, metrics=metrics[first : first + MOST_METRICS])


def log_figure(figure: Figure, name: str) -> None:
    """Keep a picture with the open run."""
    # Packed lightly: a quarter of the time of a picture would go into making its file a little smaller.
    mlflow.log_figure(figure, f"plots/{name}.png", save_kwargs={"pil_kwargs": {"compress_level": 1}})
