"""What is not targeted, beside each target: whoever chases a target may shift crime, recording or effort to the rest.

Walk in: targets with what they count, demand and the recorded past. Walk out: rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from planning.demand.plan_demand import PlanDemand
from planning.goals.counts import MONTHS_A_YEAR, Counted, Past, year_draws

REPORTED = "all other crime that the public reports"
DISCOVERED = "what policing itself discovers"


def beside_rows(
    targets: Sequence[tuple[pd.Series, Counted]], demand: PlanDemand, past: Past, majors: Mapping[str, str]
) -> pd.DataFrame:
    """Return a row for each target and kind of crime that it leaves out, of the same area and year."""
    named = [
        (row, name, replace(what, types=types))
        for row, what in targets
        for name, types in left_out(what.types, demand, majors).items()
    ]
    drawn = year_draws(demand, past, [what for _, _, what in named])
    rows = [
        _row(row, name, what, values, past)
        for (row, name, what), values in zip(named, drawn, strict=True)
        if values is not None
    ]
    return pd.DataFrame(rows)


def left_out(targeted: np.ndarray, demand: PlanDemand, majors: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Return what is not targeted, (crime type) true or false, by name: in all, and by major type."""
    rest = ~targeted
    found = {REPORTED: rest & ~demand.budgeted, DISCOVERED: rest & demand.budgeted}
    major_of = np.array([majors.get(one, one) for one in demand.types])
    for major in dict.fromkeys(major_of):
        held = rest & ~demand.budgeted & (major_of == major)
        touched = (targeted & (major_of == major)).any()
        found[f"{major}, what is not targeted" if touched else str(major)] = held
    return {name: types for name, types in found.items() if types.any()}


def _row(row: pd.Series, name: str, what: Counted, values: np.ndarray, past: Past) -> dict[str, object]:
    last = past.year(what, past.last_month - pd.DateOffset(months=MONTHS_A_YEAR - 1))
    baseline = past.year(what, row["baseline_from"]) if pd.notna(row["baseline_from"]) else None
    low, high = np.quantile(values, [0.1, 0.9])
    mean = float(values.mean())
    assert last is not None
    return {
        "target": row["target"],
        "beside": name,
        "year": row["year_from"],
        "baseline": np.nan if baseline is None else baseline,
        "last": last,
        "mean": mean,
        "q10": float(low),
        "q90": float(high),
        "change": mean / last - 1 if last else np.nan,
        "chance_rise": float((values > last).mean()),
    }
