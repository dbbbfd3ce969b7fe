"""The record counts what pages quote, of ordinary years that have been recorded whole."""

from __future__ import annotations

import pandas as pd
import pytest

from features.panel import Panel
from models.backtest import backtest
from models.recipes.catalogue import MODELS
from models.scoring.observed import Observed
from models.scoring.track_record import COLUMNS, record_origins, yearly_record, years_to_score
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


def test_years_of_an_origin_stand_beside_what_was_recorded(
    simulated_panel: Panel, simulated_tables: ForceTables
) -> None:
    panel, tables = simulated_panel, simulated_tables
    origin = panel.last_month - pd.DateOffset(months=24)
    (forecast,) = backtest(MODELS["seasonal-naive"], panel, [origin], 24, draws=40)
    observed = Observed.of(tables.offences, tables.areas, tables.crime_types, tables.unlocated_offences)
    quiet = panel.breaks.iloc[:0]
    record = yearly_record(forecast, observed, quiet)
    assert list(record.columns) == COLUMNS
    assert set(record["years_ahead"]) == {1, 2}
    force = record[(record["area_level"] == "force") & (record["crime_level"] == "all")].set_index("years_ahead")
    assert set(force["measure"]) == {"all recorded"}
    for year in (1, 2):
        first, last = origin + pd.DateOffset(months=12 * year - 11), origin + pd.DateOffset(months=12 * year)
        counted = sum(
            table.loc[table["month"].between(first, last), "count"].sum()
            for table in (tables.offences, tables.unlocated_offences)
        )
        assert force.loc[year, "recorded"] == counted
    covid = quiet.reindex([0]).assign(
        kind="disruption", crime_type="all", first_month=origin, last_month=panel.last_month
    )
    assert yearly_record(forecast, observed, covid).empty


def test_origins_of_the_record_are_marches_long_enough_ago(simulated_panel: Panel) -> None:
    origins = record_origins(simulated_panel, 10, [])
    assert origins == sorted(origins, reverse=True)
    assert {origin.month for origin in origins} == {3}
    assert all(years_to_score(simulated_panel, origin) >= 1 for origin in origins)
    assert record_origins(simulated_panel, 10, origins[:1]) == origins[1:]
    assert record_origins(simulated_panel, 1, []) == origins[:1]
