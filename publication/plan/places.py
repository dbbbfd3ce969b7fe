"""Posts by ward and command units on the page of a plan: what each rule comes to, which wards, which commands.

Walk in: tables of a plan, outlines of boroughs. Walk out: tables in words, and pictures beside the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from planning.places.ward_posts.post_demand import MEASURES
from planning.places.ward_posts.post_rules import SHORTFALL
from publication.charts.charts import save_picture
from publication.charts.command_charts import command_pictures
from publication.pages.rendering import Formats, Table, shown
from publication.plan.formats import in_whole
from publication.plan.section import Section
from publication.words import per_cent, whole
from sources.tables.force_tables import Force

MOST_WARDS = 20
PICTURES = {
    "command_options": "Maps of options of command units, each command shaded by its size. Figures: commands.csv.",
    "command_front": "Pairs of boroughs parted, and the best ratio for so many. Figures: command_front.csv.",
}


def place_section(tables: Mapping[str, pd.DataFrame]) -> Section | None:
    """Return the section on places; None where a plan decides on none."""
    made = [maker(tables[name]) for name, maker in _MAKERS.items() if name in tables and len(tables[name])]
    shown_tables = tuple(table for table in made if table is not None)
    if not shown_tables:
        return None
    findings = (*_on_posts(tables), *_on_commands(tables))
    return Section("Where: officers for wards, boroughs for commands", findings, shown_tables)


def write_place_pictures(
    folder: Path, tables: Mapping[str, pd.DataFrame], outlines: gpd.GeoDataFrame, force: Force
) -> None:
    """Write the pictures of command units that a plan's tables allow into its folder."""
    known = outlines[outlines["code"].isin(tables.get("commands", pd.DataFrame({"area_code": []}))["area_code"])]
    if known.empty:
        return
    source = f"{force.name}{_recorded_when(tables)}."
    for name, figure in command_pictures(tables, known, source, simulated=force.simulated).items():
        save_picture(figure, folder / f"{name}.svg")


def place_pictures(folder: Path) -> list[dict[str, str]]:
    """Return the pictures of a plan's folder for its page: address, text."""
    return [
        {"address": f"{name}.svg", "text": text}
        for name, text in PICTURES.items()
        if (folder / f"{name}.svg").is_file()
    ]


