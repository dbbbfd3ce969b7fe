"""The tables of the workbook, one a sheet.

Walks in: `Contents`. Walks out: a `Sheet` each, or None where the contents have nothing for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from publication.numbers.age_quality import qualities
from publication.numbers.recorded import last_twelve, shown_scenario, told_ahead, whole_totals
from publication.numbers.years import reading_places, wide_years, year_columns, year_name, years_ahead
from publication.release.contents import Contents, TrackRecord
from publication.words import LEVEL_NAMES, sentence_case

TOP_WARDS, TOP_WARDS_BY_TYPE = 50, 10
SHARE, COUNT = "0.0%", "[<9.95]0.0;#,##0"
NOT_AVAILABLE, CONFIDENTIAL = "[x]", "[c]"
BASES = {"suspect": "suspects", "victim": "victims"}

CHANGES = {"change": "Change of the median, first year", "chance": "Chance of a rise, first year"}
MONTHLY = {"q50": "Median", "q10": "80 % from", "q90": "80 % to", "mean": "Mean"}
_CRIME_LEVELS = {"all": "All", "major": "Major", "minor": "Minor", "group": "Group"}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its tab, title and table; by column, the name of a note and the number format; how many columns stay
    in view. A cell without a figure says why: NOT_AVAILABLE or CONFIDENTIAL.
    """

    label: str
    title: str
    table: pd.DataFrame
    notes: dict[str, str]
    formats: dict[str, str]
    fixed: int


def force_sheet(contents: Contents) -> Sheet | None:
    """Return the force by crime type and year."""
    title = "Recorded crime by crime type and year, whole force"
    return _by_year(contents, "Force", title, ["Crime type", "Level"], years_ahead(contents, "force"))


def bcu_sheet(contents: Contents) -> Sheet | None:
    """Return the basic command units (groups of boroughs under one command) by crime type and year."""
    table = years_ahead(contents, "bcu").rename(columns={"area_name": "BCU"})
    title = "Recorded crime by basic command unit (BCU), crime type and year"
    return _by_year(contents, "BCUs", title, ["BCU", "Crime type", "Level"], table)


def borough_sheet(contents: Contents) -> Sheet | None:
    """Return the boroughs by crime type and year."""
    table = years_ahead(contents, "borough").rename(columns={"area_name": "Borough"})
    title = "Recorded crime by borough, crime type and year"
    return _by_year(contents, "Boroughs", title, ["Borough", "Crime type", "Level"], table)


def scenario_sheet(contents: Contents) -> Sheet | None:
    """Return the force by scenario, major crime type and year; None where there is one scenario."""
    scenarios = contents.facts.scenarios
    if len(scenarios) < 2:
        return None
    parts = [
        years_ahead(contents, "force", scenario).assign(Scenario=_scenario_name(scenario)) for scenario in scenarios
    ]
    table = pd.concat(parts, ignore_index=True)
    title = "Recorded crime by scenario of the population, major crime type and year, whole force"
    columns = ["Scenario", "Crime type", "Level"]
    return _by_year(contents, "Scenarios", title, columns, table[table["crime_level"] != "minor"])


def age_sheets(contents: Contents) -> Iterator[Sheet | None]:
    """Yield ages of suspects and ages of victims: the force by crime type, boroughs for all crime, by year."""
    ages = contents.ages.forecast_by_age
    ages = ages[(ages["scenario"] == contents.facts.scenarios[0]) & (ages["period"] == "year")]
    # Nobody under ten is a suspect: a group that is nothing throughout tells nothing.
    most = ages.groupby(["age_basis", "age_group"], observed=True)["mean"].transform("max")
    ages = ages[(most > 0) | most.isna()]
    wanted = (ages["area_level"] == "force") | ((ages["area_level"] == "borough") & (ages["crime_level"] == "all"))
    for basis, people in BASES.items():
        cells = whole_totals(ages[wanted & (ages["age_basis"] == basis)], contents.crime)
        if cells.empty:
            continue
        order = {group: place for place, group in enumerate(dict.fromkeys(cells["age_group"]))}
        table = wide_years(cells, ["area_level", "area_code", "area_name", "crime_level", "crime_type", "age_group"])
        table = table.assign(
            first=table["area_level"] != "force",
            place=reading_places(table, contents.crime),
            group=table["age_group"].map(order),
        ).sort_values(["first", "area_name", "area_code", "place", "group"])
        quality = qualities(contents, basis)
        types = zip(table["crime_level"], table["crime_type"], strict=True)
        table["Quality of ages"] = [quality.get(key, NOT_AVAILABLE) for key in types]
        table["Age group"] = table["age_group"].str.capitalize()
        title = f"Recorded crime by age of {people} and year: the force by crime type, boroughs for all crime"
        columns = ["Area", "Crime type", "Level", "Age group", "Quality of ages"]
        yield _by_year(contents, f"Ages of {people}", title, columns, table.rename(columns={"area_name": "Area"}))


def ward_sheet(contents: Contents) -> Sheet | None:
    """Return the wards with most offences expected in the year ahead: of all crime, and of each major type."""
    table = years_ahead(contents, "ward")
    if table.empty:
        return None
    median, low, high, mean = year_columns(shown_scenario(contents))[:4]
    table = table[table["crime_level"].isin(["all", "major"])].sort_values(mean, ascending=False, kind="stable")
    rank = table.groupby(["crime_level", "crime_type"]).cumcount() + 1
    table = table.assign(Rank=rank, place=reading_places(table, contents.crime))
    table = table[rank <= table["crime_level"].map({"all": TOP_WARDS, "major": TOP_WARDS_BY_TYPE})]
    table["Borough"] = table["area_code"].map(contents.geography.areas.set_index("ward_code")["borough_name"])
    recorded = _recorded_name(contents)
    names = {"area_name": "Ward", "recorded": recorded, **CHANGES}
    table = table.sort_values(["place", "Rank"]).rename(columns=names)
    columns = ["Crime type", "Rank", "Ward", "Borough", recorded, median, low, high, *CHANGES.values(), mean]
    formats = dict.fromkeys([recorded, median, low, high, mean], COUNT) | dict.fromkeys(CHANGES.values(), SHARE)
    title = f"Wards with most offences expected: {TOP_WARDS} of all crime, {TOP_WARDS_BY_TYPE} of each major type"
    return make_sheet("Wards", title, columns, table, formats, fixed=3)


