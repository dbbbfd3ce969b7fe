"""Forecasts of streams: coherent whole draws, honest amounts, parts within their whole, no leak past the origin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from features.streams.panel import StreamPanel, stream_panel
from models.streams.amounts import amounts_of_pieces, poisson_unit
from models.streams.backtest import JUDGED, backtest_stream, stream_scores
from models.streams.draws import StreamDraws, draw_stream
from models.streams.fit import fit_stream
from models.streams.summary import STREAM_FORECAST, stream_table
from sources.files.errors import InputError
from sources.streams.tables import stream_named
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration
NAMES = ["knife_crime", "minutes_taken", "missing_people"]


def panel_of(tables: ForceTables, name: str) -> StreamPanel:
    return stream_panel(stream_named(tables.streams, tables.stream_values, name), tables)


@pytest.fixture(scope="module")
def panels(simulated_tables: ForceTables) -> dict[str, StreamPanel]:
    return {name: panel_of(simulated_tables, name) for name in NAMES}


@pytest.fixture(scope="module")
def drawn(panels: dict[str, StreamPanel]) -> dict[str, StreamDraws]:
    return {name: draw_stream(fit_stream(panel), panel, 14, draws=300, seed=3) for name, panel in panels.items()}


@pytest.mark.unit
def test_the_unit_in_which_amounts_vary_like_counts_is_found_again() -> None:
    generator = np.random.default_rng(1)
    rate = generator.uniform(2_000, 40_000, (30, 2, 1)) * np.ones(80)
    pieces = generator.poisson(rate / 240)
    amounts = amounts_of_pieces(generator, pieces, 480)
    assert (amounts == amounts.round()).all()
    assert abs(amounts.mean() / rate.mean() - 1) < 0.02
    assert 400 < poisson_unit(amounts) < 560


@pytest.mark.parametrize("name", NAMES)
def test_draws_are_whole_and_their_mean_is_the_expectation(name: str, drawn: dict[str, StreamDraws]) -> None:
    for series, draws in drawn[name].draws.items():
        assert (draws == np.round(draws)).all()
        assert (draws >= 0).all()
        mean = drawn[name].mean[series]
        assert abs(draws.mean() / mean.mean() - 1) < 0.08


def test_a_part_is_never_more_than_its_whole_in_any_draw(
    drawn: dict[str, StreamDraws], panels: dict[str, StreamPanel]
) -> None:
    draws = drawn["knife_crime"].draws
    within = panels["knife_crime"].about.within
    assert len(within) == 4
    for part, whole in within.items():
        assert (draws[part] <= draws[whole]).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_table_adds_up(name: str, panels: dict[str, StreamPanel], drawn: dict[str, StreamDraws]) -> None:
    table = stream_table(name, panels[name], drawn[name])
    assert list(table.columns) == STREAM_FORECAST
    keys = ["area_level", "area_code", "series", "period", "month"]
    assert not table.duplicated(keys).any()
    means = table.groupby(["area_level", "series", "period", "month"])["mean"].sum().unstack("area_level")
    nowhere = drawn[name].mean[next(iter(drawn[name].mean))][drawn[name].tree.wards :]
    if not nowhere.any():
        np.testing.assert_allclose(means["borough"], means["force"], rtol=1e-9)
    np.testing.assert_allclose(means["borough"], means["bcu"], rtol=1e-9)
    months = table[table["period"] == "month"]
    first_year = months[months["month"] < months["month"].min() + pd.DateOffset(years=1)]
    years = table[table["period"] == "year"].set_index(["area_code", "series"])["mean"]
    sums = first_year.groupby(["area_code", "series"])["mean"].sum()
    np.testing.assert_allclose(years, sums.reindex(years.index), rtol=1e-9)
    assert table["chance_of_rise"].dropna().between(0, 1).all()
    assert (table["q10"] <= table["q90"]).all()


@pytest.mark.parametrize("name", NAMES)
def test_no_forecast_of_a_stream_sees_past_its_origin(name: str, panels: dict[str, StreamPanel]) -> None:
    panel = panels[name]
    origin = panel.months[-7]

    def another_future(values: xr.DataArray) -> xr.DataArray:
        return values.where(values["month"] <= origin.to_datetime64(), 777.0)

    changed = replace(
        panel,
        panel=replace(
            panel.panel,
            offences=another_future(panel.panel.offences),
            unlocated=another_future(panel.panel.unlocated),
        ),
        nested=another_future(panel.nested),
        related=another_future(panel.related),
    )
    one, other = (
        stream_table(name, each, draw_stream(fit_stream(each, origin), each, 6, draws=60, seed=1))
        for each in (panel, changed)
    )
    pd.testing.assert_frame_equal(one, other)


def test_a_history_that_is_too_short_is_refused(panels: dict[str, StreamPanel]) -> None:
    with pytest.raises(InputError, match="too few"):
        fit_stream(panels["missing_people"], panels["missing_people"].months[26])


def test_intervals_hold_what_they_promise_and_the_engine_beats_seasonal_naive(
    panels: dict[str, StreamPanel],
) -> None:
    models = {name: JUDGED[name] for name in ("three-speed", "seasonal-naive")}
    judged = pd.concat(
        backtest_stream(panels[name], [panels[name].months[place] for place in (53, 71)], models=models, draws=200)
        for name in ("missing_people", "minutes_taken")
    )
    ours = judged[judged["model"] == "three-speed"]
    assert 0.65 < ours.loc[ours["area_level"] == "borough", "covered"].mean() < 0.95
    scores = stream_scores(judged).set_index(["stream", "model", "area_level", "series", "period"])["wis"]
    for stream in ("missing_people", "minutes_taken"):
        of_stream = scores[stream].xs(("borough", "all", "month"), level=("area_level", "series", "period"))
        assert of_stream["three-speed"] < of_stream["seasonal-naive"]
