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

from publication.charts.charts import EXPECTED, INK, PALE, RECORDED, STYLE, finished, new_figure


def recorded_with_breaks(
    recorded: pd.DataFrame, breaks: pd.DataFrame, *, title: str, source: str, simulated: bool = False
) -> Figure:
    """Recorded offences by month, one line a column; breaks are bands (those that end) and lines, numbered by event.

    recorded : months by up to three named series. breaks : event, first_month, last_month (missing where it goes on).
    """
    lines = ((RECORDED, "-"), (EXPECTED, (0, (5, 1.5))), (INK, ":"))
    events = breaks.drop_duplicates(["event", "first_month"]).sort_values("first_month")
    numbers = {event: number for number, event in enumerate(events["event"].unique(), start=1)}
    said = "; ".join(f"{number} {event}" for event, number in numbers.items())
    with mpl.rc_context(STYLE):
        figure = new_figure(9, 4.2, title, "Offences a month", f"{source} Breaks: {said}." if said else source)
        axes = figure.subplots()
        for event, first, last in zip(events["event"], events["first_month"], events["last_month"], strict=True):
            start = date2num(first)
            if pd.notna(last):
                axes.axvspan(start - 15, date2num(last) + 15, color=PALE, alpha=0.6, lw=0)
            else:
                axes.axvline(start, color=INK, lw=1, ls="--")
            # Neighbours are written at three heights, so that they can be told apart.
            place = (start, 1 - 0.05 * ((numbers[event] - 1) % 3))
            axes.annotate(
                str(numbers[event]), place, xycoords=("data", "axes fraction"), va="top", ha="center", weight="bold"
            )
        for (name, counts), (colour, dash) in zip(recorded.items(), lines, strict=False):
            axes.plot(recorded.index, counts.to_numpy(), color=colour, ls=dash, lw=1.4, label=str(name))
        # Room for the numbers above the lines.
        axes.set_ylim(0, 1.2 * max(recorded.max().max(), 1))
        axes.margins(x=0.01)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        locator = AutoDateLocator(minticks=4, maxticks=10)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        return finished(figure, simulated)
