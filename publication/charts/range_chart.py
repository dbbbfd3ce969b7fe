"""The picture of ranges: where each area came in, against what was expected of it.

Walks in: expected, low, high and recorded by area. Walks out: a figure, a line an area, in per cent of the expected.
"""

from __future__ import annotations

import textwrap

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from publication.charts.charts import EXPECTED, INK, MIDDLE, RECORDED, STRONG, STYLE, finished, new_figure
from publication.words import per_cent


def range_chart(table: pd.DataFrame, *, title: str, source: str, simulated: bool = False) -> Figure:
    """A line an area: its 80 % interval, and what was recorded, both against what was expected.

    table : area_name, expected, low, high, recorded; areas are shown in its order, from the top. Points outside their
    interval are squares, those inside circles.
    """
    base = table["expected"].to_numpy(dtype=float)
    base = np.where(base > 0, base, np.nan)
    low, high, came = (table[name].to_numpy(dtype=float) / base - 1 for name in ("low", "high", "recorded"))
    places = np.arange(len(table))[::-1]
    inside = (came >= low) & (came <= high)
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        figure = new_figure(8, 0.8 + 0.24 * len(table), title, "Difference from what was expected", source)
        axes = figure.subplots()
        axes.use_sticky_edges = False  # bars would else end at the frame, as if cut
        # The edge has 3:1 on white, which the fill has not.
        axes.barh(
            places, high - low, left=low, height=0.42, color=MIDDLE, label="8 in 10 range", edgecolor=STRONG, lw=0.8
        )
        axes.axvline(0, color=INK, lw=0.8)
        for chosen, marker, colour, label in (
            (inside, "o", RECORDED, "Recorded, inside"),
            (~inside, "s", EXPECTED, "Recorded, outside"),
        ):
            axes.plot(came[chosen], places[chosen], marker, color=colour, ms=6, label=label)
        axes.set_yticks(
            places, [textwrap.shorten(name, 34, placeholder="\N{HORIZONTAL ELLIPSIS}") for name in table["area_name"]]
        )
        axes.set_ylim(-0.7, len(table) - 0.3)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: per_cent(value, signed=True)))
        return finished(figure, simulated)
