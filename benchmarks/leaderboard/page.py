"""The leaderboard as a page: tables in Markdown and the words around them.

Walks in: the standings, costs and plots' names. Walks out: the text of docs/leaderboard.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

import pandas as pd
from calibration import LEAST_MEAN, PRIOR_CELLS, RUNAWAY
from entrants import TARGET_LEVELS, Season
from plan import OTHER_ORIGINS, OURS

TEMPLATE = Path(__file__).with_name("page_template.md")
Level = tuple[str, str]
NAMES = {
    "boosted": "**Wardcast boosted** (the default)",
    "three-speed": "Wardcast three-speed",
    "ets": "Wardcast ETS",
    "theta": "Wardcast Theta",
    "stl": "Wardcast STL",
    "recent-mean": "Wardcast recent mean",
    "seasonal-naive": "Seasonal naive",
    "DynamicOptimizedTheta": "Dynamic Optimised Theta",
    "BottomUp": "Theta, bottom-up",
    "TopDown": "Theta, top-down",
    "MinT": "Theta, MinT (sparse)",
}
VARIANT_NAMES = {"own": "", "native": ", native intervals", "calibrated": ", count calibration"}
LEVEL_NAMES = {
    ("ward", "minor"): "ward x minor",
    ("ward", "major"): "ward x major",
    ("ward", "all"): "ward, all",
    ("borough", "minor"): "borough x minor",
    ("borough", "major"): "borough x major",
    ("bcu", "major"): "BCU x major",
    ("force", "minor"): "force x minor",
    ("force", "major"): "force x major",
    ("force", "all"): "force, all",
}


def name_of(entrant: str, variant: str) -> str:
    """Return how an entrant is called on the page."""
    return NAMES.get(entrant, entrant) + VARIANT_NAMES[variant]


def markdown(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """Return a table in Markdown, numbers to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def metric_table(levels: pd.DataFrame, metric: str, origins: int, *, digits: int) -> str:
    """Return one metric by entrant and level; the least of each level bold, fewer origins than asked in brackets."""
    rows = levels
    if metric == "wape":  # the mean is the same whatever the intervals
        rows = levels.assign(variant="own").drop_duplicates(["entrant", "area_level", "crime_level"])
    best = rows[rows["origins"] == origins].groupby(["area_level", "crime_level"])[metric].min()
    found = []
    for (entrant, variant), part in rows.groupby(["entrant", "variant"], sort=False):
        cells = part.set_index(["area_level", "crime_level"])
        texts = [
            _cell(cells, level, metric, origins, None if metric == "coverage_80" else best, digits)
            for level in TARGET_LEVELS
        ]
        found.append((name_of(str(entrant), str(variant)), *texts))
    return markdown(found, ["", *(LEVEL_NAMES[level] for level in TARGET_LEVELS)])


def _cell(cells: pd.DataFrame, level: Level, metric: str, origins: int, least: pd.Series | None, digits: int) -> str:
    if level not in cells.index:
        return ""
    row = cells.loc[level]
    text = f"{row[metric]:.{digits}f}".lstrip("0")
    if row["origins"] < origins:
        return f"({text})"
    return f"**{text}**" if least is not None and row[metric] <= least[level] + 1e-12 else text


