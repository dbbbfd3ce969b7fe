"""Tables of a plan's page: categories of demand, streams counted, how scenarios differ, and hours by age.

Walk in: tables of a plan. Walk out: tables in words.
"""

from __future__ import annotations

import pandas as pd

from planning.folder.vocabulary import ALL
from publication.pages.rendering import Table, shown
from publication.plan.formats import in_whole
from publication.words import month_name, per_cent, ranges


def scenario_differences(table: pd.DataFrame) -> Table:
    """Return what each scenario brings beyond the central one, all functions, whatever the sign."""
    rows = table[table["function"] == ALL]
    words = pd.DataFrame(
        {
            "Scenario": rows["scenario"],
            "Twelve months from": rows["year"].map(month_name),
            "Hours beyond": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            "Of all hours": [per_cent(share, signed=True) for share in rows["share"]],
            "Chance of more": rows["chance_above"],
        }
    )
    caption = "Hours beyond those of the central scenario, through the same possible futures"
    formats = in_whole("Hours beyond", "80 % interval") | {"Chance of more": per_cent}
    return shown("scenario-differences", caption, words, formats)


def categories(table: pd.DataFrame) -> Table:
    """Return public, protective and internal demand, all functions: they add up to all hours."""
    rows = table[table["function"] == ALL]
    words = pd.DataFrame(
        {
            "Demand": rows["category"].str.capitalize(),
            "Twelve months from": rows["year"].map(month_name),
            "Hours": rows["mean"],
            "80 % interval": ranges(rows["q10"], rows["q90"]),
            "Of all hours": rows["share"],
        }
    )
    formats = in_whole("Hours", "80 % interval") | {"Of all hours": per_cent}
    return shown("categories", "Hours by category of demand: each hour stands once", words, formats)


def streams(table: pd.DataFrame) -> Table:
    """Return streams in the first year of the plan; those without hours are counted only."""
    rows = table[table["year"] == table["year"].min()]
    words = pd.DataFrame(
        {
            "Stream": rows["stream"],
            "Demand": rows["category"],
            "Counted in": rows["unit"],
            "Last recorded year": rows["cases_before"],
            "Year ahead": rows["cases"],
            "80 % interval": ranges(rows["cases_q10"], rows["cases_q90"]),
            "Kept from people": rows["diverted"],
            "Hours": rows["hours"],
            "Known": rows["quality"],
        }
    )
    formats = in_whole("Last recorded year", "Year ahead", "80 % interval", "Kept from people", "Hours")
    return shown("streams", "Streams beside crime types, in the first year ahead", words, formats)


def ages(table: pd.DataFrame) -> Table:
    """Return hours of all types with known ages by age of victims and of suspects, first and last year."""
    rows = table[(table["what"] == ALL) & (table["function"] == ALL)]
    wide = rows.pivot(index=["age_basis", "age_group"], columns="year", values="mean")
    wide = wide.reindex(pd.MultiIndex.from_frame(rows[["age_basis", "age_group"]].drop_duplicates()))
    words = wide.rename(columns=month_name).reset_index().rename_axis(columns=None)
    words = words.rename(columns={"age_basis": "Age of", "age_group": "Age group"})
    names = [str(name) for name in words if name not in {"Age of", "Age group"}]
    known = table[table["what"] != ALL].groupby("age_basis", observed=True)["what"].nunique()
    types = " and ".join(f"of {basis}s of {count} crime types" for basis, count in known.items())
    caption = f"Hours by age, of the crime types whose ages are known: {types}, never to be added; by year from"
    return shown("ages", caption, words, in_whole(*names))
