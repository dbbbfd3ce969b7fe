"""The picture of a comparison: by how much one forecast beats another, level by level, and how sure that is.

Walks in: the table of `models.scoring.comparison.compare`. Walks out: a matplotlib figure.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from publication.charts.charts import EXPECTED, INK, MIDDLE, RECORDED, STRONG, STYLE, finished, new_figure
from publication.words import LEVEL_NAMES

VERDICTS = {"better": ("o", RECORDED), "undecided": ("D", INK), "worse": ("s", EXPECTED)}


def gain_chart(compared: pd.DataFrame, *, title: str, source: str, simulated: bool = False) -> Figure:
    """A line a level: the gain in weighted interval score over the other forecast, with its 95 % interval.

    compared : the table of `compare`; levels are shown in its order, from the top. Right of zero is better.
    """
    places = np.arange(len(compared))[::-1]
    with mpl.rc_context({**STYLE, "axes.grid.axis": "x"}):
        figure = new_figure(8, 0.8 + 0.26 * len(compared), title, "Gain in weighted interval score", source)
        axes = figure.subplots()
        low, high = (compared[edge].to_numpy(dtype=float) for edge in ("gain_low", "gain_high"))
        # The edge has 3:1 on white, which the fill has not.
        axes.barh(
            places, high - low, left=low, height=0.4, color=MIDDLE, label="95 % interval", edgecolor=STRONG, lw=0.8
        )
        axes.use_sticky_edges = False
        axes.axvline(0, color=INK, lw=0.8)
        for verdict, (marker, colour) in VERDICTS.items():
            chosen = (compared["verdict"] == verdict).to_numpy()
            if chosen.any():
                axes.plot(
                    compared["gain"][chosen], places[chosen], marker, color=colour, ms=6, label=verdict.capitalize()
                )
        names = [
            f"{LEVEL_NAMES[area]}, {LEVEL_NAMES[crime].lower()}"
            for area, crime in zip(compared["area_level"], compared["crime_level"], strict=True)
        ]
        axes.set_yticks(places, names)
        axes.set_ylim(-0.7, len(compared) - 0.3)
        axes.xaxis.set_major_formatter(PercentFormatter(1))
        return finished(figure, simulated)
