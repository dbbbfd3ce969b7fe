"""Pictures of a release: the past and the forecast, with how sure it is.

Walks in: recorded counts by month and rows of the `forecast` table, already cut to one area. Walks out:
matplotlib figures. Colour is never the only signal; every picture names its unit and its source; pictures of
a simulated force are marked across.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from publication.words import sentence_case, year_label

# House colours: Government Analysis Function, sequential and categorical palettes.
INK, RECORDED, PALE, MIDDLE, STRONG = "#3D3D3D", "#12436D", "#ADD1F1", "#6BACE6", "#2073BC"
EXPECTED = "#801650"
BANDS = (("q025", "q975", "95 %", PALE), ("q10", "q90", "80 %", MIDDLE), ("q25", "q75", "50 %", STRONG))

STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Liberation Sans", "DejaVu Sans"],
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E0E0E0",
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,  # a $ in a name is a $
    "svg.hashsalt": "wardcast",  # the same picture is the same file, so a release can be compared with itself
}


def fan_chart(
    recorded: pd.Series,
    forecast: pd.DataFrame,
    *,
    title: str,
    source: str,
    simulated: bool = False,
    breaks: Sequence[tuple[pd.Timestamp, str]] = (),
) -> Figure:
    """Recorded offences of one area and crime type by month, then the middle forecast with its 50, 80 and 95 %
    intervals.

    recorded : offences, by month, up to the origin or beyond it. forecast : monthly rows of one cell of the
    `forecast` table. breaks : months in which recording changed, each with a word.
    """
    forecast = forecast.sort_values("month")
    with mpl.rc_context(STYLE):
        figure = new_figure(9, 4.2, title, "Offences a month", source)
        axes = figure.subplots()
        # The fan starts at the last month seen, so that it grows out of the line and not beside it.
        origin = pd.Timestamp(forecast["origin"].iloc[0])
        start = {"month": origin} | dict.fromkeys(["q50", *_edges()], recorded.get(origin, np.nan))
        fan = pd.concat([pd.DataFrame([start]), forecast[["month", "q50", *_edges()]]], ignore_index=True)
        for low, high, share, colour in BANDS:
            axes.fill_between(fan["month"], fan[low], fan[high], color=colour, lw=0, label=f"{share} interval")
        for edge in BANDS[0][:2]:  # the pale outer band has under 3:1 on white
            axes.plot(fan["month"], fan[edge], color=STRONG, lw=0.6)
        axes.plot(fan["month"], fan["q50"], color="white", lw=3.4)
        axes.plot(fan["month"], fan["q50"], color=EXPECTED, lw=1.8, ls=(0, (5, 1.5)), label="Middle forecast")
        axes.plot(recorded.index, recorded.to_numpy(), color=INK, lw=1.6, label="Recorded")
        _mark_horizon(axes, origin, forecast["month"].iloc[-1])
        axes.set_ylim(bottom=0)
        _mark_breaks(axes, [one for one in breaks if one[0] >= recorded.index[0]])
        _count_scale(axes, ticks=6)
        locator = AutoDateLocator(minticks=4, maxticks=10)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.margins(x=0.01)
        return finished(figure, simulated)


def years_by_type(
    recorded: pd.DataFrame, forecast: pd.DataFrame, *, title: str, source: str, simulated: bool = False
) -> Figure:
    """One panel a crime type: recorded offences by year as bars, the forecast of each year with its 80 %
    interval.

    recorded : crime_type, month (first of the twelve), count. forecast : yearly rows of one area, one a
    crime type and year. Where a forecast year has been recorded since, both are shown.
    """
    types = forecast.groupby("crime_type", observed=True)["mean"].sum().sort_values(ascending=False).index
    years = sorted({*recorded["month"], *forecast["month"]})
    columns = min(4, len(types))
    rows = -(-len(types) // columns)
    with mpl.rc_context(STYLE):
        figure = new_figure(max(2.9 * columns, 6), 2.2 * rows, title, "Offences a year; scales differ", source)
        grid = figure.subplots(rows, columns, squeeze=False)
        for axes, crime_type in zip(grid.flat, types, strict=False):
            _year_bars(
                axes,
                recorded[recorded["crime_type"] == crime_type],
                forecast[forecast["crime_type"] == crime_type],
                years,
            )
            axes.set_title("\n".join(textwrap.wrap(sentence_case(crime_type), 30)), loc="left", fontsize=10)
        for axes in grid.flat[len(types) :]:
            axes.set_axis_off()
        return finished(figure, simulated)


def save_picture(figure: Figure, path: Path) -> None:
    """Write a figure as SVG or PNG by the path's ending; the same figure gives the same bytes."""
    with mpl.rc_context(STYLE):
        metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
        figure.savefig(path, dpi=150, metadata=metadata)


def _edges() -> list[str]:
    return [edge for low, high, _, _ in BANDS for edge in (low, high)]


