"""The waterfall: how one year's offences become another's, factor by factor.

Walks in: the steps that `models.explanation.explain` found. Walks out: a figure, and the names that people read.
"""

from __future__ import annotations

import textwrap

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from publication.charts.charts import EXPECTED, INK, RECORDED, STRONG, STYLE, finished, new_figure
from publication.words import STEP_NAMES

RISE, FALL = EXPECTED, STRONG
TOTALS = ("before", "now", "after")


def two_legs(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of two legs as one waterfall, the total between them (`now`) once."""
    now = first[first["step"] == "after"].assign(step="now")
    legs = [first[first["step"] != "after"], now, second[second["step"] != "before"]]
    return pd.concat(legs, ignore_index=True).astype({"step": str})


def moving(steps: pd.DataFrame) -> pd.DataFrame:
    """Return the steps to show, with where each begins and ends: parts that are nothing are left out.

    Columns: step, offences, start, end; totals start at their own value, having no length.
    """
    total = steps["step"].isin(TOTALS)
    shown = steps[total | (steps["offences"].abs() > 1e-9 * steps["offences"].abs().max())].reset_index(drop=True)
    totals = shown["step"].isin(TOTALS)
    # A total starts the sum anew, so that parts stand on the total before them.
    end = shown["offences"].groupby(totals.cumsum()).cumsum()
    return shown.assign(start=end.where(totals, end - shown["offences"]), end=end)


def unmoved(steps: pd.DataFrame) -> list[str]:
    """Return the names of parts that are nothing."""
    return [STEP_NAMES[step] for step in steps["step"] if step in STEP_NAMES and step not in set(moving(steps)["step"])]


def change_text(offences: float) -> str:
    """A change as people read it: signed, small ones with decimals."""
    return f"{offences:+{_form(offences)}}"


def total_text(offences: float) -> str:
    """A total as people read it: small ones with decimals."""
    return f"{offences:{',.0f' if offences == round(offences) else _form(offences)}}"


def _form(offences: float) -> str:
    return ",.0f" if abs(offences) >= 100 else ",.1f" if abs(offences) >= 1 else ".2f"


def waterfall(
    steps: pd.DataFrame, *, before: str, after: str, now: str = "", title: str, source: str, simulated: bool = False
) -> Figure:
    """A bar a part, from where the one before it ended; totals are lines, since the scale need not start at zero.

    steps : step, offences, as `Change.steps` or `two_legs` gives them. before, now, after : names of the years.
    """
    shown = moving(steps)
    names = STEP_NAMES | {"before": before, "now": now, "after": after}
    start, end = shown["start"].to_numpy(), shown["end"].to_numpy()
    places = np.arange(len(shown))
    parts = ~shown["step"].isin(TOTALS).to_numpy()
    with mpl.rc_context(STYLE):
        figure = new_figure(
            max(8.0, len(shown)), 3.6, title, "Offences a year; the scale need not start at zero", source
        )
        axes = figure.subplots()
        for rises, colour, label in ((True, RISE, "More"), (False, FALL, "Fewer")):
            chosen = parts & ((end >= start) == rises)
            axes.bar(places[chosen], (end - start)[chosen], bottom=start[chosen], width=0.6, color=colour, label=label)
        for place in places[~parts]:
            axes.hlines(end[place], place - 0.4, place + 0.4, color=RECORDED, lw=3)
        axes.hlines(end[:-1], places[:-1], places[1:], color=INK, lw=0.8, ls=":")
        for place, (step, offences) in enumerate(zip(shown["step"], shown["offences"], strict=True)):
            text = total_text(offences) if step in TOTALS else change_text(offences)
            top = max(start[place], end[place])
            axes.annotate(text, (place, top), xytext=(0, 4), textcoords="offset points", ha="center", va="bottom")
        axes.set_xticks(places, [textwrap.fill(names.get(step, step), 11) for step in shown["step"]])
        axes.yaxis.set_major_formatter(FuncFormatter(lambda offences, _: f"{offences:,.10g}"))
        axes.use_sticky_edges = False
        axes.margins(y=0.15)
        return finished(figure, simulated)
