"""The page of a plan: hours, people and the gap in plain tables, with how well each number is known.

Walks in: a plan's tables. Walks out: one HTML file that opens from disk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from planning.folder.vocabulary import ALL, QUALITIES
from planning.make import CENTRAL, PlanResult
from publication.pages.rendering import Formats, Table, Told, shown, write_html
from publication.plan.formats import in_whole
from publication.plan.further import FURTHER
from publication.plan.places import place_pictures
from publication.plan.sections import SECTIONS
from publication.words import month_name, per_cent, ranges

QUALITY_IN_WORDS = {
    "measured": "measured by this force",
    "published": "published of this force or country",
    "stand-in": "of another country, from before 2010, or derived from costs",
    "assumed": "no public figure",
}


def write_plan_page(path: Path, result: PlanResult, told: Told, *, root: str = "", **further: Any) -> None:
    """Write the page of a plan."""
    tables = result.tables
    plan = further.pop("plan", None)
    write_html(
        path,
        "plan.html",
        told,
        root=root,
        links=[] if not root else None,
        plan=plan,
        notes=result.notes,
        qualities=list(QUALITY_IN_WORDS.items()),
        hours=_hours(tables["work"]),
        scenarios=_scenarios(tables["work"]),
        gaps=_gaps(tables["people"]),
        areas=_areas(tables["people"]),
        break_even=_break_even(tables["break_even"]),
        variance=_variance(tables["variance"]),
        posts=_posts(tables["posts_beside_hours"]),
        further=[
            table
            for name, maker in FURTHER.items()
            if name in tables and len(tables[name]) and (table := maker(tables[name]))
        ],
        sections=[section for maker in SECTIONS if (section := maker(tables))],
        pictures=place_pictures(path.parent),
        defaults=_defaults(tables["assumptions"]),
        **further,
    )


def _of_force(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["area_level"] == "force"]


def _hours(work: pd.DataFrame) -> Table:
    rows = _of_force(work)
    rows = rows[(rows["scenario"] == CENTRAL) & (rows["what"] == ALL)]
    table = pd.DataFrame(
        {
            "Function": rows["function"],
            "Twelve months from": rows["year"].map(month_name),
            "Hours": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            "Known": rows["quality"],
        }
    )
    return shown("hours", "Hours of work, whole force", table, in_whole("Hours", "80 % interval"))


def _scenarios(work: pd.DataFrame) -> Table | None:
    rows = _of_force(work)
    rows = rows[(rows["what"] == ALL) & (rows["function"] == ALL)]
    wide = rows.pivot(index="scenario", columns="year", values="mean")
    if len(wide) < 2:
        return None
    change = wide / wide.loc[CENTRAL] - 1
    table = (
        change.drop(index=CENTRAL).rename(columns=month_name).reset_index(names="Scenario").rename_axis(columns=None)
    )
    formats: Formats = {
        name: lambda number: per_cent(number, signed=True) for name in map(str, table) if name != "Scenario"
    }
    return shown("scenarios", "Hours of all functions under other scenarios, against the central one", table, formats)


def _gaps(people: pd.DataFrame) -> Table | None:
    if people.empty:
        return None
    rows = _of_force(people)
    rows = rows[(rows["scenario"] == CENTRAL) & (rows["function"] == ALL)]
    return _people(
        "gaps",
        "Officers needed to hold the service of the last recorded year, and the gap, by path",
        rows,
        "Path",
        "path",
    )


def _areas(people: pd.DataFrame) -> Table | None:
    if people.empty:
        return None
    rows = people[(people["area_level"] != "force") & (people["scenario"] == CENTRAL)]
    return (
        _people(
            "areas", "The same of areas whose posts are known, should everyone there stay", rows, "Area", "area_name"
        )
        if len(rows)
        else None
    )


def _people(identifier: str, caption: str, rows: pd.DataFrame, heading: str, column: str) -> Table:
    table = pd.DataFrame(
        {
            heading: rows[column],
            "Twelve months from": rows["year"].map(month_name),
            "Needed": rows["needed"],
            "There": rows["there"],
            "Gap": rows["gap_mean"],
            "80 % interval of the gap": ranges(rows["gap_q10"], rows["gap_q90"]),
            "Chance of a gap, from demand alone": rows["probability_demand_alone"],
            "with assumptions": rows["probability_with_assumptions"],
            "Known": rows["quality"],
        }
    )
    formats = in_whole("Needed", "There", "Gap", "80 % interval of the gap")
    formats |= {"Chance of a gap, from demand alone": per_cent, "with assumptions": per_cent}
    return shown(identifier, caption, table, formats)


def _break_even(table: pd.DataFrame) -> Table | None:
    if table.empty:
        return None
    rows = table[table["function"] == ALL]
    months = {name: [_month_or_later(month) for month in rows[name]] for name in ("median", "early", "late")}
    words = pd.DataFrame(
        {
            "Path": rows["path"],
            "End of the first twelve months short": months["median"],
            "80 % interval": [f"{low} to {high}" for low, high in zip(months["early"], months["late"], strict=True)],
            "Chance within the plan": rows["probability"],
        }
    )
    return shown("break-even", "When people no longer suffice", words, {"Chance within the plan": per_cent})


def _month_or_later(month: pd.Timestamp | None) -> str:
    return "later than the plan" if pd.isna(month) else month_name(month)


def _variance(table: pd.DataFrame) -> Table | None:
    if table.empty:
        return None
    last = table[table["year"] == table["year"].max()]
    words = pd.DataFrame({"What errs": last["assumption"], "Share of the variance": last["share"]})
    return shown(
        "variance",
        "Where the uncertainty of officers needed in the last year comes from",
        words,
        {"Share of the variance": per_cent},
    )


def _posts(table: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Function": table["function"],
            "Hours, last recorded year": table["hours"],
            "Officers they would take": table["officers"],
            "80 % interval": ranges(table["officers_q10"], table["officers_q90"]),
            "Posts held": table["posts"],
            "Ratio": table["ratio"],
            "Known": table["quality"],
        }
    )
    formats = in_whole("Hours, last recorded year", "Officers they would take", "80 % interval", "Posts held")
    return shown(
        "posts", "What the hours would take in officers, beside posts held", words, formats | {"Ratio": "{:.2f}".format}
    )


def _defaults(assumptions: pd.DataFrame) -> Table:
    counted = assumptions.groupby(["table", "quality"])["of_force"].agg(["size", "sum"]).reset_index()
    counted = counted.sort_values(
        ["table", "quality"], key=lambda column: column.map(_rank) if column.name == "quality" else column
    )
    words = pd.DataFrame(
        {
            "Table": counted["table"],
            "Quality": counted["quality"],
            "Rows": counted["size"],
            "of the force's own": counted["sum"],
        }
    )
    return shown("defaults", "What the plan rests on", words, in_whole("Rows", "of the force's own"))


def _rank(quality: str) -> int:
    return QUALITIES.index(quality)
