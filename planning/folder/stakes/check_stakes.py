"""What must hold of a plan's rows on stakes and money.

Walk in: a plan's tables, scales of risk, and what is known of the force. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from planning.folder.check import Ground, refuse_unknown, row_in_file
from planning.folder.stakes.check_risk import check_risk
from planning.folder.stakes.risk_scales import RiskScales
from sources.files.errors import InputError

NARROWEST = 0.9  # of the interval that chance alone gives a share of so many asked
_Z90 = 1.2816


def check_stakes(
    tables: Mapping[str, pd.DataFrame], scales: RiskScales, barred: Sequence[str], ground: Ground, where: Path
) -> None:
    """Refuse rows that cannot stand; barred : crime types of whose hidden demand no number is told."""
    refuse_unknown(tables["harm_weights"], "what", ground.crimes, where / "harm_weights.csv")
    check_risk(tables["risk"], scales, [*ground.crimes, *tables["streams"]["stream"]], where / "risk.csv")
    _check_reporting(tables["reporting"], barred, ground.crimes, where / "reporting.csv")
    _check_rates(tables["rates"], where / "rates.csv")
    _check_budget(tables["budget"], where / "budget.csv")


def _check_reporting(table: pd.DataFrame, barred: Sequence[str], crimes: Sequence[str], file: Path) -> None:
    refuse_unknown(table, "what", crimes, file)
    own = table[table["of_force"].astype(bool)]
    for label, row in own.iterrows():
        wrong: tuple[str, str, str] | None = None
        if row["what"] in barred and row["measure"] == "reported":
            wrong = "what", "There is no basis for a share of this crime type that reaches the police", "Leave it out."
        elif row["measure"] != "spread" and row["p90"] > 1:
            wrong = "p90", "A share is above 1", "Write shares, not per cent."
        elif row["measure"] != "spread" and row["p10"] <= 0:
            wrong = "p10", "A share of nothing would make demand endless", "Give what the survey can exclude."
        elif row["measure"] != "spread" and row["n"] > 0 and _narrower(row):
            wrong = "n", "The interval is narrower than chance alone allows for so many asked", "Widen p10 to p90."
        if wrong:
            column, problem, remedy = wrong
            raise InputError(
                problem, file=file, row=row_in_file(table, label), column=column, value=row[column], remedy=remedy
            )


def _narrower(row: pd.Series) -> bool:
    chance = 2 * _Z90 * np.sqrt(row["p50"] * (1 - row["p50"]) / row["n"])
    return bool(row["p90"] - row["p10"] < NARROWEST * chance)


def _check_rates(table: pd.DataFrame, file: Path) -> None:
    for label, row in table.iterrows():
        if row["measure"] == "pounds an hour" and not str(row["year"])[:4].isdigit():
            raise InputError(
                "The year of prices is not known",
                file=file,
                row=row_in_file(table, label),
                column="year",
                value=row["year"],
                remedy="Begin it with the year in which the financial year of the prices began, as 2024/25.",
            )


def _check_budget(table: pd.DataFrame, file: Path) -> None:
    held = table[table["reserves"].notna()]
    if not len(held):
        return
    first = table["from_month"].min()
    late = held[held["from_month"] != first]
    if len(late) or len(held) > 1:
        label = late.index[0] if len(late) else held.index[1]
        raise InputError(
            "Reserves stand once, at the start of the first year",
            file=file,
            row=row_in_file(table, label),
            column="reserves",
            value=table.loc[label, "reserves"],
            remedy=f"Give them in one row of {first:%Y-%m} and leave the others empty.",
        )
