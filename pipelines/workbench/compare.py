"""Compare: two runs in MLflow, or two forecasts of months that are over, held against each other.

Walk in: runs or files of forecast tables. Walks out: at which levels one is better, beyond chance, and in what the runs
are unlike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from models.scoring.comparison import compare
from models.tracking import registry
from models.tracking.registry import Registered
from pipelines.settings import Settings
from pipelines.steps.candidate import read_judged
from pipelines.workbench.backtest import read_forecast, score_table
from sources.read_force import read_force

TAGS = ("code_version", "lock_sha256", "force")


@dataclass(frozen=True)
class RunsCompared:
    """Two runs: `comparison` as `models.scoring.comparison.compare` gives it, `unlike`: what, run, reference."""

    comparison: pd.DataFrame
    unlike: pd.DataFrame


def compared_runs(settings: Settings, run: str, reference: str) -> RunsCompared:
    """Return how two runs did on the past years that both were judged on, and the parameters in which they differ.

    Runs are named by id, or by the number or alias of the version that they registered.

    Raises
    ------
    InputError
        When there is no such run, or the two share no month that both were judged on.
    """
    registry.open_store(settings.tracking_address, settings.mlruns)
    runs = [registry.of_run(name) for name in (run, reference)]
    scores = [read_judged(each.run_id).scores for each in runs]
    return RunsCompared(compare(*scores), _unlike(*runs))


def compared_files(settings: Settings, file: Path, reference: Path) -> pd.DataFrame:
    """Return how two forecast tables did on the months that both forecast, against the data folder's offences."""
    forecasts = read_forecast(file), read_forecast(reference)
    tables = read_force(settings.data, stops=settings.stops_as_evidence)
    return compare(*(score_table(forecast, tables) for forecast in forecasts))


def _unlike(run: Registered, reference: Registered) -> pd.DataFrame:
    facts = [
        {"version": each.version, **each.parameters, **{tag: each.tags.get(tag, "") for tag in TAGS}}
        for each in (run, reference)
    ]
    of_recipes = {each.parameters.get("model", "") for each in (run, reference)}
    rows = [
        (name, facts[0].get(name, ""), facts[1].get(name, ""))
        for name in dict.fromkeys([*facts[0], *facts[1]])
        if facts[0].get(name) != facts[1].get(name)
        # Parameters of two recipes cannot be held against each other.
        and not (len(of_recipes) > 1 and name.rpartition(".")[0] in of_recipes)
    ]
    return pd.DataFrame(rows, columns=["what", "run", "reference"])