def marks(levels: pd.DataFrame) -> str:
    """Return the rows of a WAPE table that are no entrants: seasonal naive as a point, and the Poisson floor."""
    ours = levels[levels["entrant"] == OURS].set_index(["area_level", "crime_level"])
    rows = []
    for name, column in (("seasonal naive, no model", "naive_wape"), ("Poisson floor", "floor")):
        rows.append([name, *(f"{ours[column][level]:.3f}".lstrip("0") for level in TARGET_LEVELS)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def leads_table(leads: pd.DataFrame) -> str:
    """Return, by level, the best peer by WIS, whichever its intervals, and our lead over it."""
    rows = []
    for level in TARGET_LEVELS:
        part = leads[(leads["area_level"] == level[0]) & (leads["crime_level"] == level[1])]
        if part.empty:
            continue
        part = part[part["months"] == part["months"].max()]
        best = part.loc[part["wis"].idxmin()]
        verdict = "ahead" if best["lower"] > 0 else "behind" if best["upper"] < 0 else "not told apart"
        rows.append(
            (
                LEVEL_NAMES[level],
                name_of(best["entrant"], best["variant"]),
                f"{best['wis']:.4f}".lstrip("0"),
                f"{best['our_wis']:.4f}".lstrip("0"),
                f"{100 * best['gain']:+.1f} %",
                f"{100 * best['lower']:+.1f} to {100 * best['upper']:+.1f}",
                verdict,
            )
        )
    return markdown(rows, ["level", "best peer", "its WIS", "our WIS", "gain", "95 % interval", "verdict"])


def cost_table(timing: dict[str, float], own: dict[str, float]) -> str:
    """Return processor time a ward x minor series, peers' and ours, and how often AutoETS costs ours."""
    series = own["series"]
    ours = {
        f"Wardcast {OURS}: means": own["means"],
        f"Wardcast {OURS}: means, 400 coherent draws, quantiles of every level": own["means"] + own["draws"],
        f"Wardcast {OURS}: all that and calibration on past origins": own["means"] + own["draws"] + own["calibration"],
    }
    each = {NAMES.get(peer, peer): value for peer, value in timing.items() if peer not in ("series", "LightGBM")}
    if "LightGBM" in timing:
        each["LightGBM (all series at once, no intervals)"] = timing["LightGBM"]
    each |= {name: 1000 * seconds / series for name, seconds in ours.items()}
    rows = [
        (name, f"{value:.3g}", f"{value * series / 1000:,.1f}", f"{timing['AutoETS'] / value:,.0f}")
        for name, value in sorted(each.items(), key=lambda one: -one[1])
    ]
    return markdown(rows, ["", "ms a series", f"s for {series:,.0f} series", "times cheaper than AutoETS"])


def shortfalls(standings: dict[int, pd.DataFrame], seasons: dict[int, Season]) -> str:
    """Return in words which entrants have fewer origins than were asked for; empty if none."""
    found = []
    for horizon, levels in standings.items():
        asked = len(seasons[horizon].origins)
        few = levels[levels["origins"] < asked].drop_duplicates(["entrant", "area_level", "crime_level"])
        for (entrant, origins), part in few.groupby(["entrant", "origins"], sort=False):
            pairs = [pair for pair in zip(part["area_level"], part["crime_level"], strict=True) if pair in LEVEL_NAMES]
            places = "all levels" if len(pairs) == len(LEVEL_NAMES) else ", ".join(LEVEL_NAMES[pair] for pair in pairs)
            called = NAMES.get(str(entrant), str(entrant))
            found.append(f"{called} at {places} ({origins} of {asked} origins of {horizon} months)")
    return f"- Cut short in the run shown here, hence in brackets: {'; '.join(found)}.\n" if found else ""


def page(
    standings: dict[int, pd.DataFrame],
    leads: dict[int, pd.DataFrame],
    seasons: dict[int, Season],
    costs: str,
    reconciliation: str,
    aims: str,
    provenance: str,
    command: str,
) -> str:
    """Return the whole page: the template's words with the tables in their places."""
    places = {"costs": costs, "reconciliation": reconciliation, "aims": aims, "command": command}
    places["provenance"] = provenance
    places["other_origins"] = ", ".join(OTHER_ORIGINS)
    places["shortfalls"] = shortfalls(standings, seasons)
    places |= {"prior_cells": str(PRIOR_CELLS), "least_mean": str(LEAST_MEAN), "runaway": str(RUNAWAY)}
    for prefix, horizon, called in (("", 12, "year_origins"), ("long_", 36, "long_origins")):
        origins = seasons[horizon].origins
        places[called] = ", ".join(origins)
        places[f"{prefix}leads"] = leads_table(leads[horizon])
        for name, metric, digits in (("wis", "wis", 4), ("wape", "wape", 3), ("coverage", "coverage_80", 2)):
            places[prefix + name] = metric_table(standings[horizon], metric, len(origins), digits=digits)
        places[f"{prefix}marks"] = marks(standings[horizon])
    return Template(TEMPLATE.read_text()).substitute(places)
