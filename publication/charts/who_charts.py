"""Pictures of ages: residents now and ahead, and rates by age of suspects and of victims.

Walks in: `Contents`. Walks out: `pictures/residents_by_age.svg` and `pictures/rates_by_age.svg`, where there are such
figures.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from models.forecast.vocabulary import EXCLUDING
from publication.charts.charts import EXPECTED, INK, PALE, RECORDED, STRONG, STYLE, finished, new_figure, save_picture
from publication.numbers.recorded import members
from publication.numbers.who import mid_year
from publication.release.contents import Contents, CrimeTypes
from publication.words import sentence_case

# Told apart by dash and marker as well as by colour.
LINES = [
    (colour, dash, marker)
    for dash, marker in (("-", "o"), ((0, (4, 1.5)), "s"), ((0, (1, 1)), "^"))
    for colour in (RECORDED, EXPECTED, STRONG, INK)
]


def write_age_pictures(folder: Path, contents: Contents) -> list[dict[str, str]]:
    """Draw what there is of residents and rates by age; return address and text of each picture."""
    pictures = []
    for name, figure, text in (
        (
            "residents_by_age",
            residents_by_age(contents),
            "Bars of the force's residents by age group, in two years.",
        ),
        (
            "rates_by_age",
            rates_by_age(contents),
            "Curves of people a year per 1,000 residents by age, by crime type.",
        ),
    ):
        if figure is not None:
            (folder / "pictures").mkdir(exist_ok=True)
            save_picture(figure, folder / "pictures" / f"{name}.svg")
            pictures.append({"address": f"pictures/{name}.svg", "text": text})
    return pictures


def residents_by_age(contents: Contents) -> Figure | None:
    """Return bars of the force's residents by age group: the year of the forecast's first months, and its last."""
    years = pd.DatetimeIndex(contents.ahead.forecast.loc[contents.ahead.forecast["period"] == "year", "month"])
    if years.nunique() < 2:
        return None
    first, last = mid_year(years.min()), mid_year(years.max())
    table = contents.geography.residents
    table = table[(table["age_group"] != "all") & table["year"].isin([first, last])]
    shown = contents.facts.scenarios[0]
    shown = shown if (table["variant"] == shown).any() else "central"
    every = table.groupby(["age_group", "year", "variant"])["persons"].sum().unstack("variant")
    if shown not in every or every.index.get_level_values("year").nunique() < 2:
        return None
    middle = every[shown].fillna(every["estimate"]) if "estimate" in every else every[shown]
    now, ahead = (middle.xs(year, level="year") for year in (first, last))
    low, high = (edge.xs(last, level="year").reindex(now.index) for edge in (every.min(axis=1), every.max(axis=1)))
    groups = sorted(now.index, key=_youngest)
    places = np.arange(len(groups))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        figure = new_figure(
            8,
            0.8 + 0.45 * len(groups),
            f"Residents by age, {first} and {last}",
            "Residents on 30 June",
            "Source: estimates and projections of residents (see the input files on the front page). "
            f"Release {contents.facts.name}.",
        )
        axes = figure.subplots()
        axes.barh(places - 0.2, now[groups], 0.38, color=RECORDED, label=str(first))
        axes.barh(places + 0.2, ahead[groups], 0.38, color=PALE, edgecolor=STRONG, label=f"{last}, {shown}")
        spread = (ahead[groups] - low[groups], high[groups] - ahead[groups])
        axes.errorbar(
            ahead[groups],
            places + 0.2,
            xerr=np.clip(np.array(spread), 0, None),
            fmt="none",
            ecolor=EXPECTED,
            capsize=3,
            label="Low to high projection",
        )
        axes.set_yticks(places, groups)
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        return finished(figure, contents.facts.force.simulated)


def rates_by_age(contents: Contents) -> Figure | None:
    """Return a panel a basis: people a year per 1,000 residents of each age, a line a major type of crime."""
    rates = contents.ages.age_rates
    parts = [
        _rate_of(rates[rates["crime_type"].isin(minors)], name) for name, minors in _majors(contents.crime).items()
    ]
    table = pd.concat(parts, axis="columns").sort_index() if parts else pd.DataFrame()
    if table.empty:
        return None
    bases = [basis for basis in ("suspect", "victim") if basis in table.index.get_level_values("basis")]
    with mpl.rc_context(STYLE):
        unit = "People of known age a year per 1,000 residents of that age; scales differ"
        figure = new_figure(10, 4.2, "Rates by age, all residents of the force", unit, _source_of_rates(contents))
        grid = figure.subplots(1, len(bases), squeeze=False)[0]
        for axes, basis in zip(grid, bases, strict=True):
            curves = pd.DataFrame(table.xs(basis, level="basis")).dropna(axis="columns", how="all")
            order = curves.max().sort_values(ascending=False, kind="stable").index
            for name, (colour, dash, marker) in zip(order, LINES, strict=False):
                axes.plot(
                    curves.index, curves[name], color=colour, ls=dash, marker=marker, markevery=8, ms=4, lw=1.5,
                    label=textwrap.fill(sentence_case(str(name)), 26),
                )  # fmt: skip
            axes.set_title(f"Age of {basis}s", loc="left", fontsize=10)
            axes.set_ylim(bottom=0)
            axes.legend(fontsize=7.5, frameon=False, loc="upper right")
        return finished(figure, contents.facts.force.simulated, legend=False)


def _majors(crime: CrimeTypes) -> dict[str, list[str]]:
    """Return the minor types of each major type that is told whole."""
    return {
        name: minors
        for (level, name), minors in members(crime).items()
        if level == "major" and not name.endswith(EXCLUDING) and not set(minors) & set(crime.withheld_counts)
    }


def _rate_of(rates: pd.DataFrame, name: str) -> pd.Series:
    """Return the sum over types by basis and age; ages of which one type has no rate are left out."""
    types = rates.groupby("basis", observed=True)["crime_type"].transform("nunique")
    by_age = rates.assign(types=types).groupby(["basis", "age"], observed=True)
    sums = by_age.agg(rate=("rate", "sum"), known=("rate", "size"), types=("types", "first"))
    return sums.loc[sums["known"] == sums["types"], "rate"].rename(name)


def _youngest(group: str) -> int:
    found = re.search(r"\d+", group)
    return -1 if group.startswith("under") else int(found.group()) if found else 999


def _source_of_rates(contents: Contents) -> str:
    """Name what the rates rest on, which mostly is older than the release and of other publishers."""
    rated = contents.ages.age_quality[contents.ages.age_quality["quality"] != "none"]
    named = sorted(set(rated["source"].dropna().astype(str)) - {""})
    return f"Source: {'; '.join(named) or 'not stated'}; residents as estimated. Release {contents.facts.name}."