def month_sheet(contents: Contents) -> Sheet | None:
    """Return the force by month and major crime type."""
    cells = told_ahead(contents, "force")
    cells = cells[(cells["period"] == "month") & (cells["crime_level"] != "minor")]
    cells = whole_totals(cells, contents.crime)
    table = cells.assign(place=reading_places(cells, contents.crime)).sort_values(["month", "place"])
    table["Month"] = table["month"].dt.strftime("%B %Y")
    table = table.rename(columns=MONTHLY)
    formats = dict.fromkeys(MONTHLY.values(), COUNT)
    title = "Recorded crime by month and major crime type, whole force"
    return make_sheet("Months", title, ["Month", "Crime type", *formats], table, formats, fixed=2)


def accuracy_sheet(record: TrackRecord) -> Sheet | None:
    """Return how the method did on past months that it had not seen."""
    scores = record.accuracy
    if scores.empty:
        return None
    table = scores.assign(
        **{name: scores[name].astype(str).replace(LEVEL_NAMES) for name in ("area_level", "crime_level")}
    )
    names = {
        "area_level": "Areas",
        "crime_level": "Crime types",
        "origins": "Forecasts scored",
        "wape": "Error",
        "naive_wape": "Error of repeating the last year",
        "floor": "Smallest error that chance allows",
        "bias": "Total forecast too high by",
        "coverage_80_randomised": "80 % intervals that held the number",
        "coverage_80_strict": "The same, ends of intervals counted as outside",
        "coverage_80_inclusive": "The same, ends counted as inside",
    }
    formats = dict.fromkeys(list(names.values())[3:], SHARE)
    title = "How well the same method did on single months that it had not seen"
    return make_sheet("Accuracy", title, list(names.values()), table.rename(columns=names), formats, fixed=2)


def _by_year(contents: Contents, label: str, title: str, columns: Sequence[str], table: pd.DataFrame) -> Sheet | None:
    """Return a sheet of a table with the columns of the years ahead; None where no year is forecast."""
    recorded, years = _recorded_name(contents), year_columns(shown_scenario(contents))
    if table.empty or not years:
        return None
    table = table.rename(columns={"recorded": recorded, **CHANGES})
    figures = [name for name in (recorded, *CHANGES.values(), *years) if name in table]
    formats = {name: SHARE if name in CHANGES.values() else COUNT for name in figures}
    # What these tables lack was withheld, or suppressed, by disclosure control.
    return make_sheet(label, title, [*columns, *figures], table, formats, fixed=len(columns), missing=CONFIDENTIAL)


def make_sheet(
    label: str,
    title: str,
    columns: list[str],
    table: pd.DataFrame,
    formats: dict[str, str],
    *,
    fixed: int,
    missing: str = NOT_AVAILABLE,
) -> Sheet:
    """Return a sheet of the named columns; a cell without a figure says `missing`."""
    table = table.copy()
    if "crime_type" in table:
        table["Crime type"] = table["crime_type"].astype(str).map(sentence_case)
        table["Level"] = table["crime_level"].astype(str).map(_CRIME_LEVELS)
    if "area_code" in table:
        for name in table.columns.intersection(["Area", "Borough", "Ward"]):
            table[name] = [_legible(*pair) for pair in zip(table[name], table["area_code"], strict=True)]
    shown = table[columns].astype(object)
    shown = shown.where(shown.notna(), missing).reset_index(drop=True)
    return Sheet(label, title, shown, _notes(columns), formats, fixed)


def _notes(columns: Sequence[str]) -> dict[str, str]:
    """Return the notes of columns by their names, each where it is met first."""
    fixed = {
        "Crime type": "recorded",
        "Scenario": "scenario",
        "Age group": "age",
        "Quality of ages": "quality",
        "Error": "error",
    }
    notes = {name: fixed[name] for name in columns if name in fixed}
    lows = [name for name in columns if name.lower().endswith("80 % from")]
    medians = [name for name in columns if name.lower().endswith("median")]
    means = [name for name in columns if name.lower().endswith("mean")]
    notes |= {name: "ward" if "Ward" in columns else "counted" for name in columns if name.endswith(" recorded")}
    notes |= dict.fromkeys(medians[1:], "later years") | dict.fromkeys(medians[:1], "median")
    notes |= dict.fromkeys(lows[:1], "interval") | dict.fromkeys(means[:1], "mean")
    return notes | {name: "chance" for name in columns if name == CHANGES["chance"]}


def _scenario_name(scenario: str) -> str:
    """Return a scenario's name, which no reader can take for the end of an interval."""
    return f"{scenario.capitalize()} population" if scenario in ("low", "high") else scenario.capitalize()


def _recorded_name(contents: Contents) -> str:
    return f"{year_name(last_twelve(contents))} recorded"


def _legible(name: str, code: str) -> str:
    """A name, with its code where it has no Latin letter or digit, which gptables takes for an empty cell."""
    return name if re.search("[a-zA-Z0-9]", name) else f"{name} ({code})"
