"""The map of areas: one figure of each, in five classes.

Walks in: outlines and a figure by area. Walks out: a matplotlib figure. Classes are told in words beside the map, and
areas can be named on it, so that colour is not the only signal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from publication.charts.charts import INK, STYLE, finished, new_figure

# Analysis Function's sequential palette, light to dark; and from fewer (blue) over little change to more (plum).
SEQUENTIAL = ("#ADD1F1", "#6BACE6", "#2073BC", "#12436D", "#092135")
DIVERGING = ("#12436D", "#6BACE6", "#F2F2F2", "#D9A0BD", "#801650")
MISSING = "#D9D9D9"
UNCHANGED = 0.2  # of the largest change, that counts as little change


def area_map(
    outlines: gpd.GeoDataFrame,
    figures: pd.Series,
    *,
    title: str,
    unit: str,
    source: str,
    named: Mapping[str, str] | None = None,
    shown: Callable[[float], str] = "{:,.0f}".format,
    simulated: bool = False,
) -> Figure:
    """A map of areas shaded by a figure; one of both signs is shaded from fewer over little change to more.

    outlines : code, geometry. figures : by code; areas without one are grey. named : names to write, by code.
    shown : how a figure is written in the classes.
    """
    values = figures.reindex(outlines["code"]).to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    both_signs = bool(len(known)) and known.min() < 0 < known.max()
    edges = _edges(known, both_signs)
    colours = DIVERGING if both_signs else SEQUENTIAL[-(len(edges) - 1) :]
    place = np.clip(np.searchsorted(edges[1:-1], values, side="right"), 0, len(colours) - 1)
    with mpl.rc_context({**STYLE, "axes.grid": False}):
        figure = new_figure(8, _height(outlines), title, unit, source)
        axes = figure.subplots()
        shades = [colours[at] if np.isfinite(value) else MISSING for at, value in zip(place, values, strict=True)]
        outlines.plot(ax=axes, color=shades, edgecolor="white", linewidth=0.8)
        axes.set_axis_off()
        middles = outlines.set_index("code").representative_point()
        for code, name in (named or {}).items():
            point = middles[code]
            axes.annotate(
                name, (point.x, point.y), ha="center", va="center", fontsize=8, weight="bold",
                bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8},
            )  # fmt: skip
        handles = [
            Patch(facecolor=colour, edgecolor=INK, lw=0.5, label=f"{shown(low)} to {shown(high)}")
            for colour, low, high in zip(colours, edges[:-1], edges[1:], strict=True)
        ]
        axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=9)
        return finished(figure, simulated, legend=False)


def _height(outlines: gpd.GeoDataFrame) -> float:
    """Return the inches that a map of some six inches' width is high."""
    west, south, east, north = outlines.total_bounds
    wide = (east - west) * np.cos(np.radians((south + north) / 2))
    return float(np.clip(5.6 * (north - south) / max(wide, 1e-9), 2.5, 8))


def _edges(known: np.ndarray, both_signs: bool) -> np.ndarray:
    """Return the edges of the classes: a fifth of the areas each, or the same width on both sides of no change."""
    if not len(known):
        return np.array([0.0, 1.0])
    if both_signs:
        widest = np.abs(known).max()
        return widest * np.array([-1, -0.5 - UNCHANGED / 2, -UNCHANGED / 2, UNCHANGED / 2, 0.5 + UNCHANGED / 2, 1])
    edges = np.unique(np.quantile(known, np.linspace(0, 1, len(SEQUENTIAL) + 1)))
    return edges if len(edges) > 1 else np.array([edges[0], edges[0]])
