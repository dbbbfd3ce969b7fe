"""What drives demand: how the force's recorded crime came to the last year, and goes on, factor by factor.

Walks in: `Contents`. Walks out: `demand_waterfall.csv` (its name marked where simulated or internal), a table and a
sentence for the page, and `pictures/demand_*.svg`, a waterfall a crime type.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from publication.charts.charts import save_picture
from publication.charts.waterfall import two_legs, waterfall
from publication.numbers.recorded import whole_totals
from publication.numbers.years import reading_places
from publication.pages.rendering import Formats, Table, shown
from publication.release.contents import Contents
from publication.tables.forecast_files import slug_of, write_csv
from publication.words import STEP_NAMES, month_name, sentence_case, whole, year_label

SHOWN = 0.05  # offences a year; a part smaller than this reads as 0


def write_waterfalls(folder: Path, contents: Contents) -> list[dict[str, str]]:
    """Draw how the force's demand came and goes, all crime and each major type; return address and text of each."""
    legs = force_legs(contents)
    pictures = []
    for (_, crime_type), part in legs.groupby(["place", "crime_type"], observed=True):
        first, second = (leg for _, leg in part.groupby("month_before"))
        (folder / "pictures").mkdir(exist_ok=True)
        address = f"pictures/demand_{slug_of(str(crime_type))}.svg"
        years = [first["month_before"].iloc[0], second["month_before"].iloc[0], second["month_after"].iloc[0]]
        before, now, after = (year_label(year) for year in years)
        name = counted_name(str(crime_type))
        picture = waterfall(
            two_legs(first, second),
            before=f"Recorded, {before}",
            now=f"Recorded, {now}",
            after=f"Expected, {after}",
            title=f"{name}: from {before} to {after}",
            source=f"Source: {contents.facts.force.name}, offences with a known ward, to "
            f"{month_name(contents.facts.origin)}. Release {contents.facts.name}.",
            simulated=contents.facts.force.simulated,
        )
        save_picture(picture, folder / address)
        pictures.append({"address": address, "name": name, "first": before, "last": after})
    return pictures


def write_demand_table(folder: Path, contents: Contents) -> str:
    """Write the steps of force and boroughs, all crime and each major type, every scenario; return the file's name."""
    table = contents.ahead.demand_waterfall
    if table.empty:
        return ""
    table = table[table["area_level"].isin(["force", "borough"]) & table["crime_level"].isin(["all", "major"])]
    name = f"demand_waterfall{contents.facts.mark}.csv"
    write_csv(folder / name, table.round({"offences": 2}))
    return name


def by_scenario(contents: Contents) -> str:
    """Return in a sentence what each scenario expects of all crime in the last year; empty where there is one."""
    table = contents.ahead.demand_waterfall
    if table.empty or len(contents.facts.scenarios) < 2:
        return ""
    chosen = (table["area_level"] == "force") & (table["crime_level"] == "all") & (table["step"] == "after")
    table = whole_totals(table[chosen], contents.crime)
    table = table[table["month_after"] == table["month_after"].max()].drop_duplicates("scenario")
    expected = table.set_index(table["scenario"].astype(str))["offences"]
    parts = [f"{whole(expected[name])} under {name}" for name in contents.facts.scenarios if name in expected]
    year = year_label(table["month_after"].iloc[0])
    total = "all crime with a known ward"
    return f"By projection of the population, {total} in {year}: {', '.join(parts)}." if len(parts) > 1 else ""


def force_legs(contents: Contents) -> pd.DataFrame:
    """Return the force's waterfalls of the scenario shown, of types that have both legs, with their reading place."""
    table = contents.ahead.demand_waterfall
    if table.empty:
        return pd.DataFrame(columns=["place", "crime_type", "month_before"])
    chosen = (table["area_level"] == "force") & (table["scenario"] == contents.facts.scenarios[0])
    table = table[chosen & table["crime_level"].isin(["all", "major"])]
    table = whole_totals(table, contents.crime)
    table = table.astype({"crime_type": str, "step": str}).assign(place=reading_places(table, contents.crime))
    whole = table.groupby("crime_type")["month_before"].transform("nunique") == 2
    return table[whole].sort_values(["place", "month_before"], kind="stable")


def steps_table(contents: Contents) -> Table | None:
    """Return the steps of the force's waterfalls, a row a crime type and leg, without steps that are always nothing."""
    legs = force_legs(contents)
    if legs.empty:
        return None
    periods = [
        f"{year_label(before)} to {year_label(after)}"
        for before, after in zip(legs["month_before"], legs["month_after"], strict=True)
    ]
    names = {"before": "From", "after": "To"} | {step: STEP_NAMES.get(step, step) for step in legs["step"].unique()}
    names |= {"before": "From", "after": "To"}
    legs = legs.assign(years=periods, name=legs["step"].map(names))
    wide = legs.pivot_table(
        index=["place", "crime_type", "month_before", "years"], columns="name", values="offences", sort=False
    )
    order = [name for name in dict.fromkeys(names.values()) if name != "To"] + ["To"]
    table = wide[[name for name in dict.fromkeys(order) if name in wide]].reset_index()
    table["crime_type"] = table["crime_type"].map(counted_name)
    table = table.drop(columns=[name for name in table.columns[4:] if (table[name].fillna(0).abs() < SHOWN).all()])
    table = table.drop(columns=["place", "month_before"]).rename(columns={"crime_type": "Crime type", "years": "Years"})
    formats: Formats = {name: whole if name in ("From", "To") else signed for name in table.columns[2:]}
    caption = "What drives demand, whole force: offences a year with a known ward"
    return shown("steps", caption, table, formats)


def counted_name(crime_type: str) -> str:
    """A crime type of which only offences with a known ward are counted, so that its total is not another page's."""
    name = "All crime excluding fraud" if crime_type == "all" else sentence_case(crime_type)
    return f"{name}, known ward"


def signed(number: float) -> str:
    """A difference as a reader meets it: signed, one under ten with a decimal."""
    if round(number, 1) == 0:
        return "0"
    text = f"{number:+,.1f}" if abs(number) < 10 else f"{number:+,.0f}"
    return text.replace("-", "\N{MINUS SIGN}")
