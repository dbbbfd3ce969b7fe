"""Single numbers of a plan for whoever tracks it.

Walk in: a plan's tables. Walk out: numbers by name.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.folder.vocabulary import ALL, FUNCTIONS
from planning.scenarios import CENTRAL
from planning.stakes.harm import REPORTED
from planning.stakes.hidden_table import SURVEY, TOGETHER


def plan_metrics(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Return hours, gaps, harm, experienced offences, costs and the chances of targets; names hold no blank."""
    found = {**_hours(tables["work"]), **_gaps(tables["people"])}
    harm, hidden, money = (tables.get(name, pd.DataFrame()) for name in ("harm", "hidden", "money"))
    if len(harm):
        rows = harm[(harm["area_level"] == "force") & (harm["kind"] == REPORTED)]
        found |= {f"harm_{_plain(row['weights'])}_{row['year']:%Y}": row["mean"] for _, row in rows.iterrows()}
    if len(hidden):
        rows = hidden[(hidden["area_level"] == "force") & (hidden["what"] == TOGETHER) & (hidden["basis"] == SURVEY)]
        found |= {f"experienced_{row['year']:%Y}": row["experienced"] for _, row in rows.iterrows()}
    if len(money):
        rows = money[(money["area_level"] == "force") & (money["what"] == ALL) & (money["function"] == ALL)]
        found |= {f"pounds_{row['year']:%Y}": row["mean"] for _, row in rows.iterrows()}
    for _, row in tables.get("reserves_end", pd.DataFrame()).iterrows():
        found[f"reserves_end_{_plain(row['path'])}_{_plain(row['closing'])}"] = row["probability"]
    targets = tables.get("targets", pd.DataFrame(columns=["chance"])).dropna(subset="chance")
    found |= {f"chance_of_{_plain(row['target'])}": row["chance"] for _, row in targets.iterrows()}
    return {name: float(number) for name, number in found.items()}


def _hours(work: pd.DataFrame) -> dict[str, float]:
    of_force = work[(work["area_level"] == "force") & (work["what"] == ALL) & (work["scenario"] == CENTRAL)]
    return {
        f"hours_year_{place}_{function.replace(' ', '_')}": mean
        for function in (*FUNCTIONS, ALL)
        for place, mean in enumerate(of_force.loc[of_force["function"] == function, "mean"], start=1)
    }


def _gaps(people: pd.DataFrame) -> dict[str, float]:
    gaps = people[(people["scenario"] == CENTRAL) & (people["area_level"] == "force") & (people["function"] == ALL)]
    return {f"gap_{_plain(row['path'])}_{row['year']:%Y}": row["gap_mean"] for _, row in gaps.iterrows()}


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text)
