"""Breaks: months in which recording, not crime, changed, listed in `breaks.csv` with evidence.

Walks in: the list. Walks out: masks of months that a season or a level must not be learned from. `kind` is
`disruption` (months unlike any other), `coverage` (locations lost) or `step` (another level from then on).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

BREAKS_FILE = Path(__file__).with_name("breaks.csv")
KINDS = ("disruption", "coverage", "step")


def load_breaks(file: Path = BREAKS_FILE, force_code: str | None = None) -> pd.DataFrame:
    """Return the list of breaks: event, force_code (or `all`), kind, crime_type (or `all`), first_month, last_month,
    known_from, evidence.

    With `force_code` they are those of that force and of all. `last_month` is missing where a break has not ended.
    Raises ValueError for an unknown kind.
    """
    breaks = pd.read_csv(file, parse_dates=["first_month", "last_month", "known_from"])
    unknown = set(breaks["kind"]) - set(KINDS)
    if unknown:
        raise ValueError(f"{file.name}: kind {sorted(unknown)} is none of {KINDS}")
    if force_code is not None:
        breaks = breaks[breaks["force_code"].isin(["all", force_code])].reset_index(drop=True)
    return breaks


def months_of(breaks: pd.DataFrame, kind: str, months: pd.DatetimeIndex) -> pd.Series:
    """Return for each month whether a break of this kind that touches all crime types covers it, index month."""
    chosen = breaks[(breaks["kind"] == kind) & (breaks["crime_type"] == "all")]
    covered = pd.Series(False, index=months)
    for first, last in zip(chosen["first_month"], chosen["last_month"].fillna(months[-1]), strict=True):
        covered |= (months >= first) & (months <= last)
    return covered


def steps_of(breaks: pd.DataFrame, crime_types: np.ndarray, months: pd.DatetimeIndex) -> list[tuple[int, np.ndarray]]:
    """Return the steps within the months, oldest first: position of the first month after, and which crime types.

    Crime types are (crime type) bool. A step at the very first month has nothing before it and is left out.
    """
    chosen = breaks[(breaks["kind"] == "step") & breaks["first_month"].isin(months[1:])].sort_values("first_month")
    steps = []
    for month, together in chosen.groupby("first_month"):
        named = together["crime_type"].to_numpy()
        steps.append((int(months.searchsorted(month)), np.isin(crime_types, named) | ("all" in named)))
    return steps
