"""The history of an area by month, with what broke it.

Walks in: recorded counts and the list of breaks. Walks out: a matplotlib figure, each break a numbered band or line
that the text under the picture names.
"""

from __future__ import annotations

import matplotlib as mpl
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from publication.charts import EXPECTED, INK, PALE, RECORDED, STYLE, finished, new_figure


def recorded_with_breaks(
    recorded: pd.DataFrame, breaks: pd.DataFrame, *, title: str, source: str, simulated: bool = False
) -> Figure:
    """Recorded offences by month, one line a column, with breaks as numbered bands (those that end) and lines.

    recorded : months by up to three named series. breaks : event, first_month, last_month (missing where it goes on).
    """
    lines = ((RECORDED, "-"), (EXPECTED, (0, (5, 1.5))), (INK, ":"))
    events = breaks.drop_duplicates(["event", "first_month"]).sort_values("first_month")
    said = "; ".join(f"{number} {event}" for number, event in enumerate(events["event"], start=1))
    with mpl.rc_context(STYLE):
        figure = new_figure(9, 4.2, title, "Offences a month", f"{source} Breaks: {said}." if said else source)
        axes = figure.subplots()
        for number, (first, last) in enumerate(zip(events["first_month"], events["last_month"], strict=True), start=1):
            start = date2num(first)
            if pd.notna(last):
                axes.axvspan(start - 15, date2num(last) + 15, color=PALE, alpha=0.6, lw=0)
            else:
                axes.axvline(start, color=INK, lw=1, ls="--")
            # Neighbours are written at two heights, so that they can be told apart.
            place = (start, 1.0 if number % 2 else 0.94)
            axes.annotate(str(number), place, xycoords=("data", "axes fraction"), va="top", ha="center", weight="bold")
        for (name, counts), (colour, dash) in zip(recorded.items(), lines, strict=False):
            axes.plot(recorded.index, counts.to_numpy(), color=colour, ls=dash, lw=1.4, label=str(name))
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        locator = AutoDateLocator(minticks=4, maxticks=10)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.margins(x=0.01, y=0.12)
        return finished(figure, simulated)
