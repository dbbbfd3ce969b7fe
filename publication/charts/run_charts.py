"""Pictures of a judged recipe: what a data scientist looks at first in a run.

Walk in: scores (`models.scoring.scores.score`) and the forecast of the last year, made a year before, beside what came.
Walk out: figures by name: history and fan, reliability, bias by volume, skill by months ahead, residuals on the map.
"""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from models.scoring.scores import VOLUME_BANDS
from publication.charts.area_map import area_map
from publication.charts.charts import EXPECTED, INK, RECORDED, STRONG, STYLE, fan_chart, finished, new_figure
from sources.tables.force_tables import ForceTables

# Told apart by dash and marker as well as by colour.
LEVELS = {
    "ward": (RECORDED, "-", "o"),
    "borough": (EXPECTED, (0, (4, 1.5)), "s"),
    "bcu": (STRONG, (0, (1, 1)), "^"),
    "force": (INK, (0, (4, 1, 1, 1)), "D"),
}
CRIME_LEVELS = {"minor": "minor crime types", "major": "major crime types", "all": "all crime"}
NOMINAL = (50, 80, 90, 95)
SAMPLE_WARDS = {"busiest": 1.0, "typical": 0.5, "quietest": 0.0}  # by rank of offences in the last year
LEAST_SKILL = -0.5  # a single total that seasonal naive met by chance would hide all others
SHOWN_YEARS = 6  # of history before the fan


def pictures_of(scores: pd.DataFrame, last_year: pd.DataFrame, tables: ForceTables) -> dict[str, Figure]:
    """Return the pictures of a judged recipe by name; no map where there are no outlines of wards.

    last_year : `forecast` table of the last twelve months recorded, made at the month before them.
    """
    source = f"Source: {tables.force.name}, recorded crime excluding fraud, offences with a known ward."
    simulated = tables.force.simulated
    pictures = {
        "reliability": reliability(scores, source=source, simulated=simulated),
        "bias_by_volume": bias_by_volume(scores, source=source, simulated=simulated),
        "skill_by_months_ahead": skill_by_months_ahead(scores, source=source, simulated=simulated),
    }
    for name, area_level, code in _areas_shown(tables):
        fan = history_and_fan(last_year, tables, area_level, code, source=source, simulated=simulated)
        pictures[f"history_and_fan_{name}"] = fan
    if len(tables.ward_boundaries):
        pictures["residual_map"] = residual_map(last_year, tables, source=source, simulated=simulated)
    return pictures


def history_and_fan(
    last_year: pd.DataFrame, tables: ForceTables, area_level: str, code: str, *, source: str, simulated: bool
) -> Figure:
    """Recorded offences of an area, all crime, and the forecast of the last year made a year before."""
    cells = last_year[(last_year["crime_level"] == "all") & (last_year["crime_type"] == "all")]
    cells = cells[(cells["area_level"] == area_level) & (cells["area_code"] == code) & (cells["period"] == "month")]
    months = pd.date_range(end=cells["month"].max(), periods=12 * SHOWN_YEARS, freq="MS", unit="us")
    months = months[months >= tables.offences["month"].min()]
    located = tables.offences.merge(tables.areas, on="ward_code")
    of_area = located[located[f"{area_level}_code"] == code]
    recorded = of_area.groupby("month")["count"].sum().reindex(months, fill_value=0)
    name = tables.areas.loc[tables.areas[f"{area_level}_code"] == code, f"{area_level}_name"].iloc[0]
    title = f"{name} ({code}): the last year as forecast a year before"
    return fan_chart(recorded, cells, title=title, source=source, simulated=simulated)


def reliability(scores: pd.DataFrame, *, source: str, simulated: bool) -> Figure:
    """Share of counts inside 50, 80, 90 and 95 % intervals, randomised, by level: on the diagonal is honest."""
    chosen = _overall(scores)
    columns = [f"coverage_{share}_randomised" for share in NOMINAL]
    title = "Reliability: how many counts fell into the intervals that promised so many"
    with mpl.rc_context(STYLE):
        figure = new_figure(10, 3.6, title, "Share of counts inside the interval", source)
        for axes, (crime_level, words) in zip(
            figure.subplots(1, len(CRIME_LEVELS), sharey=True), CRIME_LEVELS.items(), strict=True
        ):
            axes.plot([0.4, 1], [0.4, 1], color=INK, lw=0.8)
            for level, (colour, dash, marker) in LEVELS.items():
                part = chosen[(chosen["area_level"] == level) & (chosen["crime_level"] == crime_level)]
                if len(part):
                    share = part[columns].mean().to_numpy()
                    axes.plot(
                        [n / 100 for n in NOMINAL], share, color=colour, ls=dash, marker=marker, ms=4, label=level
                    )
            axes.set_title(words.capitalize(), loc="left", fontsize=10)
            axes.set_xlabel("Promised")
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter(PercentFormatter(1, decimals=0))
        return finished(figure, simulated)


