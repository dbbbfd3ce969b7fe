"""The monitor speaks up about a planted break and keeps quiet without one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from features.arrivals import lost_locations
from features.breaks import BREAKS_FILE
from features.panel import build_panel
from models.backtest import backtest
from models.recipes.catalogue import model_named
from models.uncertainty.shared_past import SharedPast
from models.uncertainty.variances import estimate_noise
from pipelines.steps.watching import (
    archived_forecasts,
    forecast_alerts,
    recorded_cells,
    refused_input,
    unlisted_steps,
)
from sources.files.errors import InputError
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration
QUARTERS = pd.date_range("2023-06-01", "2024-12-01", freq="3MS", unit="us")


@pytest.fixture(scope="module")
def archive(simulated_tables: ForceTables) -> pd.DataFrame:
    """Three months of forecasts from each of seven origins, of the force and its boroughs."""
    nobody = simulated_tables.ward_population_by_age.iloc[:0]  # ages say little of demand, and take long
    model, panel = model_named("recent-mean"), build_panel(replace(simulated_tables, ward_population_by_age=nobody))
    noise_of = partial(estimate_noise, shared=SharedPast())  # the same noise, in a third of the time
    table = pd.concat(backtest(model, panel, QUARTERS, 3, draws=100, noise_of=noise_of), ignore_index=True)
    watched = (table["area_level"] == "force") | ((table["area_level"] == "borough") & (table["crime_level"] == "all"))
    return table[watched & (table["period"] == "month")]


def test_what_was_recorded_is_counted_with_its_zeros(simulated_tables: ForceTables) -> None:
    cells = recorded_cells(simulated_tables)
    force = cells[(cells["area_level"] == "force") & (cells["crime_level"] == "all")]
    assert force["count"].sum() == simulated_tables.offences["count"].sum()
    assert set(cells.groupby(["area_level", "area_code", "crime_level", "crime_type"]).size()) == {84}


def test_planted_breaks_are_named_and_quiet_months_are_not(
    archive: pd.DataFrame, simulated_tables: ForceTables
) -> None:
    quiet = forecast_alerts(archive, simulated_tables)
    offences = simulated_tables.offences
    hit = (offences["crime_type"] == "BICYCLE THEFT") & (offences["month"] >= "2024-08-01")
    doubled = offences.assign(count=offences["count"].where(~hit, offences["count"] * 2))
    alarmed = forecast_alerts(archive, replace(simulated_tables, offences=doubled))
    # The simulated force itself loses locations in October 2023 and records shoplifting anew from March 2024: by so
    # little (1.4 times, 3.4 standard deviations of the forecast) that the charts, whose limit is 3.5, need not speak.
    october, march = pd.Timestamp("2023-10-01"), pd.Timestamp("2024-03-01")
    assert set(quiet["month"]) <= {october, march}
    lost = lost_locations(offences, simulated_tables.unlocated_offences, simulated_tables.areas)
    assert october in set(lost["month"])
    told = alarmed[alarmed["said"].str.startswith("Bicycle theft")]
    assert told["month"].min() in pd.date_range("2024-08-01", periods=3, freq="MS")
    assert told["area_level"].eq("force").all()


def test_a_change_of_recording_of_twice_the_level_alarms_in_its_month(
    archive: pd.DataFrame, simulated_tables: ForceTables
) -> None:
    offences, march = simulated_tables.offences, pd.Timestamp("2024-03-01")
    hit = (offences["crime_type"] == "SHOPLIFTING") & (offences["month"] >= march)
    raised = offences.assign(count=offences["count"].where(~hit, (offences["count"] * 1.4).round().astype(int)))
    alarmed = forecast_alerts(archive, replace(simulated_tables, offences=raised))
    told = alarmed[alarmed["said"].str.startswith("Shoplifting")]
    assert march in set(told["month"])


def test_a_folder_without_releases_has_nothing_to_watch(tmp_path: Path, simulated_tables: ForceTables) -> None:
    assert archived_forecasts(tmp_path, simulated_tables).empty
    assert forecast_alerts(pd.DataFrame(), simulated_tables).empty


def test_what_was_refused_is_an_alert_with_what_to_do() -> None:
    refused = InputError("A crime type is not known", file="ward.csv", value="DRONE MISUSE", remedy="Add it.")
    alert = refused_input(refused).iloc[0]
    assert (alert["kind"], alert["to_do"]) == ("refused input", "Add it")
    assert "DRONE MISUSE" in alert["said"]


def test_an_unlisted_step_is_proposed_with_its_line_and_never_written(simulated_tables: ForceTables) -> None:
    before = BREAKS_FILE.read_bytes()
    offences = simulated_tables.offences
    months = sorted(offences["month"].unique())
    hit = (offences["crime_type"] == "OTHER THEFT") & (offences["month"] >= months[-4])
    doubled = offences.assign(count=offences["count"].where(~hit, offences["count"] * 2))
    found = unlisted_steps(build_panel(replace(simulated_tables, offences=doubled)))
    alert = found[found["said"].str.startswith("Other theft")].iloc[0]
    assert alert["kind"] == "unlisted step"
    assert ",step,OTHER THEFT,2" in alert["to_do"]
    assert BREAKS_FILE.read_bytes() == before
