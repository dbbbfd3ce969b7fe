"""Pictures show the numbers they are given, with unit, source and mark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from publication.charts.charts import fan_chart, save_picture, years_by_type
from publication.charts.range_chart import range_chart
from publication.numbers.outlook import by_year
from publication.words import sentence_case, year_label

pytestmark = pytest.mark.unit

SOURCE = "Source: Fictional Police, to March 2025."


@pytest.fixture
def force(publication: Any) -> pd.DataFrame:
    return publication.forecast[publication.forecast["area_level"] == "force"]


@pytest.fixture
def recorded(publication: Any) -> pd.Series:
    return publication.offences.groupby("month")["count"].sum()


@pytest.fixture
def fan(force: pd.DataFrame, recorded: pd.Series) -> Callable[..., Figure]:
    cell = force[(force["crime_level"] == "all") & (force["period"] == "month")]
    return lambda **options: fan_chart(recorded, cell, title="All crime", source=SOURCE, **options)


@pytest.fixture
def years(publication: Any, force: pd.DataFrame) -> Callable[..., Figure]:
    cells = force[(force["crime_level"] == "major") & (force["period"] == "year")]
    past = by_year(publication.contents(), pd.Timestamp("2025-04-01"))
    return lambda **options: years_by_type(past, cells, title="By type", source=SOURCE, **options)


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_the_fan_chart_draws_the_history_and_the_forecast(
    fan: Callable[..., Figure], force: pd.DataFrame, recorded: pd.Series
) -> None:
    axes = fan().axes[0]
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    cell = force[(force["crime_level"] == "all") & (force["period"] == "month")].sort_values("month")
    np.testing.assert_array_equal(lines["Recorded"], recorded)
    np.testing.assert_allclose(lines["Middle forecast"][1:], cell["q50"])
    assert lines["Middle forecast"][0] == recorded.iloc[-1]
    bands = {band.get_label(): band.get_datalim(axes.transData) for band in axes.collections}
    assert set(bands) == {"50 % interval", "80 % interval", "95 % interval"}
    assert bands["95 % interval"].y1 == max(cell["q975"].max(), recorded.iloc[-1])
    assert axes.get_ylim()[0] == 0


@pytest.mark.parametrize("kind", ["fan", "years"])
def test_pictures_name_title_unit_and_source_and_say_when_simulated(kind: str, request: pytest.FixtureRequest) -> None:
    draw = request.getfixturevalue(kind)
    real = texts(draw())
    assert real[0] in {"All crime", "By type"}
    assert real[1].startswith("Offences a")
    assert SOURCE in real
    assert "SIMULATED" not in real
    assert "SIMULATED" in texts(draw(simulated=True))


def test_the_panels_show_recorded_years_and_the_forecast_with_its_interval(
    years: Callable[..., Figure], force: pd.DataFrame, publication: Any
) -> None:
    figure = years()
    panels = {axes.get_title(loc="left").replace("\n", " "): axes for axes in figure.axes}
    assert set(panels) == {"Arson and criminal damage", "Burglary", "Possession of weapons"}
    axes = panels["Burglary"]
    bars = {
        bars.get_label(): [bar.get_height() for bar in bars]
        for bars in axes.containers
        if isinstance(bars, BarContainer)
    }
    burglary = publication.offences[publication.offences["crime_type"] == "RESIDENTIAL BURGLARY"]
    lost = publication.unlocated_offences
    lost = lost[lost["crime_type"] == "RESIDENTIAL BURGLARY"]
    assert sum(bars["Recorded"]) == burglary["count"].sum() + lost["count"].sum()
    cell = force[(force["crime_type"] == "BURGLARY") & (force["period"] == "year")]
    np.testing.assert_allclose(bars["Middle forecast"], cell["q50"])
    whiskers = axes.collections[0].get_segments()
    np.testing.assert_allclose([segment[:, 1] for segment in whiskers], cell[["q10", "q90"]])
    assert [label.get_text() for label in axes.get_xticklabels()][-1] == "2026/27"


def test_the_same_picture_is_the_same_file(fan: Callable[..., Figure], tmp_path: Path) -> None:
    for ending in ("svg", "png"):
        for name in ("first", "second"):
            save_picture(fan(simulated=True), tmp_path / f"{name}.{ending}")
        first, second = (tmp_path / f"{name}.{ending}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
        assert first.stat().st_size > 10_000


def test_odd_names_are_drawn_as_they_are(force: pd.DataFrame, recorded: pd.Series, tmp_path: Path) -> None:
    title = r"$\frac{1}{0}$ <script> & " + "very long " * 12
    figure = fan_chart(recorded, force[force["period"] == "month"], title=title, source=title)
    save_picture(figure, tmp_path / "odd.svg")
    assert texts(figure)[0].replace("\n", " ") == title.strip()


@pytest.mark.parametrize(
    ("first_month", "label"),
    [("2025-04-01", "2025/26"), ("1999-04-01", "1999/00"), ("2025-10-01", "to Sep 2026")],
)
def test_years_are_named(first_month: str, label: str) -> None:
    assert year_label(pd.Timestamp(first_month)) == label


def test_crime_types_are_read_in_sentence_case() -> None:
    assert sentence_case("VIOLENCE AGAINST THE PERSON") == "Violence against the person"
    assert sentence_case("Theft from MPs") == "Theft from MPs"
    assert sentence_case("MISC CRIMES AGAINST SOCIETY") == "Miscellaneous crimes against society"
    assert sentence_case("ROBBERY excluding protected types") == "Robbery excluding protected types"


def test_ranges_show_where_each_area_came_in() -> None:
    table = pd.DataFrame(
        {
            "area_name": ["Inside", "Above", "Nothing expected"],
            "expected": [100.0, 50.0, 0.0],
            "low": [80, 40, 0],
            "high": [120, 60, 0],
            "recorded": [110, 70, 3],
        }
    )
    axes = range_chart(table, title="Ranges", source=SOURCE).axes[0]
    points = {line.get_label(): line.get_xydata() for line in axes.lines if "Recorded" in str(line.get_label())}
    np.testing.assert_allclose(points["Recorded, inside"], [[0.1, 2]])
    np.testing.assert_allclose(points["Recorded, outside"][0], [0.4, 1])
    assert [label.get_text() for label in axes.get_yticklabels()] == list(table["area_name"])
