"""A simulated folder goes through the readers like any other and comes back as it was made."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.read_force import read_force
from sources.simulated import FORCE_CODE, simulate
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def tables(large_force: Path) -> ForceTables:
    return read_force(large_force)


def test_the_force_is_marked_as_simulated(tables: ForceTables) -> None:
    assert tables.force.simulated
    assert tables.force.code == FORCE_CODE
    assert "simulated" in tables.force.name


def test_located_offences_are_exactly_those_simulated(
    tables: ForceTables, large_truth: dict[str, pd.DataFrame]
) -> None:
    keys = ["ward_code", "crime_type", "month"]
    truth = large_truth["offences"].astype({"ward_code": str, "crime_type": str}).set_index(keys)["located"]
    found = tables.offences.astype({"ward_code": str, "crime_type": str}).set_index(keys)["count"]
    assert found.index.isin(truth.index).all()
    assert found.reindex(truth.index, fill_value=0).eq(truth).all()


def test_unlocated_offences_are_exactly_those_simulated(
    tables: ForceTables, large_truth: dict[str, pd.DataFrame]
) -> None:
    truth = large_truth["offences"].astype({"crime_type": str})
    borough = large_truth["wards"].set_index("ward_code")["borough_code"]
    truth["area_code"] = truth["ward_code"].astype(str).map(borough)
    keys = ["area_code", "crime_type", "month"]
    found = tables.unlocated_offences.astype({"area_code": str, "crime_type": str}).set_index(keys)["count"]
    of_force = truth.assign(area_code=FORCE_CODE).groupby(keys)["nowhere"].sum()
    of_boroughs = truth.groupby(keys)["borough_only"].sum()
    expected = pd.concat([of_force[of_force > 0], of_boroughs[of_boroughs > 0]])
    pd.testing.assert_series_equal(
        found[found > 0].sort_index(), expected.sort_index(), check_names=False, check_dtype=False
    )


def test_the_extract_agrees_with_the_wide_files(tables: ForceTables) -> None:
    compared = tables.overlaps[tables.overlaps["dataset"] == "incidents"]
    assert len(compared) == 24
    assert compared["difference"].eq(0).all()


def test_only_what_is_meant_to_be_left_out_is(tables: ForceTables) -> None:
    reasons = tables.quarantine["reason"].str.extract("(stub|fraud)")[0]
    assert set(reasons) == {"stub", "fraud"}
    assert tables.quarantine.loc[reasons == "stub", "count"].item() == 40


def test_residents_and_places_are_complete(tables: ForceTables) -> None:
    assert len(tables.areas) == len(tables.ward_boundaries) == 80
    assert tables.areas["borough_code"].nunique() == len(tables.borough_boundaries) == 4
    assert len(tables.ward_population) == 80 * 12
    assert len(tables.ward_population_by_age) == 80 * 3 * 91
    assert tables.ward_profile["indicator"].nunique() == 8 + 5


def test_months_to_come_are_read_too(tmp_path: Path) -> None:
    tables = read_force(simulate(tmp_path / "force", wards=12, months=48, last_month="2035-06"))
    assert tables.offences["month"].max() == pd.Timestamp("2035-06-01")
    assert tables.overlaps.query("dataset == 'incidents'")["difference"].eq(0).all()
