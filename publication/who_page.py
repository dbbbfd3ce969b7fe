"""Who is growing where, as a page, a table and pictures of what drives demand.

Walks in: `Contents`. Walks out: `who.html`, `who.csv` (its name marked where simulated or internal) and
`pictures/demand_*.svg`, a waterfall a crime type.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from publication.charts import save_picture, sentence_case, year_label
from publication.contents import Contents
from publication.forecast_files import DECIMALS, slug_of, write_csv
from publication.recorded import reading_places, whole_totals
from publication.rendering import MISSING, Formats, Table, change, month_name, ranges, shown, whole, write_html
from publication.waterfall import NAMES, two_legs, waterfall
from publication.who import AGE_GROUPS, COUNTS, RESIDENTS, who_grows

SHOWN_WARDS = 20
BASES = {"suspect": "suspects", "victim": "victims"}
MARKS = {"few": "few residents", "busy": "busy place"}


def write_who(folder: Path, contents: Contents) -> None:
    """Write the page, its table and its pictures into a release's folder."""
    table = who_grows(contents)
    write_csv(folder / f"who{contents.facts.mark}.csv", table.round(DECIMALS).astype(dict.fromkeys(COUNTS, "Int64")))
    pictures = write_waterfalls(folder, contents)
    years = (int(table["from_year"].iloc[0]), int(table["to_year"].iloc[0])) if len(table) else None
    write_html(
        folder / "who.html",
        "who.html",
        contents,
        years=years,
        groups=[_group(group, table) for group in AGE_GROUPS if (table["age_group"] == group).any()],
        shown_wards=SHOWN_WARDS,
        sources=_sources(contents),
        pictures=pictures,
        steps=_steps_table(contents),
    )


def write_waterfalls(folder: Path, contents: Contents) -> list[dict[str, str]]:
    """Draw how the force's demand came and goes, all crime and each major type; return address and text of each."""
    legs = _force_legs(contents)
    pictures = []
    for (_, crime_type), part in legs.groupby(["place", "crime_type"], observed=True):
        first, second = (leg for _, leg in part.groupby("month_before"))
        (folder / "pictures").mkdir(exist_ok=True)
        address = f"pictures/demand_{slug_of(str(crime_type))}.svg"
        years = [first["month_before"].iloc[0], second["month_before"].iloc[0], second["month_after"].iloc[0]]
        before, now, after = (year_label(year) for year in years)
        name = sentence_case(str(crime_type))
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


def _force_legs(contents: Contents) -> pd.DataFrame:
    """Return the force's waterfalls of the scenario shown, of types that have both legs, with their reading place."""
    table = contents.demand_waterfall
    if table.empty:
        return pd.DataFrame(columns=["place", "crime_type", "month_before"])
    chosen = (table["area_level"] == "force") & (table["scenario"] == contents.facts.scenarios[0])
    table = table[chosen & table["crime_level"].isin(["all", "major"])]
    table = whole_totals(table, contents)
    table = table.astype({"crime_type": str, "step": str}).assign(place=reading_places(table, contents))
    whole = table.groupby("crime_type")["month_before"].transform("nunique") == 2
    return table[whole].sort_values(["place", "month_before"], kind="stable")


def _steps_table(contents: Contents) -> Table | None:
    legs = _force_legs(contents)
    if legs.empty:
        return None
    periods = [
        f"{year_label(before)} to {year_label(after)}"
        for before, after in zip(legs["month_before"], legs["month_after"], strict=True)
    ]
    names = {"before": "From", "after": "To"} | {step: NAMES.get(step, step) for step in legs["step"].unique()}
    names |= {"before": "From", "after": "To"}
    legs = legs.assign(years=periods, name=legs["step"].map(names))
    wide = legs.pivot_table(
        index=["place", "crime_type", "month_before", "years"], columns="name", values="offences", sort=False
    )
    order = [name for name in dict.fromkeys(names.values()) if name != "To"] + ["To"]
    table = wide[[name for name in dict.fromkeys(order) if name in wide]].reset_index()
    table["crime_type"] = table["crime_type"].map(sentence_case)
    table = table.drop(columns=["place", "month_before"]).rename(columns={"crime_type": "Crime type", "years": "Years"})
    formats: Formats = {name: whole if name in ("From", "To") else _signed for name in table.columns[2:]}
    return shown("steps", "What drives demand, whole force: offences a year", table, formats)


