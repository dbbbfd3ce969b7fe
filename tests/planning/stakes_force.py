"""What a simulated force knows of its stakes as its plan folder tells it, beside the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.folder.read import PlanFolder
from planning.stakes.weights import harm_weights
from tests.planning.observed_force import DRAWS, LAST_MONTH


def recorded_last_year(force: Path, types: list[str], by: list[str] | None = None) -> pd.DataFrame | pd.Series:
    """Return the offences of the last twelve months by crime type, or by crime type and ward."""
    counts = pd.read_parquet(force / "truth" / "offences.parquet")
    last = counts[counts["month"] > LAST_MONTH - pd.DateOffset(months=12)]
    columns = ["located", "borough_only", "nowhere"]
    if by:
        return last.groupby(["crime_type", *by], observed=True)["located"].sum()
    return last.groupby("crime_type", observed=True)[columns].sum().sum(axis=1).reindex(types)


def harm_found(force: Path, plan: PlanFolder, majors: dict[str, str], seed: int) -> pd.DataFrame:
    """Return by crime type, and of all, the true harm of the last year and the 80 % interval that the folder gives."""
    types = list(majors)
    (own, *_) = harm_weights(plan.tables["harm_weights"], types, majors, Errors(DRAWS, seed))
    recorded = recorded_last_year(force, types).to_numpy(float)
    harm = own.drawn * recorded[:, None]
    harm = np.concatenate([harm, harm.sum(axis=0, keepdims=True)])
    truth = pd.read_parquet(force / "truth" / "plan_harm.parquet").set_index("crime_type")["harm"].reindex(types)
    true = truth.to_numpy() * recorded
    low, high = np.quantile(harm, [0.1, 0.9], axis=1)
    return pd.DataFrame({"truth": [*true, true.sum()], "low": low, "high": high}, index=[*types, "all"])
