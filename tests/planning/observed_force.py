"""A simulated force's work as its plan folder tells it, beside the truth: what it takes no forecast to know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from planning.assumed import Errors
from planning.folder.check import Ground
from planning.folder.read import PlanFolder, read_plan
from planning.folder.vocabulary import FUNCTIONS
from planning.people.productive import productive_hours
from planning.work.handling import WayRows, Ways
from planning.work.hours import Case, hours_of_cases
from sources.simulated import simulate
from sources.simulated.plan_truth import LEVER_MONTHS_BEFORE_END, TELEPHONE_BEFORE_LEVER

DRAWS = 400
LAST_MONTH = pd.Timestamp("2025-03-01")


def observed(folder: Path, seed: int) -> tuple[Path, PlanFolder, dict[str, str]]:
    """Write a small force and return its folder, its plan and its crime types with their major types."""
    force = simulate(folder / f"force-{seed}", wards=12, months=48, seed=seed)
    types = pd.read_parquet(force / "truth" / "crime_types.parquet")
    majors = dict(zip(types["crime_type"], types["major_type"], strict=True))
    names = ["ward", "borough", "bcu", "force"]
    areas = pd.DataFrame({f"{level}_{part}": ["one"] for level in names for part in ("code", "name")})
    ahead = pd.date_range("2025-04-01", periods=12, freq="MS")
    return force, read_plan(force / "plan", Ground("E23990001", areas, majors, ahead)), majors


def officers_found(force: Path, plan: PlanFolder, majors: dict[str, str], seed: int) -> pd.DataFrame:
    """Return by function the true officers of the last year, and the 80 % interval that the plan folder gives."""
    errors = Errors(DRAWS, seed)
    month = pd.DatetimeIndex([LAST_MONTH])
    cases = [Case.of_type(plan.tables, minor, major, month) for minor, major in majors.items()]
    counts = pd.read_parquet(force / "truth" / "offences.parquet")
    last = counts[counts["month"] > LAST_MONTH - pd.DateOffset(months=12)]
    recorded = last.groupby("crime_type", observed=True)[["located", "borough_only", "nowhere"]].sum().sum(axis=1)
    hours = np.einsum(
        "t,tfd->fd", recorded.reindex(list(majors)).to_numpy(float), hours_of_cases(cases, (), errors)[:, :, 0]
    )
    for _, stream in plan.tables["streams"].iterrows():
        hours += stream["p50"] * Case.of_stream(plan.tables, stream["stream"], month).hours((), errors)[:, 0]
    found = hours / productive_hours(plan.tables["time"], errors)
    truth = pd.read_parquet(force / "truth" / "plan_people.parquet").set_index("function")["officers"]
    low, high = np.quantile(found, [0.1, 0.9], axis=1)
    return pd.DataFrame(
        {"truth": truth.reindex(list(FUNCTIONS)).to_numpy(), "low": low, "high": high}, index=list(FUNCTIONS)
    )


def lever_found(plan: PlanFolder, majors: dict[str, str], seed: int) -> tuple[float, float, float]:
    """Return by how much the telephone unit's share truly rose at the lever's month, and an 80 % interval of it."""
    first = LAST_MONTH - pd.DateOffset(months=LEVER_MONTHS_BEFORE_END - 1)
    months = pd.DatetimeIndex([first - pd.DateOffset(months=1), first])
    minor, major = next(iter(majors.items()))
    ways = Ways(WayRows.of(plan.tables["handling"], minor, major, months), Errors(DRAWS, seed))
    share = np.asarray(ways.share("telephone unit"))
    low, high = np.quantile(share[1] - share[0], [0.1, 0.9])
    return 0.40 - TELEPHONE_BEFORE_LEVER, float(low), float(high)
