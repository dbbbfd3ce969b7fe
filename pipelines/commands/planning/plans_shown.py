"""Plans on the terminal: officers needed and the gap, and how two plans differ.

Walks in: tables of plans. Walks out: text on standard output.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.commands.tables_shown import show_table
from planning.folder.vocabulary import ALL
from planning.make import CENTRAL


def show_plan(tables: Mapping[str, pd.DataFrame]) -> None:
    """Print a plan's hours of the force, and officers needed along each path."""
    work = tables["work"]
    hours = work[(work["area_level"] == "force") & (work["scenario"] == CENTRAL) & (work["what"] == ALL)]
    wide = hours.pivot(index="function", columns="year", values="mean").round().astype(int)
    show_table("Hours of work, by function and twelve months from", wide.rename(columns=_month).reset_index())
    people = tables.get("people", pd.DataFrame())
    if len(people):
        rows = people[(people["area_level"] == "force") & (people["scenario"] == CENTRAL) & (people["function"] == ALL)]
        told = (
            rows[["path", "year", "needed", "there", "gap_mean", "gap_q10", "gap_q90"]]
            .round()
            .astype(dict.fromkeys(["needed", "there", "gap_mean", "gap_q10", "gap_q90"], int))
        )
        chances = rows[["probability_demand_alone", "probability_with_assumptions"]].round(2)
        show_table(
            "Officers needed to hold the service",
            pd.concat([told, chances], axis=1).assign(year=rows["year"].map(_month)),
        )


def show_plan_differences(table: pd.DataFrame, other: str) -> None:
    """Print how the hours of two plans differ, of the force."""
    rows = table[(table["area_level"] == "force") & (table["scenario"] == CENTRAL)]
    wide = rows.pivot(index="function", columns="year", values="difference").round().astype(int)
    show_table(f"Hours beyond those of {other}", wide.rename(columns=_month).reset_index())


def _month(month: pd.Timestamp) -> str:
    return f"{month:%Y-%m}"
