"""Targets on a plan's page: how likely each is met, what it needs from here, and what is not targeted.

Walk in: tables of targets. Walks out: a section.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.goals.targets_table import GIVEN
from publication.pages.rendering import Formats, Table, shown
from publication.plan.further import in_whole
from publication.plan.section import Section
from publication.words import MISSING, change, month_name, per_cent, ranges, sentence_case, whole

EXAMPLE = (
    "Worked example: nobody set the target that stands here. Put the force's own in targets.csv of its plan folder."
)
BESIDE = (
    "What is not targeted stands beside each target. Where a target falls and its neighbours rise, crime, recording or "
    "effort may have moved: the counts alone cannot tell which."
)


def targets_section(tables: Mapping[str, pd.DataFrame]) -> Section | None:
    """Return the section."""
    targets = tables.get("targets", pd.DataFrame())
    if targets.empty:
        return None
    findings = [] if targets["of_force"].all() else [EXAMPLE]
    findings += [_finding(row) for _, row in targets.iterrows()]
    beside = tables.get("targets_beside", pd.DataFrame())
    made = [_targets(targets)]
    if len(beside):
        findings.append(BESIDE)
        made.append(_beside(beside))
    return Section("Targets", tuple(findings), tuple(made))


def _finding(row: pd.Series) -> str:
    name, aim = str(row["target"]), f"{row['direction']} {amount(row['aim'], row['measure'])}"
    if row["standing"] == GIVEN:
        asked = (
            ""
            if pd.isna(row["q10"])
            else f" ({per_cent(row['q10'])} to {per_cent(row['q90'])} by chance of who was asked)"
        )
        latest = amount(row["last"], row["measure"])
        return f"{sentence_case(name)}: {aim} aimed at, {latest}{asked} the latest figure. It is not forecast here."
    needed = "" if pd.isna(row["needed_a_month"]) else _needed(row)
    return (
        f"{sentence_case(name)}: the chance of {aim} in the twelve months from {month_name(row['year'])} is "
        f"{per_cent(row['chance'])} ({row['area_name']}, {row['what']}).{needed}"
    )


def _needed(row: pd.Series) -> str:
    expected = "" if pd.isna(row["expected_a_month"]) else f"; {change(row['expected_a_month'])} a month is expected"
    return f" It needs {change(row['needed_a_month'])} a month from here{expected}."


def amount(value: float, measure: str) -> str:
    """A value of a target as a reader meets it, by its measure."""
    if pd.isna(value):
        return MISSING
    if measure in {"share", "survey"}:
        return per_cent(value)
    return f"{value:,.2f} a thousand residents" if measure == "rate" else whole(value)


def _targets(targets: pd.DataFrame) -> Table:
    measures = list(targets["measure"])
    told = {
        words: [amount(value, measure) for value, measure in zip(targets[column], measures, strict=True)]
        for words, column in (
            ("Baseline", "baseline"),
            ("Aimed at", "aim"),
            ("Last recorded year", "last"),
            ("Expected", "mean"),
            ("Expected miss", "expected_miss"),
        )
    }
    pairs = zip(targets["q10"], targets["q90"], measures, strict=True)
    words = pd.DataFrame(
        {
            "Target": targets["target"],
            "What": targets["what"],
            "Area": targets["area_name"],
            "Year from": targets["year"].map(month_name),
            "Set by": targets["set_by"],
            **told,
            "80 % interval": [
                MISSING if pd.isna(low) else f"{amount(low, measure)} to {amount(high, measure)}"
                for low, high, measure in pairs
            ],
            "Chance": targets["chance"],
            "Needed a month": targets["needed_a_month"],
            "Expected a month": targets["expected_a_month"],
        }
    )
    formats: Formats = {"Chance": per_cent, "Needed a month": change, "Expected a month": change}
    return shown("targets", "Targets and the chance of meeting them", words, formats)


def _beside(beside: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Target": beside["target"],
            "Not targeted": beside["beside"].map(sentence_case),
            "Baseline year": beside["baseline"],
            "Last recorded year": beside["last"],
            "Expected": beside["mean"],
            "80 % interval": ranges(beside["q10"], beside["q90"]),
            "Change": beside["change"],
            "Chance of a rise": beside["chance_rise"],
        }
    )
    formats = in_whole("Baseline year", "Last recorded year", "Expected", "80 % interval")
    formats |= {"Change": change, "Chance of a rise": per_cent}
    return shown("targets-beside", "What is not targeted, same area and year", words, formats)
