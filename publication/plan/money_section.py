"""Money on a plan's page: what demand costs, what the gap costs to close, and when reserves end.

Walk in: tables of money. Walks out: a section.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planning.folder.vocabulary import ALL
from publication.pages.rendering import Table, shown
from publication.plan.formats import in_whole
from publication.plan.section import Section
from publication.words import MISSING, month_name, per_cent, ranges, sentence_case


def money_section(tables: Mapping[str, pd.DataFrame]) -> Section | None:
    """Return the section; costs of crime types and BCUs are of the first year of the plan."""
    money = tables.get("money", pd.DataFrame())
    if money.empty:
        return None
    first = money[money["year"] == money["year"].min()]
    gaps, ends = tables.get("gap_costs", pd.DataFrame()), tables.get("reserves_end", pd.DataFrame())
    findings = (
        *_on_cost(money),
        *_on_gap(gaps),
        *_on_reserves(ends),
        "Costs are hours times pounds an hour, with inflation: work that follows demand, not all that the force "
        "spends. Spending by BCU is not kept; what a BCU costs is imputed from its hours.",
    )
    made = (
        _functions(money),
        _types(first),
        _bcus(first),
        _gaps(gaps),
        _reserves(tables.get("reserves", pd.DataFrame())),
    )
    return Section("Money", findings, tuple(table for table in made if table is not None))


def millions(pounds: float) -> str:
    """Pounds as a reader meets them: `£1.2 million`, with a decimal below a hundred."""
    return f"£{pounds / 1e6:,.1f} million" if abs(pounds) < 1e8 else f"£{pounds / 1e6:,.0f} million"


def _on_cost(money: pd.DataFrame) -> list[str]:
    rows = money[(money["area_level"] == "force") & (money["what"] == ALL) & (money["function"] == ALL)]
    first, last = rows.iloc[0], rows.iloc[-1]
    resident = "" if pd.isna(first["a_resident"]) else f", £{first['a_resident']:,.0f} for each resident"
    return [
        f"Work that follows demand costs {millions(first['mean'])} in the twelve months from "
        f"{month_name(first['year'])} ({millions(first['q10'])} to {millions(first['q90'])}){resident}, and "
        f"{millions(last['mean'])} in those from {month_name(last['year'])}."
    ]


def _on_gap(gaps: pd.DataFrame) -> list[str]:
    if gaps.empty:
        return []
    rows = gaps[(gaps["function"] == ALL) & (gaps["year"] == gaps["year"].max())]
    row = rows.loc[rows["to_close"].idxmax()]
    return [
        f"On the path {row['path']} closing the gap costs {millions(row['to_close'])} in the last year "
        f"({millions(row['to_close_q10'])} to {millions(row['to_close_q90'])})."
    ]


def _on_reserves(ends: pd.DataFrame) -> list[str]:
    if ends.empty:
        return []
    said = []
    for _, row in ends[ends["probability"] > 0].iterrows():
        when = "later" if pd.isna(row["median"]) else f"in the twelve months from {month_name(row['median'])}"
        said.append(f"{row['path']}, {row['closing']}: {per_cent(row['probability'])}, in half of the cases {when}")
    until = f"the twelve months from {month_name(ends['until'].iloc[0])}"
    return [f"Chance that reserves end by {until}: {'; '.join(said)}." if said else f"Reserves last through {until}."]


def _functions(money: pd.DataFrame) -> Table:
    rows = money[(money["area_level"] == "force") & (money["what"] == ALL)]
    words = pd.DataFrame(
        {
            "Function": rows["function"],
            "Twelve months from": rows["year"].map(month_name),
            "Pounds": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            "from demand alone": ranges(rows["q10_demand_alone"], rows["q90_demand_alone"]),
            "A resident": rows["a_resident"],
            "Known": rows["quality"],
        }
    )
    formats = in_whole("Pounds", "80 % interval", "from demand alone") | {"A resident": _pounds}
    return shown("money-functions", "What demand costs by function, whole force", words, formats)


def _types(first: pd.DataFrame) -> Table | None:
    rows = first[(first["area_level"] == "force") & (first["what"] != ALL)].sort_values("mean", ascending=False)
    if rows.empty:
        return None
    words = pd.DataFrame(
        {
            "Crime type or stream": rows["what"].map(sentence_case),
            "Pounds": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            "An offence": rows["an_offence"],
            "80 % interval of an offence": ranges(rows["an_offence_q10"], rows["an_offence_q90"]),
        }
    )
    formats = in_whole(*(str(name) for name in words if name != "Crime type or stream"))
    return shown("money-types", "What each crime type and stream costs, whole force, first year", words, formats)


def _bcus(first: pd.DataFrame) -> Table | None:
    rows = first[(first["area_level"] == "bcu") & (first["what"] == ALL) & (first["function"] == ALL)]
    if rows.empty:
        return None
    words = pd.DataFrame(
        {
            "BCU": rows["area_name"],
            "Pounds, imputed": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            "A resident": rows["a_resident"],
        }
    )
    formats = in_whole("Pounds, imputed", "80 % interval") | {"A resident": _pounds}
    return shown("money-bcus", "What the demand of BCUs costs, imputed from hours, first year", words, formats)


def _gaps(gaps: pd.DataFrame) -> Table | None:
    if gaps.empty:
        return None
    rows = gaps[gaps["function"] == ALL]
    words = pd.DataFrame(
        {
            "Path": rows["path"],
            "Twelve months from": rows["year"].map(month_name),
            "Gap, officers": rows["gap"],
            "Pounds to close it": rows["to_close"],
            "80 % interval": ranges(rows["to_close_q10"], rows["to_close_q90"]),
            "Chance that some function is short": rows["chance"],
        }
    )
    formats = in_whole("Gap, officers", "Pounds to close it", "80 % interval")
    caption = (
        "What the gap costs to close: functions that are short, officers to spare elsewhere not counted against them"
    )
    return shown("gap-costs", caption, words, formats | {"Chance that some function is short": per_cent})


def _reserves(reserves: pd.DataFrame) -> Table | None:
    if reserves.empty:
        return None
    words = pd.DataFrame(
        {
            "Path": reserves["path"],
            "Gap": reserves["closing"],
            "Twelve months from": reserves["year"].map(month_name),
            "Spending": reserves["spending"],
            "Income": reserves["income"],
            "Reserves at their end": reserves["reserves"],
            "80 % interval": ranges(reserves["reserves_q10"], reserves["reserves_q90"]),
            "Chance that they are gone": reserves["chance_gone"],
        }
    )
    formats = in_whole("Spending", "Income", "Reserves at their end", "80 % interval")
    return shown("reserves", "Reserves", words, formats | {"Chance that they are gone": per_cent})


def _pounds(value: float) -> str:
    return MISSING if pd.isna(value) else f"{value:,.2f}"
