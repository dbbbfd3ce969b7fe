"""The registered model, loaded by MLflow from this code and a file of arrays, never from a pickle.

Walks in: a table with one column, `horizon`. Walks out: expected offences by ward, crime type and month for the
longest horizon asked. Its population factor is 1: exposure is the business of the forecast flow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel

from models.tracking.fitted_file import load_fitted


class ServedModel(PythonModel):
    """A fitted model behind MLflow's interface."""

    def load_context(self, context: Any) -> None:
        """Read the fitted model."""
        self.fitted = load_fitted(Path(context.artifacts["fitted"]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return ward, crime_type, month and mean, offences a month."""
        forecast = self.fitted.forecast(int(model_input["horizon"].max()))
        return forecast.mean.to_dataframe()[["mean"]].reset_index()


set_model(ServedModel())
