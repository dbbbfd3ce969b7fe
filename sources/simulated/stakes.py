"""What is at stake in the fictional force: its truth, and what the force observed of it for its plan folder.

Walk in: crime types and a random generator. Walk out: a `StakesTruth`; files of the plan folder with standard errors,
and the truth beside the other truths.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sources.simulated.files import write_csv, write_parquet

CASES_SCORED = 400  # cases of a crime type whose harm was scored
_SPREAD_OF_HARM = 0.8  # of the logarithm, between cases of a type
_Z90 = 1.2816
_SAID = {"country": "SIMULATED", "quality": "measured"}


@dataclass(frozen=True, eq=False)
class StakesTruth:
    """What is true. harm : (crime type) mean harm of an offence."""

    crime_types: list[str]
    harm: np.ndarray


def stakes_truth_of(crime_types: list[str], generator: np.random.Generator) -> StakesTruth:
    """Return the truth of what is at stake."""
    harm = np.exp(generator.normal(3.0, 1.6, len(crime_types)))
    return StakesTruth(crime_types, harm)


def write_stakes(folder: Path, truth: StakesTruth, last_month: pd.Timestamp, generator: np.random.Generator) -> None:
    """Write what the force observed into its plan folder, which is there."""
    year = str(last_month.year)
    write_csv(_harm(truth, generator).assign(year=year, **_SAID), folder / "harm_weights.csv")


def write_stakes_truth(folder: Path, truth: StakesTruth) -> None:
    """Write the truth."""
    write_parquet(pd.DataFrame({"crime_type": truth.crime_types, "harm": truth.harm}), folder / "plan_harm.parquet")


def _harm(truth: StakesTruth, generator: np.random.Generator) -> pd.DataFrame:
    """Return mean harm of scored cases of each type, with an 80 % interval by its standard error."""
    scale = truth.harm[:, None] / np.exp(_SPREAD_OF_HARM**2 / 2)
    scores = scale * np.exp(_SPREAD_OF_HARM * generator.normal(size=(len(truth.harm), CASES_SCORED)))
    middle = scores.mean(axis=1)
    error = _Z90 * scores.std(axis=1, ddof=1) / np.sqrt(CASES_SCORED)
    return pd.DataFrame(
        {
            "weights": "own",
            "what": truth.crime_types,
            "p10": (middle - error).round(4),
            "p50": middle.round(4),
            "p90": (middle + error).round(4),
            "unit": "score",
            "source": "scored cases",
            "error_group": [f"scores of {name}" for name in truth.crime_types],
        }
    )
