"""Pictures as eyes meet them: no text runs over the edge, and whatever carries meaning has 3:1 on what it lies on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from publication.charts.card_chart import card_chart
from publication.charts.charts import EXPECTED, INK, MIDDLE, PALE, RECORDED, STRONG
from publication.charts.gain_chart import gain_chart
from publication.charts.range_chart import range_chart
from publication.numbers.findings import CHANGE

pytestmark = pytest.mark.unit

LEAST = 3.0  # WCAG 2.2, 1.4.11
NAMES = ["Miscellaneous crimes against society", "Theft", "Death or serious injury by illegal driving " * 2]


def contrast(one: object, other: object) -> float:
    """Contrast of two colours as WCAG 2 defines it."""

    def light(colour: object) -> float:
        parts = np.array(to_rgb(colour))  # type: ignore[arg-type]
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def figures() -> Iterator[Figure]:
    lines = pd.DataFrame({"name": NAMES, "low": [-0.2, -0.1, 0.0], "middle": [0.0, 0.1, 0.4], "high": [0.2, 0.3, 0.9]})
    yield card_chart(lines, CHANGE)
    yield card_chart(lines.assign(low=np.nan, high=np.nan), "Suspects of known age, next twelve months (mean)")
    areas = {"area_name": NAMES, "expected": 100.0, "low": 90.0, "high": 110.0, "recorded": [95.0, 130.0, 91.0]}
    yield range_chart(pd.DataFrame(areas), title="Every borough", source="Source: a force.")
    gains = {"area_level": "force", "crime_level": ["minor", "major", "all"], "verdict": "better", "gain": 0.1}
    yield gain_chart(pd.DataFrame(gains).assign(gain_low=0.05, gain_high=0.2), title="Gain", source="Source: a force.")


@pytest.mark.parametrize("place", range(4))
def test_no_text_runs_over_the_edge(place: int) -> None:
    figure = list(figures())[place]
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    texts = [*figure.texts, *([figure._suptitle] if figure._suptitle else [])]  # type: ignore[attr-defined]
    for axes in figure.axes:
        texts += [axes.title, *axes.get_yticklabels()]
    edge = figure.bbox
    for text in texts:
        if text.get_text():
            box = text.get_window_extent(renderer)
            assert box.x0 >= edge.x0 - 1, text.get_text()
            assert box.x1 <= edge.x1 + 1, text.get_text()
            assert box.y1 <= edge.y1 + 1, text.get_text()


@pytest.mark.parametrize("place", range(4))
def test_bars_stand_out_from_the_page_and_do_not_end_at_the_frame(place: int) -> None:
    axes = list(figures())[place].axes[0]
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(bars) == 3
    for bar in bars:
        assert max(contrast(bar.get_facecolor(), "white"), contrast(bar.get_edgecolor(), "white")) >= LEAST
    left, right = axes.get_xlim()
    assert right > max(bar.get_x() + bar.get_width() for bar in bars)
    assert left < min(bar.get_x() for bar in bars) or left == 0


@pytest.mark.parametrize(
    ("mark", "ground"),
    [
        (EXPECTED, "white"),  # of the middle forecast's dashes, which are drawn on white
        (EXPECTED, MIDDLE),
        (EXPECTED, PALE),
        (RECORDED, "white"),
        (RECORDED, PALE),
        (INK, "white"),
        (STRONG, "white"),
    ],
)
def test_colours_that_meet_have_three_to_one(mark: str, ground: str) -> None:
    assert contrast(mark, ground) >= LEAST