def _group(group: str, table: pd.DataFrame) -> dict[str, Any]:
    """Return what the page shows of an age group: sums, and tables of its first wards and of the boroughs."""
    rows = table[table["age_group"] == group]
    wards = rows[rows["area_level"] == "ward"].drop_duplicates("area_code")
    shown_rows = rows[(rows["area_level"] == "borough") | rows["area_code"].isin(wards["area_code"].head(SHOWN_WARDS))]
    boroughs = rows[rows["area_level"] == "borough"].drop_duplicates("area_code")
    return {
        "name": group,
        "wards": len(wards),
        "growing": int((wards["residents_ahead"] > wards["residents"]).sum()),
        "sums": boroughs[RESIDENTS].sum().to_dict(),
        "tables": {
            str(level): [
                _residents_table(part, group, str(level)),
                *(
                    _offences_table(part, group, str(level), basis)
                    for basis in BASES
                    if (part["age_basis"] == basis).any()
                ),
            ]
            for level, part in shown_rows.groupby("area_level", sort=False)
        },
    }


def _residents_table(rows: pd.DataFrame, group: str, level: str) -> Table:
    areas = rows.drop_duplicates("area_code")
    first, last = (int(rows[year].iloc[0]) for year in ("from_year", "to_year"))
    table = pd.DataFrame(
        {
            "Area": areas["area_name"],
            "Borough": areas["borough_name"],
            f"Residents {group}, {first}": areas["residents"],
            f"Residents {group}, {last}": areas["residents_ahead"],
            "Least to most": ranges(areas["residents_low"], areas["residents_high"]),
            "More residents": areas["residents_ahead"] - areas["residents"],
            "Growth": areas["growth"],
            "Rates mislead": areas["rate_misleads"].map(MARKS).fillna(""),
        }
    )
    formats: Formats = dict.fromkeys(table.columns[2:4], whole)
    formats |= {"Least to most": str, "More residents": _signed, "Growth": change}
    captions = {
        "ward": f"The {len(areas)} wards with the largest rise in residents aged {group}",
        "borough": f"Boroughs, residents aged {group}",
    }
    return shown(
        f"{level}-{group}", captions[level], table if level == "ward" else table.drop(columns="Borough"), formats
    )


def _offences_table(rows: pd.DataFrame, group: str, level: str, basis: str) -> Table:
    """Return for each crime type what is expected of the age group in the first year, and what its growth implies."""
    rows = rows[rows["age_basis"] == basis]
    areas = rows.drop_duplicates("area_code").set_index("area_code")
    table, qualities = pd.DataFrame({"Area": areas["area_name"]}), []
    for crime_type, part in rows.groupby("crime_type"):
        name, part = sentence_case(str(crime_type)), part.set_index("area_code").reindex(areas.index)
        qualities.append(f"{name.lower()}: {(part['quality'].dropna().iloc[0] or 'quality not stated').lower()}")
        table[f"{name}: expected"] = _with_range(part["expected"], part["low"], part["high"], whole)
        table[f"{name}: per 1,000 residents {group}"] = [whole(rate) for rate in part["rate"]]
        table[f"{name}: more by growth alone"] = _with_range(
            part["implied"], part["implied_low"], part["implied_high"], _signed
        )
    caption = f"The same {'wards' if level == 'ward' else 'boroughs'}: offences by age of {BASES[basis]}, {group}"
    formats: Formats = dict.fromkeys(table.columns[1:], str)
    return shown(f"{level}-{group}-{basis}", f"{caption} (ages: {'; '.join(qualities)})", table, formats)


def _with_range(middle: pd.Series, low: pd.Series, high: pd.Series, form: Callable[[float], str]) -> list[str]:
    pairs = zip(middle, ranges(low, high, form), strict=True)
    return [MISSING if pd.isna(number) else f"{form(number)} ({interval})" for number, interval in pairs]


def _sources(contents: Contents) -> list[str]:
    """Return in a sentence each what the ages of each basis and quality come from."""
    rated = contents.age_quality
    if rated.empty:
        return []
    told = (
        rated[["basis", "quality", "source"]].astype(str).drop_duplicates().sort_values(["basis", "quality", "source"])
    )
    return [f"Ages of {BASES[basis]}, {quality}: {source}" for basis, quality, source in told.to_numpy().tolist()]


def _signed(number: float) -> str:
    if round(number, 1) == 0:
        return "0"
    text = f"{number:+,.1f}" if abs(number) < 10 else f"{number:+,.0f}"
    return text.replace("-", "\N{MINUS SIGN}")
