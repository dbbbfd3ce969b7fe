"""Tables of a plan's page that not every plan has: why hours change, levers, judgements, what goes undone, cases held.

Walk in: tables of a plan. Walk out: tables in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from planning.folder.vocabulary import ALL
from planning.tables.waterfall import WORDS
from publication.pages.rendering import Table, shown
from publication.plan import ledger_tables, people_tables
from publication.plan.formats import in_whole
from publication.words import month_name, per_cent, ranges, sentence_case


def _waterfall(table: pd.DataFrame) -> Table:
    rows = table[table["function"] == ALL]
    wide = rows.pivot(index="step", columns="year", values="hours").reindex(list(dict.fromkeys(rows["step"])))
    wide.index = pd.Index([STEPS[step] for step in wide.index])
    words = wide.rename(columns=month_name).reset_index(names="Hours of crime").rename_axis(columns=None)
    names = [str(name) for name in words if name != "Hours of crime"]
    return shown(
        "waterfall", "Why hours change: from the last recorded year to the twelve months from", words, in_whole(*names)
    )


def _levers(table: pd.DataFrame) -> Table:
    rows = table[(table["area_level"] == "force") & (table["function"] == ALL)]
    words = pd.DataFrame(
        {
            "Lever": rows["lever"],
            "Twelve months from": rows["year"].map(month_name),
            "Hours saved": rows["saved"],
            "80 % interval": ranges(rows["saved_q10"], rows["saved_q90"]),
            "Officers freed": rows["officers_freed"],
            "Hours a pound": rows["hours_a_pound"],
            "Evidence": rows["evidence"],
            "Known": rows["quality"],
        }
    )
    formats = in_whole("Hours saved", "80 % interval", "Officers freed") | {"Hours a pound": "{:.2f}".format}
    return shown("levers", "What each lever saves, beside the others", words, formats)


def _portfolio(table: pd.DataFrame) -> Table:
    words = table.rename(
        columns={
            "levers": "Levers",
            "cost_a_year": "Pounds a year",
            "hours_saved": "Hours saved in the last year",
            "hours_a_pound": "Hours a pound",
        }
    )
    formats = in_whole("Pounds a year", "Hours saved in the last year") | {"Hours a pound": "{:.2f}".format}
    return shown("portfolio", "Which levers a budget buys", words, formats)


def _judgements(table: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Judgement": table["id"],
            "Kind": table["kind"],
            "On": table["crime"] + ", " + table["area"],
            "Status": table["status"],
            "Because": table["reason"],
            "Moves a year by": table["effect"],
            "Forecast errs by": table["forecast_sd"],
        }
    )
    return shown("judgements", "Judgements", words, in_whole("Moves a year by", "Forecast errs by"))


def _undone(table: pd.DataFrame) -> Table:
    last = table[table["year"] == table["year"].max()]
    summed = last.groupby(["path", "function"], sort=False)[["hours", "cases"]].sum().reset_index()
    first = last.sort_values("hours", ascending=False).groupby(["path", "function"])["crime_type"].first()
    words = pd.DataFrame(
        {
            "Path": summed["path"],
            "Function": summed["function"],
            "Hours left undone": summed["hours"],
            "Offences": summed["cases"],
            "Most of it": [sentence_case(first[key]) for key in zip(summed["path"], summed["function"], strict=True)],
        }
    )
    caption = "What goes undone in the last year where people are short, the least harm first"
    return shown("undone", caption, words, in_whole("Hours left undone", "Offences"))


def _caseload(table: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Function": table["function"],
            "Twelve months from": table["year"].map(month_name),
            "Cases open at any time": table["open_cases"],
            "80 % interval": ranges(table["open_q10"], table["open_q90"]),
            "For each person there": table["cases_a_person"],
            "A person is said to hold": table["cases_a_person_said"],
        }
    )
    formats = in_whole(*(str(name) for name in words if name not in {"Function", "Twelve months from"}))
    return shown("caseload", "Cases that investigators hold", words, formats)


def _waits(table: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Path": table["path"],
            "Twelve months from": table["year"].map(month_name),
            "Grade": table["grade"],
            "Median minutes": table["median_minutes"],
            "Standard, minutes": table["standard_minutes"],
            "Share within it": table["share_within"],
            "Nine in ten": table["standard"],
        }
    )
    formats = in_whole("Median minutes", "Standard, minutes") | {"Share within it": per_cent}
    return shown("waits", "Waits for a response, as demand is expected", words, formats)


STEPS = {
    "base year": "Last recorded year",
    **{step: words.capitalize() for step, words in WORDS.items()},
    "year": "Year",
}
FURTHER: Mapping[str, Callable[[pd.DataFrame], Table | None]] = {
    "against_central": ledger_tables.scenario_differences,
    "waterfall": _waterfall,
    "categories": ledger_tables.categories,
    "stream_work": ledger_tables.streams,
    "work_by_age": ledger_tables.ages,
    "frontline": people_tables.frontline,
    "ranks": people_tables.ranks,
    "filled_posts": people_tables.filled_posts,
    "undone": _undone,
    "caseload": _caseload,
    "backlog": people_tables.backlog,
    "waits": _waits,
    "levers": _levers,
    "portfolio": _portfolio,
    "judgements": _judgements,
}