def _on_posts(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    posts = tables.get("posts", pd.DataFrame())
    if posts.empty:
        return []
    found = []
    for role, rows in posts[posts["rule"] == SHORTFALL].groupby("role", sort=False):
        above, most = (rows["posts"] > rows["floor"]).sum(), rows.sort_values("posts", kind="stable").iloc[-1]
        found.append(
            f"{_capital(str(role))}: {whole(rows['posts'].sum())} posts, {whole(rows['floor'].sum())} of them the "
            f"least of every ward; {whole(above)} of {whole(len(rows))} wards have more, {most['ward_name']} with "
            f"{whole(most['posts'])} the most."
        )
    return [*found, "Neither what policing itself discovers nor types that may not be told of wards earn posts."]


def _on_commands(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    commands = tables.get("commands", pd.DataFrame())
    if commands.empty:
        return []
    ratios = commands.drop_duplicates("option").set_index("option")["ratio"]
    best = ratios[ratios.index.str.startswith("best of")].dropna()
    measure = commands["measure"].iloc[0]
    now = [
        f"By {measure}, today's largest command is {ratio:.2f} times the smallest."
        for name, ratio in ratios.items()
        if name == "today"
    ]
    could = [
        f"The {name} commands would have it at {ratio:.2f}."
        for name, ratio in best.items()
        if "on the draws" not in str(name)
    ]
    return [*now, *could, "On this measure: a decision that rested on others is not wrong because it is uneven here."]


def _recorded_when(tables: Mapping[str, pd.DataFrame]) -> str:
    ratios = tables.get("command_ratios", pd.DataFrame({"period": [], "q10": []}))
    recorded = ratios.loc[ratios["q10"].isna(), "period"]
    return f"; recorded from {recorded.iloc[0]}" if len(recorded) else ""


def _rules(table: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Posts": table["role"].map(_capital),
            "Rule": table["rule"].map(_capital),
            "Total": table["total"],
            "Most in a ward": table["most"],
            "Wards above their floor": table["above_floor"],
            "Demand unmet": table["shortfall"],
            "Most demand on a post": table["worst_load"],
        }
    )
    whole = in_whole("Total", "Most in a ward", "Wards above their floor", "Most demand on a post")
    caption = "Posts by ward: what each rule comes to; the first is recommended"
    return shown("post-rules", caption, words, whole | {"Demand unmet": per_cent})


def _wards(table: pd.DataFrame) -> Table:
    rows = table[table["rule"] == SHORTFALL].sort_values(["posts", "demand"], ascending=False, kind="stable")
    most = rows.groupby("role", sort=False).head(MOST_WARDS)
    words = pd.DataFrame(
        {
            "Ward": most["ward_name"] + ", " + most["borough_name"],
            "Posts of": most["role"],
            "Number": most["posts"],
            "Futures that support the last": most["surety"],
            "Why": most["why"],
        }
    )
    of = ", ".join(MEASURES.get(measure, measure) for measure in dict.fromkeys(most["measure"]))
    caption = f"Wards with most posts, by {of}; every ward is in posts.csv"
    return shown("wards", caption, words, in_whole("Number") | {"Futures that support the last": per_cent})


def _options(table: pd.DataFrame) -> Table:
    rows = table.drop_duplicates("option")
    words = pd.DataFrame(
        {
            "Option": rows["option"].map(_capital),
            "Commands": rows["count"],
            "Largest over smallest": rows["ratio"],
            "How sure": [
                "as it is" if not option.startswith("best") else "proved" if proved else f"none below {bound:.2f}"
                for option, proved, bound in zip(rows["option"], rows["proved"], rows["bound"], strict=True)
            ],
            "Pairs of today's commands parted": rows["pairs_parted"],
            "Barred because": rows["barred"].fillna(""),
        }
    )
    caption = f"Command units: largest over smallest by {rows['measure'].iloc[0]}"
    whole = in_whole("Commands", "Pairs of today's commands parted")
    return shown("commands", caption, words, whole | {"Largest over smallest": _ratio})


def _ahead(table: pd.DataFrame) -> Table | None:
    rows = table.dropna(subset=["q10"])
    if rows.empty:
        return None
    words = pd.DataFrame(
        {
            "Option": rows["option"].map(_capital),
            "Measure": rows["measure"],
            "When": rows["period"].map(_capital),
            "Largest over smallest": rows["ratio"],
            "80 % interval": [f"{low:.2f} to {high:.2f}" for low, high in zip(rows["q10"], rows["q90"], strict=True)],
            "Chance that it passes 2": rows["chance_above_2"],
        }
    )
    formats: Formats = {"Largest over smallest": _ratio, "Chance that it passes 2": per_cent}
    return shown("commands-ahead", "The same in the years to come, over the possible futures", words, formats)


def _costs(table: pd.DataFrame) -> Table:
    words = pd.DataFrame(
        {
            "Rule": table["rule"].map(_capital),
            "Commands": table["count"],
            "Best with it": table["ratio_with"].map(_or_none),
            "Best without it": table["ratio_without"].map(_or_none),
        }
    )
    return shown("command-rules", "What each rule of command units costs", words, in_whole("Commands"))


def _or_none(ratio: float) -> str:
    return "none possible" if pd.isna(ratio) else _ratio(ratio)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ratio(value: float) -> str:
    return f"{value:.2f}"


_MAKERS: Mapping[str, Callable[[pd.DataFrame], Table | None]] = {
    "post_rules": _rules,
    "posts": _wards,
    "commands": _options,
    "command_ratios": _ahead,
    "command_rules": _costs,
}
