"""The small picture of a finding: a few lines, each a name, a dot and, where it is known, a range.

Walks in: names and shares. Walks out: a figure, small enough for a card.
"""

from __future__ import annotations

import textwrap

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from publication.charts.charts import EXPECTED, INK, MIDDLE, STRONG, STYLE
from publication.words import per_cent

WIDE, LINE = 4.0, 0.38  # inches
UNIT, NAME = 54, 23  # signs of a line of the unit, and of a name


def card_chart(lines: pd.DataFrame, unit: str, *, simulated: bool = False) -> Figure:
    """Return a dot a line, with its range where there is one.

    lines : name, low, middle, high, as shares; without ranges the dots stand on bars from zero.
    """
    places = np.arange(len(lines))[::-1]
    low, middle, high = (lines[name].to_numpy(dtype=float) for name in ("low", "middle", "high"))
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x", "font.size": 11}):
        figure = Figure(figsize=(WIDE, 0.7 + LINE * len(lines)), layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06))
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        # The edge has 3:1 on white, which the fill has not.
        if np.isfinite(low).any():
            axes.barh(places, high - low, left=low, height=0.3, color=MIDDLE, edgecolor=STRONG, lw=0.8)
            axes.axvline(0, color=INK, lw=0.9)
            axes.plot(middle, places, "o", color=EXPECTED, ms=6.5, mec="white", mew=0.8)
        else:
            axes.barh(places, middle, height=0.5, color=MIDDLE, edgecolor=STRONG, lw=0.8)
        axes.set_yticks(places, [_two_lines(name) for name in lines["name"]])
        axes.use_sticky_edges = False  # bars would else end at the frame, as if cut
        axes.margins(x=0.05)
        if not np.isfinite(low).any():
            axes.set_xlim(left=0)
        axes.set_ylim(-0.6, len(lines) - 0.4)
        axes.xaxis.set_major_locator(MaxNLocator(4))
        signed = bool(np.isfinite(low).any())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, signed)))
        # Over the whole card, not over the axes, which begin where the names end.
        figure.suptitle("\n".join(textwrap.wrap(unit, UNIT)), x=0.02, ha="left", fontsize=10)
        if simulated:
            figure.text(
                0.5, 0.45, "SIMULATED", fontsize=30, color=INK, alpha=0.14, rotation=15, ha="center", va="center"
            )
        figure.get_layout_engine().execute(figure)  # type: ignore[union-attr]
        figure.set_layout_engine(None)
        return figure


def _two_lines(name: str) -> str:
    """Return a name on two lines at most."""
    return "\n".join(textwrap.wrap(textwrap.shorten(name, 2 * NAME, placeholder="\N{HORIZONTAL ELLIPSIS}"), NAME)[:2])


def _tick(value: float, signed: bool) -> str:
    return per_cent(value, signed=signed and bool(value)).replace(".0", "")
