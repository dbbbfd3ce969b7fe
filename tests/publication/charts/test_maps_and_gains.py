"""The map of areas, the history with its breaks, gains by level: what they show can be read without their colours."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from publication.charts.area_map import DIVERGING, SEQUENTIAL, area_map
from publication.charts.gain_chart import gain_chart
from publication.charts.history_chart import recorded_with_breaks

pytestmark = pytest.mark.unit
OUTLINES = gpd.GeoDataFrame(
    {"code": [f"W{place}" for place in range(10)]},
    geometry=[box(place, 51, place + 1, 52) for place in range(10)],
    crs="EPSG:4326",
)
WORDS = {"title": "Offences by ward", "unit": "Offences a year", "source": "Source: made up."}


def figures(values: list[float]) -> pd.Series:
    return pd.Series(values, index=OUTLINES["code"])


def test_classes_hold_every_area_and_are_told_in_words() -> None:
    figure = area_map(OUTLINES, figures([*range(9), np.nan]), named={"W3": "Docks"}, **WORDS)
    (axes,) = figure.axes
    legend = axes.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert (labels[0], labels[-1], len(labels)) == ("0 to 2", "6 to 8", len(SEQUENTIAL))
    assert [text.get_text() for text in axes.texts] == ["Docks"]
    shades = axes.collections[0].get_facecolor()
    assert len({tuple(shade) for shade in shades}) == len(SEQUENTIAL) + 1


def test_changes_of_both_signs_have_one_scale_around_nothing() -> None:
    figure = area_map(OUTLINES, figures([-40, 0, 10, 20, 80, 0, 0, 0, 0, 0]), shown="{:+.0f}".format, **WORDS)
    legend = figure.axes[0].get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels[0].startswith("-80")
    assert labels[-1].endswith("+80")
    assert len(labels) == len(DIVERGING)


@pytest.mark.parametrize("values", [[5.0] * 10, [np.nan] * 10, [0.0] * 9 + [1.0]])
def test_few_different_figures_still_make_a_map(values: list[float]) -> None:
    assert area_map(OUTLINES, figures(values), simulated=True, **WORDS).texts[-1].get_text() == "SIMULATED"


def test_breaks_are_numbered_and_named() -> None:
    months = pd.date_range("2019-01-01", periods=24, freq="MS")
    breaks = pd.DataFrame(
        {
            "event": ["Pandemic", "New system", "New system", "Pandemic"],
            "first_month": pd.to_datetime(["2020-03-01", "2020-09-01", "2020-09-01", "2020-11-01"]),
            "last_month": pd.to_datetime(["2020-07-01", None, None, "2020-12-01"]),
        }
    )
    recorded = pd.DataFrame({"Known ward": range(24), "All": range(1, 25)}, index=months)
    figure = recorded_with_breaks(recorded, breaks, title="History", source="Source: made up.")
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "2", "1"]
    assert "1 Pandemic; 2 New system" in figure.texts[2].get_text().replace("\n", " ")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["Known ward", "All"]


def test_gains_stand_at_their_level_with_their_verdict() -> None:
    compared = pd.DataFrame(
        {
            "area_level": ["ward", "force"],
            "crime_level": ["minor", "all"],
            "gain": [0.1, -0.02],
            "gain_low": [0.05, -0.1],
            "gain_high": [0.15, 0.06],
            "verdict": ["better", "undecided"],
        }
    )
    figure = gain_chart(compared, title="Mine against theirs", source="Source: made up.")
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["Wards, minor types", "Force, all"]
    assert list(axes.get_yticks()) == [1, 0]
    better, undecided = (line for line in axes.lines if line.get_marker() in "oD")
    assert (better.get_xdata()[0], better.get_ydata()[0]) == (0.1, 1)
    assert (undecided.get_xdata()[0], undecided.get_ydata()[0]) == (-0.02, 0)
