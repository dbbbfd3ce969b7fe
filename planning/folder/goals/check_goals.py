"""What must hold of targets and named lists.

Walk in: rows of `targets` and `priorities`, and what is known of the force. Walks out: nothing, or an `InputError`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path

import pandas as pd

from planning.folder.check import Ground, refuse_unknown, row_in_file
from planning.folder.goals.contracts_of_goals import COST, OF_COUNTS, SHARE, SURVEY
from planning.folder.goals.lists import TOGETHER, names_of
from planning.folder.vocabulary import ALL
from sources.files.errors import InputError

_MONTHS_A_YEAR = 12
_Refusal = tuple[str, str, str]  # column, problem, remedy


def check_goals(tables: Mapping[str, pd.DataFrame], ground: Ground, where: Path) -> None:
    """Refuse targets and lists that cannot stand."""
    priorities, targets = tables["priorities"], tables["targets"]
    refuse_unknown(priorities, "what", [*ground.crimes, ""], where / "priorities.csv")
    wards = set(ground.areas["ward_code"])
    refuse_unknown(targets, "area", ground.area_names - wards, where / "targets.csv", "area that no target may have")
    for label, row in targets.iterrows():
        found = _of_what(row, priorities, ground) or _of_level(row) or _of_year(row, ground) or _of_given(row)
        if found:
            raise _refused(targets, label, found, where / "targets.csv")


def _refused(table: pd.DataFrame, label: Hashable, refusal: _Refusal, file: Path) -> InputError:
    column, problem, remedy = refusal
    row = row_in_file(table, label)
    return InputError(
        problem, file=file, row=row, column=column, value=table.loc[[label], column].iloc[0], remedy=remedy
    )


def _of_what(row: pd.Series, priorities: pd.DataFrame, ground: Ground) -> _Refusal | None:
    if row["measure"] not in OF_COUNTS:
        return None
    what, lists = row["what"], sorted(set(priorities["list"]))
    names = names_of(what, priorities)
    if not names:
        return "what", "The list is not public", "Give the force's own list of that name in priorities.csv."
    if what not in lists and (strange := [one for one in names if one not in ground.crimes]):
        known = f"lists {', '.join(lists)}, or crime types joined by {TOGETHER!r}"
        return "what", f"A target counts {strange[0]!r}, which is not known", f"Name {known}."
    if not set(names) & set(ground.crimes):
        return "what", "The force tells none of the crime types of the list", "Give its own list in priorities.csv."
    if row["measure"] == SHARE and ALL in names:
        return "what", "A share of all offences is always 1", "Name the crime types whose share is meant."
    return None


def _of_level(row: pd.Series) -> _Refusal | None:
    if row[["change", "level"]].notna().sum() != 1:
        return "change", "A target has either a change or a level", "Fill one of the two columns."
    if row[["baseline_from", "baseline"]].notna().sum() > 1:
        return "baseline", "A target has its baseline from a year or as a value", "Fill one of the two columns."
    if pd.notna(row["change"]) and row[["baseline_from", "baseline"]].isna().all():
        return "change", "A change is against nothing", "Fill baseline_from or baseline."
    shares = {"baseline", "level", "latest"} if row["measure"] in {SHARE, SURVEY} else set()
    for column in sorted(shares):
        if row[column] > 1:
            return column, "A share is above 1", "Write shares, not per cent."
    return None


def _of_year(row: pd.Series, ground: Ground) -> _Refusal | None:
    if row["measure"] not in OF_COUNTS:
        return None
    last = ground.months[-1] - pd.DateOffset(months=_MONTHS_A_YEAR - 1)
    if row["year_from"] > last:
        return "year_from", "The target's year ends after the forecast", f"Begin it in {last:%Y-%m} or before."
    first = ground.months[0] - pd.DateOffset(months=_MONTHS_A_YEAR)
    if pd.notna(row["baseline_from"]) and row["baseline_from"] > first:
        return "baseline_from", "The baseline is not recorded yet", f"Begin it in {first:%Y-%m} or before."
    return None


def _of_given(row: pd.Series) -> _Refusal | None:
    if row["measure"] in {SURVEY, COST} and pd.isna(row["latest"]):
        return "latest", "A target that is not forecast needs its latest figure", "Fill it."
    if row["measure"] in {SURVEY, COST} and pd.notna(row["baseline_from"]):
        return "baseline_from", "No history of this measure is known", "Give the baseline as a value."
    if row["measure"] == SURVEY and pd.isna(row["n"]):
        return "n", "A survey's figure needs how many were asked", "Fill it: without it no interval is known."
    return None
