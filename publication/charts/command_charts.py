"""Options of command units as pictures: maps side by side, and the front of change against balance.

Walk in: outlines of boroughs, the tables `commands` and of the front. Walk out: matplotlib figures. Shades tell how
large a command is, white lines where one ends, and the ratio stands in words above each map.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from publication.charts.area_map import MISSING, SEQUENTIAL
from publication.charts.charts import EXPECTED, INK, STYLE, finished, new_figure

_COLUMNS = 3
_EDGES = (0.75, 0.9, 1.1, 1.25)  # of a mean command, between the five shades
_SIZES = ("under 75 %", "75 to 90 %", "90 to 110 %", "110 to 125 %", "over 125 %")


def command_pictures(
    tables: Mapping[str, pd.DataFrame], outlines: gpd.GeoDataFrame, source: str, *, simulated: bool = False
) -> dict[str, Figure]:
    """Return `command_options`, the maps of all options, and `command_front` where a front was drawn up.

    tables : `commands` and `command_front` by name; without `commands` there is no picture. outlines : code, geometry.
    """
    commands = tables.get("commands", pd.DataFrame())
    if commands.empty or not (commands["area_code"] != "").any():
        return {}
    title = f"Options of command units, by {commands['measure'].iloc[0]}"
    pictures = {"command_options": option_maps(outlines, commands, title=title, source=source, simulated=simulated)}
    front, of_today = tables.get("command_front", pd.DataFrame()), commands[commands["option"] == "today"]
    if not front.empty and not of_today.empty:
        today = float(of_today["ratio"].iloc[0])
        pictures["command_front"] = front_chart(
            front, today, title="Change against balance", source=source, simulated=simulated
        )
    return pictures


def option_maps(
    outlines: gpd.GeoDataFrame,
    commands: pd.DataFrame,
    *,
    title: str,
    source: str,
    simulated: bool = False,
) -> Figure:
    """Maps of options side by side, each command shaded by its size against the mean of its option.

    outlines : code, geometry. commands : contract `planning.places.command_units.command_options.COMMANDS`. Options
    without areas are left out, and areas of other forces.
    """
    outlines = outlines[outlines["code"].isin(commands["area_code"])]
    options = list(dict.fromkeys(commands.loc[commands["area_code"] != "", "option"]))
    columns = min(_COLUMNS, len(options))
    rows = -(-len(options) // columns)
    with mpl.rc_context({**STYLE, "axes.grid": False}):
        figure = new_figure(3.2 * columns + 0.4, 2.9 * rows, title, "Size of a command against the mean", source)
        grid = figure.subplots(rows, columns, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        for axes, option in zip(grid.flat, options, strict=False):
            placed = commands[commands["option"] == option]
            command = placed.set_index("area_code")["command"]
            held = placed.groupby("command")["size"].sum()
            drawn = outlines[outlines["code"].isin(command.index)]
            drawn = drawn.assign(command=drawn["code"].map(command)).dissolve("command")
            shades = [SEQUENTIAL[int(np.searchsorted(_EDGES, held[name] / held.mean()))] for name in drawn.index]
            unplaced = outlines[~outlines["code"].isin(command.index)]
            if not unplaced.empty:
                unplaced.plot(ax=axes, color=MISSING)
            drawn.plot(ax=axes, color=shades, edgecolor="white", linewidth=1.6)
            barred = ", barred" if placed["barred"].iloc[0] else ""
            axes.set_title(f"{option.capitalize()}: {placed['ratio'].iloc[0]:.2f}{barred}", loc="left", fontsize=10)
        handles = [Patch(facecolor=colour, label=size) for colour, size in zip(SEQUENTIAL, _SIZES, strict=True)]
        under_unit = figure.texts[1].get_position()[1] - 0.22 / figure.get_figheight()
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0, under_unit),
            ncols=len(handles),
            frameon=False,
            borderaxespad=0.2,
            fontsize=9,
        )
        return finished(figure, simulated, legend=False)


def front_chart(front: pd.DataFrame, today: float, *, title: str, source: str, simulated: bool = False) -> Figure:
    """Pairs of today's commands parted against the least ratio for so many, a line a number of commands.

    front : count, pairs_parted, ratio. today : the ratio of today's commands.
    """
    with mpl.rc_context(STYLE):
        figure = new_figure(7, 3.6, title, "Largest command over smallest", source)
        axes = figure.subplots()
        for count, part in front.groupby("count"):
            line = part.sort_values("pairs_parted")
            axes.step(line["pairs_parted"], line["ratio"], where="post", color=INK, lw=1, zorder=1)
            axes.scatter(line["pairs_parted"], line["ratio"], s=26, color=EXPECTED, zorder=2)
            last = line.iloc[-1]
            axes.annotate(
                f"{count} commands: {last['ratio']:.2f}",
                (last["pairs_parted"], last["ratio"]),
                xytext=(6, -3),
                textcoords="offset points",
                fontsize=9,
            )
        axes.axhline(today, color=INK, lw=1, ls=":")
        axes.annotate(f"Today: {today:.2f}", (1, today), xycoords=("axes fraction", "data"), ha="right", va="bottom")
        axes.set_xlabel("Pairs of boroughs that share a command today and would be parted")
        axes.set_ylim(bottom=1)
        axes.margins(x=0.12)
        return finished(figure, simulated, legend=False)
