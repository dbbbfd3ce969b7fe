"""Who is growing where, as a page and a table, with what a reader of ages must know.

Walks in: `Contents`. Walks out: `who.html`, `who.csv` (its name marked where simulated or internal), pictures of
residents and rates by age, and what `publication.pages.who_demand` writes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from models.forecast.vocabulary import EXCLUDING
from publication.charts.who_charts import write_age_pictures
from publication.numbers.age_quality import QUALITIES, age_caveats, shares_not_known
from publication.numbers.who import AGE_GROUPS, COUNTS, RESIDENTS, who_grows
from publication.pages.documents import learnt_strength
from publication.pages.rendering import Formats, Table, shown, write_html
from publication.pages.who_demand import by_scenario, signed, steps_table, write_demand_table, write_waterfalls
from publication.release.contents import Ages, Contents
from publication.tables.forecast_files import write_csv
from publication.words import MISSING, ranges, sentence_case, share, whole

SHOWN_WARDS = 20
BASES = {"suspect": "suspects", "victim": "victims"}
# Residents and offences of a ward are far less sure than decimals would say.
CSV_DECIMALS = dict.fromkeys(RESIDENTS, 0) | {"growth": 3}
MARKS = {"few": "few residents", "busy": "busy place"}


def write_who(folder: Path, contents: Contents) -> None:
    """Write the page, its table and its pictures into a release's folder."""
    table = who_grows(contents)
    decimals = dict.fromkeys(table.select_dtypes("float").columns, 1) | CSV_DECIMALS
    write_csv(folder / f"who{contents.facts.mark}.csv", table.round(decimals).astype(dict.fromkeys(COUNTS, "Int64")))
    pictures = write_waterfalls(folder, contents)
    years = (int(table["from_year"].iloc[0]), int(table["to_year"].iloc[0])) if len(table) else None
    write_html(
        folder / "who.html",
        "who.html",
        contents,
        years=years,
        groups=[_group(group, table) for group in AGE_GROUPS if (table["age_group"] == group).any()],
        shown_wards=SHOWN_WARDS,
        sources=_sources(contents.ages),
        pictures=pictures,
        steps=steps_table(contents),
        demand_file=write_demand_table(folder, contents),
        scenarios=by_scenario(contents),
        caveats=age_caveats(contents.ages),
        not_known=_not_known_table(contents),
        ages=write_age_pictures(folder, contents),
        strength=learnt_strength(contents.track_record),
    )


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
        "most": wards["area_name"].head(3).tolist(),
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
            "Low to high projection": ranges(areas["residents_low"], areas["residents_high"]),
            "More residents": areas["residents_ahead"] - areas["residents"],
            "Growth": areas["growth"],
            "Rates mislead": areas["rate_misleads"].map(MARKS).fillna(""),
        }
    )
    formats: Formats = dict.fromkeys(table.columns[2:4], whole)
    formats |= {"Low to high projection": str, "More residents": signed, "Growth": _whole_change}
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
        name, part = _short(str(crime_type)), part.set_index("area_code").reindex(areas.index)
        qualities.append(f"{name.lower()}: {(part['quality'].dropna().iloc[0] or 'quality not stated').lower()}")
        table[f"{name}: expected"] = _with_range(part["expected"], part["low"], part["high"], _no_decimal)
        table[f"{name}: with a {basis} of known age, per 1,000"] = [whole(rate) for rate in part["rate"]]
        table[f"{name}: more by growth alone"] = _with_range(
            part["implied"], part["implied_low"], part["implied_high"], signed
        )
    caption = f"The same {'wards' if level == 'ward' else 'boroughs'}: offences by age of {BASES[basis]}, {group}"
    formats: Formats = dict.fromkeys(table.columns[1:], str)
    return shown(f"{level}-{group}-{basis}", f"{caption} (ages: {'; '.join(qualities)})", table, formats)


def _short(crime_type: str) -> str:
    """Return a crime type's name, short enough for a heading."""
    name, excluding, _ = crime_type.partition(EXCLUDING)
    name = sentence_case(name).removesuffix(" against the person")
    return f"{name} (without protected types)" if excluding else name


def _not_known_table(contents: Contents) -> Table | None:
    """Return how many offences have no suspect, or victim, of known age, by major type."""
    shares = shares_not_known(contents)
    shares = shares[~shares["crime_type"].str.endswith(EXCLUDING)].dropna(subset=list(BASES), how="all")
    if shares.empty:
        return None
    headings = {basis: f"No {basis} of known age" for basis in BASES}
    table = pd.DataFrame({"Crime type": shares["crime_type"].map(sentence_case)})
    table = table.assign(**{heading: shares[basis] for basis, heading in headings.items()})
    caption = "Offences with no person of known age, share of those expected in the first year, whole force"
    return shown("not-known", caption, table, dict.fromkeys(headings.values(), share))


def _no_decimal(number: float) -> str:
    return f"{number:,.0f}"


def _whole_change(number: float) -> str:
    return f"{number:+.0%}".replace("-", "\N{MINUS SIGN}").replace("%", "\N{NO-BREAK SPACE}%")


def _with_range(middle: pd.Series, low: pd.Series, high: pd.Series, form: Callable[[float], str]) -> list[str]:
    pairs = zip(middle, ranges(low, high, form), strict=True)
    return [MISSING if pd.isna(number) else f"{form(number)} ({interval})" for number, interval in pairs]


def _sources(ages: Ages) -> list[str]:
    """Return in a sentence each what the ages of each basis and quality come from."""
    rated = ages.age_quality
    if rated.empty:
        return []
    told = (
        rated[["basis", "quality", "source"]].astype(str).drop_duplicates().sort_values(["basis", "quality", "source"])
    )
    return [
        f"Ages of {BASES[basis]}, {QUALITIES[quality]}: {source}" for basis, quality, source in told.to_numpy().tolist()
    ]
