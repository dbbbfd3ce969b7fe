"""The waterfall shows the steps it is given, each from where the last one ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.container import BarContainer

from publication.charts.waterfall import change_text, moving, total_text, unmoved, waterfall
from publication.words import STEP_NAMES

pytestmark = pytest.mark.unit

STEPS = pd.DataFrame(
    {
        "step": ["before", "level and chance", "season", "population", "trend", "judgement", "after"],
        "offences": [120.0, -20.0, 0.0, 4.5, 10.0, 0.0, 114.5],
    }
)


def test_each_part_begins_where_the_last_one_ended() -> None:
    shown = moving(STEPS)
    assert list(shown["step"]) == ["before", "level and chance", "population", "trend", "after"]
    assert list(shown["start"]) == [120, 120, 100, 104.5, 114.5]
    assert list(shown["end"]) == [120, 100, 104.5, 114.5, 114.5]
    assert unmoved(STEPS) == ["Season", "Judgement"]


def test_the_bars_are_the_parts() -> None:
    figure = waterfall(
        STEPS, before="Recorded, 2024/25", after="Expected, 2025/26", title="Theft", source="Source: us."
    )
    bars = [bar for part in figure.axes[0].containers if isinstance(part, BarContainer) for bar in part]
    drawn = sorted((bar.get_x() + bar.get_width() / 2, bar.get_y(), bar.get_height()) for bar in bars)
    np.testing.assert_allclose(drawn, [(1, 120, -20), (2, 100, 4.5), (3, 104.5, 10)])
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["120", "-20.0", "+4.5", "+10.0", "114"]
    ticks = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_xticklabels()]
    assert ticks == ["Recorded, 2024/25", STEP_NAMES["level and chance"], "Residents", "Trend", "Expected, 2025/26"]


def test_nothing_at_all_can_be_drawn_and_a_simulated_force_is_marked() -> None:
    nothing = STEPS.assign(offences=0.0)
    figure = waterfall(nothing, before="a", after="b", title="Homicide", source="Source: us.", simulated=True)
    assert "SIMULATED" in [text.get_text() for text in figure.texts]
    assert unmoved(nothing) == [STEP_NAMES[step] for step in STEPS["step"][1:-1]]


@pytest.mark.parametrize(
    ("offences", "change", "total"),
    [(1234.5, "+1,234", "1,234"), (36.0, "+36.0", "36"), (0.011, "+0.01", "0.01"), (-7.26, "-7.3", "-7.3")],
)
def test_numbers_are_as_long_as_they_need(offences: float, change: str, total: str) -> None:
    assert (change_text(offences), total_text(offences)) == (change, total)
