"""What must hold of a risk register before it is scored.

Walk in: rows of `risk`, their scales, crime types and streams. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from planning.folder.stakes.risk_scales import IMPACTS, RiskScales
from sources.files.errors import InputError

TOGETHER = " + "  # joins crime types and streams that are one threat
NOBODY = "worked example"  # who scored a row that no force has scored, also where its folder was written for it
_SCALES = (*IMPACTS, "capacity", "capability", "confidence")


def parts_of(crimes: str) -> list[str]:
    """Return the crime types and streams that make a threat."""
    return crimes.split(TOGETHER) if crimes else []


def check_risk(risk: pd.DataFrame, scales: RiskScales, known: Sequence[str], file: Path) -> None:
    """Refuse words that no scale has, crime types that are not known, and threats without any likelihood.

    Rows of the worked example meet the scales of the worked example; where a force has other words, it has own rows.
    """
    for place, (_, row) in enumerate(risk.iterrows()):
        if not row["of_force"]:
            continue
        for column in _SCALES:
            if row[column] not in scales.words(column):
                raise _refused("A word is in no scale", file, place, column, row[column], scales.words(column))
        strange = [one for one in parts_of(row["crimes"]) if one not in known]
        if strange:
            raise _refused("A threat names what is not known", file, place, "crimes", strange[0], known)
        if bool(row["crimes"]) == bool(row["likelihood"]):
            raise InputError(
                "A threat has its likelihood either from crime types and streams or from its own word",
                file=file,
                row=place + 2,
                column="likelihood",
                value=row["threat"],
                remedy=f"Fill crimes, joined by {TOGETHER!r}, or likelihood, not both.",
            )
        if row["likelihood"] and row["likelihood"] not in scales.words("likelihood"):
            raise _refused(
                "A word is in no scale", file, place, "likelihood", row["likelihood"], scales.words("likelihood")
            )


def _refused(problem: str, file: Path, place: int, column: str, value: object, known: Sequence[str]) -> InputError:
    some = f"{', '.join(known[:12])}{' and more' if len(known) > 12 else ''}"
    return InputError(problem, file=file, row=place + 2, column=column, value=value, remedy=f"Use {some}.")