def new_figure(width: float, height: float, title: str, unit: str, source: str) -> Figure:
    """An empty figure with its heading, unit and source; sizes in inches. Axes get the room between them."""
    title_lines, source_lines = textwrap.wrap(title, int(width * 8.5)), textwrap.wrap(source, int(width * 15))
    above, below = 0.3 * len(title_lines) + 0.65, 0.16 * len(source_lines) + 0.1
    height += above + below
    room = ConstrainedLayoutEngine(w_pad=0.1, rect=(0, below / height, 1, 1 - (above + below) / height))
    figure = Figure(figsize=(width, height), layout=room)
    FigureCanvasAgg(figure)
    edge, unit_top = 0.1 / width, 1 - (above - 0.55) / height
    figure.text(edge, 1 - 0.1 / height, "\n".join(title_lines), va="top", fontsize=14, weight="bold")
    figure.text(edge, unit_top, unit, va="top")
    figure.text(edge, 0.06 / height, "\n".join(source_lines), va="bottom", fontsize=8)
    return figure


def _mark_horizon(axes: Axes, origin: pd.Timestamp, last: pd.Timestamp) -> None:
    """Say where the forecast starts, and where it is less proven."""
    first_year = origin + pd.DateOffset(months=12)
    marks = [(origin, "Forecast")] + ([(first_year, "Year 2 on: see record")] if last > first_year else [])
    for month, text in marks:
        axes.axvline(date2num(month), color=INK, lw=0.8, ls=":")
        axes.annotate(
            text,
            (month, 1),
            xycoords=("data", "axes fraction"),
            xytext=(4, -2),
            textcoords="offset points",
            va="top",
            fontsize=9,
        )


def _mark_breaks(axes: Axes, breaks: Sequence[tuple[pd.Timestamp, str]]) -> None:
    """Draw a line and a word at each month in which recording changed; neighbours at different heights."""
    for number, (month, word) in enumerate(sorted(breaks)):
        axes.axvline(date2num(month), color=INK, lw=0.9, ls=(0, (1, 2)))
        axes.annotate(
            textwrap.shorten(word, 34, placeholder="\N{HORIZONTAL ELLIPSIS}"),
            (month, 0.02 + 0.06 * (number % 4)),
            xycoords=("data", "axes fraction"),
            xytext=(3, 0),
            textcoords="offset points",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )


def _year_bars(axes: Axes, recorded: pd.DataFrame, forecast: pd.DataFrame, years: list[pd.Timestamp]) -> None:
    position = {year: place for place, year in enumerate(years)}
    ahead = forecast["month"].map(position).to_numpy()
    axes.bar(ahead, forecast["q50"], width=0.8, color=PALE, edgecolor=STRONG, lw=0.8, label="Middle forecast")
    past = recorded["month"].map(position).to_numpy()
    axes.bar(
        past,
        recorded["count"],
        width=np.where(np.isin(past, ahead), 0.4, 0.8),
        color=RECORDED,
        label="Recorded",
    )
    middle = (forecast["q10"] + forecast["q90"]) / 2
    axes.errorbar(
        ahead,
        middle,
        (forecast["q90"] - forecast["q10"]) / 2,
        fmt="none",
        ecolor=EXPECTED,
        lw=1.6,
        capsize=3,
        label="8 in 10 range",
    )
    shown = [place for place in range(len(years)) if (len(years) - 1 - place) % -(-len(years) // 4) == 0]
    axes.set_xticks(shown, [year_label(years[place]) for place in shown], fontsize=8)
    axes.tick_params(axis="y", labelsize=8)
    _count_scale(axes, ticks=4)


def _count_scale(axes: Axes, ticks: int) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(ticks, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def finished(figure: Figure, simulated: bool, *, legend: bool = True) -> Figure:
    """The figure laid out, with a legend under its unit if it is to have one, and the mark of a simulated force."""
    handles, labels = figure.axes[0].get_legend_handles_labels() if legend else ([], [])
    order = sorted(
        range(len(labels)), key=lambda place: (labels[place] != "Recorded", labels[place] != "Middle forecast")
    )
    unit_top = figure.texts[1].get_position()[1]
    if order:
        figure.legend(
            [handles[place] for place in order],
            [labels[place] for place in order],
            loc="upper left",
            bbox_to_anchor=(0, unit_top - 0.22 / figure.get_figheight()),
            ncols=len(order),
            frameon=False,
            borderaxespad=0.2,
        )
    if simulated:
        size = 8 * figure.get_figwidth()
        figure.text(
            0.5,
            0.45,
            "SIMULATED",
            fontsize=size,
            color=INK,
            alpha=0.14,
            rotation=20,
            ha="center",
            va="center",
        )
    # Laid out for good: saving would draw it once more to work that out, each time.
    room = figure.get_layout_engine()
    assert room is not None
    room.execute(figure)
    figure.set_layout_engine(None)
    return figure
