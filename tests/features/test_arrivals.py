"""Odd newest months are told, ordinary ones are not: London's known losses, and faults planted in a simulated force."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from features.arrivals import lost_locations, silent_wards, stalled_feed
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


def test_londons_lost_locations_are_told_and_no_other_month(london_tables: ForceTables) -> None:
    told = lost_locations(london_tables.offences, london_tables.unlocated_offences, london_tables.areas)
    assert told["month"].dt.strftime("%Y-%m").tolist() == ["2020-03", "2023-10"]
    assert told["said"].iloc[0].startswith("80.9% of offences have a known ward")


def test_no_ward_of_london_ever_fell_silent(london_tables: ForceTables) -> None:
    assert silent_wards(london_tables.offences, london_tables.areas).empty


def test_a_ward_left_out_of_the_newest_month_is_named(simulated_tables: ForceTables) -> None:
    offences = simulated_tables.offences
    busiest = offences.groupby("ward_code")["count"].sum().idxmax()
    newest = offences["month"].max()
    kept = offences[(offences["ward_code"] != busiest) | (offences["month"] != newest)]
    told = silent_wards(replace(simulated_tables, offences=kept).offences, simulated_tables.areas)
    assert told[["area_code", "month"]].to_numpy().tolist() == [[busiest, newest]]


@pytest.mark.parametrize(("today", "overdue"), [("2025-07-14", False), ("2025-07-15", True)])
def test_a_feed_that_stalls_is_told(simulated_tables: ForceTables, today: str, overdue: bool) -> None:
    told = stalled_feed(simulated_tables.offences, simulated_tables.areas, pd.Timestamp(today))
    assert bool(len(told)) == overdue
