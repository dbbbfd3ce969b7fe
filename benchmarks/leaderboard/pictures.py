"""The leaderboard's plots, in house colours: skill by horizon, reliability, accuracy against volume.

Walks in: the standings (`standing`). Walk out: matplotlib figures. Marks and direct words tell entrants apart, not
colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator, PercentFormatter, StrMethodFormatter
from plan import OURS

from publication.charts.charts import INK, STYLE

Level = tuple[str, str]
DASHED = (0, (4, 2))
# Colour, marker and line of each entrant and variant that is drawn; ours first and boldest.
LOOKS = {
    (OURS, "own"): ("#12436D", "o", "-"),
    ("AutoETS", "native"): ("#F46A25", "s", "-"),
    ("AutoETS", "calibrated"): ("#F46A25", "s", DASHED),
    ("DynamicOptimizedTheta", "native"): ("#28A197", "^", "-"),
    ("DynamicOptimizedTheta", "calibrated"): ("#28A197", "^", DASHED),
    ("MSTL", "native"): ("#801650", "D", "-"),
    ("MSTL", "calibrated"): ("#801650", "D", DASHED),
    ("LightGBM", "native"): ("#A285D1", "v", "-"),
    ("LightGBM", "calibrated"): ("#A285D1", "v", DASHED),
    ("TSB", "native"): ("#3D3D3D", "P", "-"),
    ("TSB", "calibrated"): ("#3D3D3D", "P", DASHED),
}
SHOWN_LEVELS: list[Level] = [("ward", "minor"), ("ward", "major"), ("borough", "major"), ("force", "major")]


def skill_by_horizon(horizons: pd.DataFrame, names: dict[tuple[str, str], str]) -> Figure:
    """Draw 1 - WAPE / WAPE of seasonal naive, by months ahead, one panel a level."""
    figure, panels = _panels("Skill over seasonal naive: share of its WAPE saved", "Months ahead")
    for axes, level in zip(panels, SHOWN_LEVELS, strict=True):
        rows = _at(horizons, level)
        for entrant, style in _looks(("calibrated", "own"), rows):  # whose means are those of the native ones
            curve = _curve(rows, entrant, "ahead")
            skill = 1 - curve["wape"] / curve["naive_wape"]
            style["ls"] = "-"
            axes.plot(skill.index, skill.to_numpy(), label=names[entrant].split(",")[0], **style)
        axes.axhline(0, color=INK, lw=0.8)
        axes.xaxis.set_major_locator(MultipleLocator(3))
        axes.yaxis.set_major_formatter(PercentFormatter(1, 0))
    return _finished(figure, panels)


def reliability(levels: pd.DataFrame, names: dict[tuple[str, str], str]) -> Figure:
    """Draw the coverage reached by 50, 80, 90 and 95 % intervals less that promised, one panel a level."""
    figure, panels = _panels("Reliability: coverage reached less coverage promised", "Coverage promised, %")
    for axes, level in zip(panels, SHOWN_LEVELS, strict=True):
        rows = _at(levels, level)
        for entrant, style in _looks(("native", "calibrated", "own"), rows):
            row = rows[(rows["entrant"] == entrant[0]) & (rows["variant"] == entrant[1])].iloc[0]
            reached = [100 * row[f"coverage_{share}"] - share for share in (50, 80, 90, 95)]
            axes.plot((50, 80, 90, 95), reached, label=names[entrant], **style)
        axes.axhspan(-5, 5, color="#F2F2F2", zorder=0)
        axes.axhline(0, color=INK, lw=0.8)
        axes.set_xticks((50, 80, 90, 95))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:+.0f}"))
    return _finished(figure, panels)


def accuracy_by_volume(volumes: pd.DataFrame, peer: str, names: dict[tuple[str, str], str]) -> Figure:
    """Draw the WAPE of each crime type at each area level against its volume, ours, a peer's and the Poisson floor."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 5.2), layout="constrained")
        axes = figure.subplots()
        rows = volumes[volumes["crime_level"] == "minor"]
        ours = rows[(rows["entrant"] == OURS) & (rows["variant"] == "own")].sort_values("volume")
        theirs = rows[(rows["entrant"] == peer) & (rows["variant"] == "calibrated")]
        colour, marker, _ = LOOKS[peer, "calibrated"]
        axes.scatter(
            theirs["volume"],
            theirs["wape"],
            s=34,
            facecolors="none",
            edgecolors=colour,
            marker=marker,
            label=names[peer, "calibrated"],
        )
        axes.scatter(ours["volume"], ours["wape"], s=16, color="#12436D", label=names[OURS, "own"])
        band = np.round(np.log10(ours["volume"]) * 4)
        floor = ours.groupby(band.to_numpy())[["volume", "floor"]].median()
        axes.plot(floor["volume"], floor["floor"], color=INK, lw=1.6, ls=DASHED, label="Poisson floor")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_yticks((0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2))
        axes.yaxis.set_major_formatter(PercentFormatter(1, 0))
        axes.yaxis.set_minor_formatter("")
        axes.set_ylim(bottom=0.005)
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,g}"))
        axes.set_xlabel("Offences a month in one area, by minor crime type at ward, borough, BCU and force level")
        axes.set_title("WAPE against volume, both scales logarithmic", loc="left")
        axes.legend(frameon=False)
        return figure


def _panels(title: str, unit: str) -> tuple[Figure, list[Axes]]:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 7.4), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=13, weight="bold")
        grid = figure.subplots(2, 2)
        for axes, (area, crime) in zip(grid.flat, SHOWN_LEVELS, strict=True):
            axes.set_title(f"{area.capitalize()} x {crime} type", loc="left", fontsize=11)
        for axes in grid[1]:
            axes.set_xlabel(unit)
        return figure, list(grid.flat)


def _finished(figure: Figure, panels: Iterable[Axes]) -> Figure:
    with mpl.rc_context(STYLE):
        labelled = {
            label: mark for axes in panels for mark, label in zip(*axes.get_legend_handles_labels(), strict=True)
        }
        figure.legend(labelled.values(), labelled, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _looks(variants: Iterable[str], rows: pd.DataFrame) -> Iterable[tuple[tuple[str, str], dict[str, object]]]:
    """Yield the entrants that have rows, with how they are drawn."""
    there = set(zip(rows["entrant"], rows["variant"], strict=True))
    for entrant, (colour, marker, line) in LOOKS.items():
        if entrant in there and entrant[1] in variants:
            wide = 2.6 if entrant[1] == "own" else 1.3
            yield entrant, {"color": colour, "marker": marker, "ls": line, "lw": wide, "ms": 5}


def _at(rows: pd.DataFrame, level: Level) -> pd.DataFrame:
    return rows[(rows["area_level"] == level[0]) & (rows["crime_level"] == level[1])]


def _curve(rows: pd.DataFrame, entrant: tuple[str, str], index: str) -> pd.DataFrame:
    return rows[(rows["entrant"] == entrant[0]) & (rows["variant"] == entrant[1])].set_index(index).sort_index()