def bias_by_volume(scores: pd.DataFrame, *, source: str, simulated: bool) -> Figure:
    """Bias of the mean by volume of the series and level: the sums of all levels agree, so only this tells them apart.

    A line that falls from left to right says that quiet places are forecast too high and busy ones too low.
    """
    rows = scores[(scores["group"] == "volume_band") & (scores["period"] == "month")]
    rows = rows.assign(surplus=rows["bias"] * rows["offences"])
    keys = ["area_level", "crime_level", "group_value"]
    sums = rows.groupby(keys)[["surplus", "offences"]].sum()
    share = (sums["surplus"] / sums["offences"].where(sums["offences"] > 0)).unstack("group_value")
    share = share.reindex(columns=list(VOLUME_BANDS))
    title = "Bias: how far the means lay above or below what was recorded"
    with mpl.rc_context(STYLE):
        figure = new_figure(10, 3.8, title, "Share of the offences recorded; above the line, too high", source)
        for axes, (crime_level, words) in zip(
            figure.subplots(1, len(CRIME_LEVELS), sharey=True), CRIME_LEVELS.items(), strict=True
        ):
            axes.axhline(0, color=INK, lw=0.8)
            for level, (colour, dash, marker) in LEVELS.items():
                if (level, crime_level) in share.index:
                    line = share.loc[[(level, crime_level)]].to_numpy()[0]
                    axes.plot(range(len(line)), line, color=colour, ls=dash, marker=marker, ms=4, label=level)
            axes.set_title(words.capitalize(), loc="left", fontsize=10)
            axes.set_xticks(range(len(VOLUME_BANDS)), VOLUME_BANDS, rotation=30)
            axes.set_xlabel("Offences a month in the year before")
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        return finished(figure, simulated)


def skill_by_months_ahead(scores: pd.DataFrame, *, source: str, simulated: bool) -> Figure:
    """Gain in weighted interval score over seasonal naive by months ahead and level; below zero naive is better."""
    steps = scores[(scores["group"] == "horizon") & (scores["period"] == "month")]
    steps = steps.assign(ahead=steps["group_value"].astype(int))
    losses = steps[["wis", "naive_wape"]].mul(steps["offences"], axis=0)
    keys = ["area_level", "crime_level", "ahead"]
    sums = losses.join(steps[keys]).groupby(keys)[["wis", "naive_wape"]].sum()
    gain = 1 - sums["wis"] / sums["naive_wape"].where(sums["naive_wape"] > 0)
    title = "Skill: how much lower the weighted interval score is than that of seasonal naive"
    with mpl.rc_context(STYLE):
        unit = f"Share of seasonal naive's score saved; less than {LEAST_SKILL:.0%} is not shown"
        figure = new_figure(10, 3.6, title, unit, source)
        for axes, (crime_level, words) in zip(
            figure.subplots(1, len(CRIME_LEVELS), sharey=True), CRIME_LEVELS.items(), strict=True
        ):
            axes.axhline(0, color=INK, lw=0.8)
            for level, (colour, dash, marker) in LEVELS.items():
                if (level, crime_level, 1) in gain.index:
                    part = gain.loc[(level, crime_level)]
                    axes.plot(part.index, part, color=colour, ls=dash, marker=marker, ms=4, label=level)
            axes.set_title(words.capitalize(), loc="left", fontsize=10)
            axes.set_ylim(LEAST_SKILL, 1)
            axes.set_xlabel("Months ahead")
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        return finished(figure, simulated)


def residual_map(last_year: pd.DataFrame, tables: ForceTables, *, source: str, simulated: bool) -> Figure:
    """Wards by how far their recorded year lies from the expected, in standard deviations of a Poisson count."""
    return area_map(
        tables.ward_boundaries,
        ward_residuals(last_year, tables),
        title="Recorded less expected offences by ward, all crime, the last year",
        unit="Standard deviations of chance (Poisson); blue: fewer than expected, plum: more",
        source=source,
        shown="{:+.1f}".format,
        simulated=simulated,
    )


def ward_residuals(last_year: pd.DataFrame, tables: ForceTables) -> pd.Series:
    """Return by ward code the year's (recorded - expected) / square root of expected, all crime."""
    year = last_year[(last_year["area_level"] == "ward") & (last_year["crime_type"] == "all")]
    year = year[(year["crime_level"] == "all") & (year["period"] == "year")]
    expected = year.set_index("area_code")["mean"].astype(float)
    first = year["month"].min()
    months = tables.offences["month"].between(first, first + pd.DateOffset(months=11))
    recorded = tables.offences[months].groupby("ward_code")["count"].sum().reindex(expected.index, fill_value=0)
    return (recorded - expected) / np.sqrt(expected.clip(lower=1))


def _overall(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[(scores["group"] == "overall") & (scores["period"] == "month")]


def _areas_shown(tables: ForceTables) -> list[tuple[str, str, str]]:
    """Return name, level and code of the force and of wards from the busiest to the quietest."""
    recent = tables.offences["month"] > tables.offences["month"].max() - pd.DateOffset(years=1)
    counts = tables.offences[recent].groupby("ward_code")["count"].sum()
    ranked = counts.reindex(tables.areas["ward_code"], fill_value=0).sort_values(kind="stable").index
    wards = [
        (f"{name}_ward", "ward", str(ranked[round(rank * (len(ranked) - 1))])) for name, rank in SAMPLE_WARDS.items()
    ]
    return [("force", "force", str(tables.areas["force_code"].iloc[0])), *wards]
