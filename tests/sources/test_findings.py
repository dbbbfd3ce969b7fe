"""What `wardcast check` shows: on made-up tables, and London's against what is known of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sources.findings import (
    coverage_by_month,
    files_found,
    files_not_read,
    offences_by_year_and_month,
    overlaps_summary,
    quarantine_summary,
    totals_by_financial_year,
)
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.unit


@pytest.fixture
def tables(simulated_tables: ForceTables) -> ForceTables:
    """A force whose offences, overlaps and quarantine are easy to sum up by hand."""
    months = pd.date_range("2023-03-01", "2024-05-01", freq="MS")
    offences = pd.DataFrame({"ward_code": "E05000001", "crime_type": "arson", "month": months, "count": 8})
    unlocated = pd.DataFrame({"area_code": "E23000099", "crime_type": "arson", "month": months[:13], "count": 2})
    quarantine = pd.DataFrame(
        {
            "file": "a.csv",
            "row": ["row 2", "column 202402", "row 9"],
            "reason": ["fraud", "a stub", "fraud"],
            "count": [1, 40, 4],
        }
    )
    return replace(simulated_tables, offences=offences, unlocated_offences=unlocated, quarantine=quarantine)


def test_financial_years_run_from_april_to_march(tables: ForceTables) -> None:
    totals = totals_by_financial_year(tables)
    assert totals.to_dict("list") == {
        "financial_year": ["2022/23", "2023/24", "2024/25"],
        "months": [1, 12, 2],
        "partial": [True, False, True],
        "located": [8, 96, 16],
        "unlocated": [2, 24, 0],
        "offences": [10, 120, 16],
        "coverage": [0.8, 0.8, 1.0],
    }


def test_months_are_folded_into_years_from_april(tables: ForceTables) -> None:
    folded = offences_by_year_and_month(tables).set_index("financial_year")
    assert list(folded.columns) == ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    assert folded.loc["2023/24"].tolist() == [10] * 12
    assert folded.loc["2022/23"].dropna().to_dict() == {"Mar": 10}
    assert folded.sum().sum() == 146


def test_the_turn_of_the_century_is_written_with_two_digits(tables: ForceTables) -> None:
    early = tables.offences.assign(month=tables.offences["month"] - pd.DateOffset(years=24))
    totals = totals_by_financial_year(replace(tables, offences=early, unlocated_offences=early.iloc[:0]))
    assert totals["financial_year"].tolist() == ["1998/99", "1999/00", "2000/01"]


def test_coverage_is_the_share_with_a_ward(tables: ForceTables) -> None:
    coverage = coverage_by_month(tables).set_index("month")["coverage"]
    assert coverage["2023-03-01"] == pytest.approx(0.8)
    assert coverage["2024-05-01"] == 1


def test_a_month_without_offences_has_no_coverage(tables: ForceTables) -> None:
    nothing = tables.offences.assign(count=0)
    coverage = coverage_by_month(replace(tables, offences=nothing, unlocated_offences=nothing))
    assert coverage["coverage"].isna().all()


def test_overlaps_name_the_month_that_differs_most(tables: ForceTables) -> None:
    overlaps = pd.DataFrame(
        {
            "dataset": ["new", "new", "newer"],
            "other": ["old", "old", "new"],
            "month": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-02-01"]),
            "difference": [0.01, -0.02, 0.0],
        }
    )
    summary = overlaps_summary(replace(tables, overlaps=overlaps))
    assert summary.to_dict("list") == {
        "dataset": ["new", "newer"],
        "other": ["old", "new"],
        "months": [2, 1],
        "largest_difference": [-0.02, 0.0],
        "month": [pd.Timestamp("2024-02-01")] * 2,
    }


def test_nothing_to_sum_up_is_an_empty_table(tables: ForceTables) -> None:
    assert overlaps_summary(replace(tables, overlaps=tables.overlaps.iloc[:0])).empty
    assert quarantine_summary(replace(tables, quarantine=tables.quarantine.iloc[:0])).empty


def test_quarantine_is_summed_by_reason(tables: ForceTables) -> None:
    summary = quarantine_summary(tables)
    assert summary.to_dict("list") == {
        "file": ["a.csv", "a.csv"],
        "reason": ["fraud", "a stub"],
        "entries": [2, 1],
        "count": [5, 40],
    }


def test_a_misnamed_file_is_seen(simulated_tables: ForceTables, simulated_force: Path) -> None:
    usual = files_not_read(simulated_tables, simulated_force)
    assert "lookups/ward22_borough_bcu.csv" not in usual
    assert "force.toml" not in usual
    misnamed = simulated_force / "mps_recorded_crime/ward crime.csv"
    misnamed.touch()
    try:
        assert set(files_not_read(simulated_tables, simulated_force)) - set(usual) == {
            "mps_recorded_crime/ward crime.csv"
        }
    finally:
        misnamed.unlink()


def test_london_is_as_it_is_known(london_tables: ForceTables) -> None:
    """Coverage as the publisher's files are known to have it, and totals as published for London."""
    coverage = coverage_by_month(london_tables).set_index("month")["coverage"]
    assert coverage["2020-03-01"] == pytest.approx(0.809, abs=0.0006)
    assert coverage["2023-10-01"] == pytest.approx(0.902, abs=0.0006)
    assert coverage["2023-03-01"] == pytest.approx(0.939, abs=0.0006)
    assert coverage["2024-03-01":"2024-08-01"].between(0.93, 0.96).all()
    totals = totals_by_financial_year(london_tables).set_index("financial_year")
    assert len(totals) == 15
    assert not totals["partial"].any()
    assert totals["offences"].between(650_000, 950_000).all()
    assert totals["offences"].idxmin() == "2013/14"


def test_london_editions_agree(london_tables: ForceTables) -> None:
    summary = overlaps_summary(london_tables)
    assert summary["largest_difference"].abs().max() < 0.01
    assert {"ward_crime_31_types", "ward_crime_detailed"} <= {*summary["dataset"], *summary["other"]}
    assert summary["dataset"].str.startswith("ward18_").sum() == 2


def test_london_files_are_listed(london_tables: ForceTables, london: Path) -> None:
    files = files_found(london_tables)
    assert all((london / file).is_file() for file in files["file"])
    crime = files[files["file"].str.contains("ward22_historical")].iloc[0]
    assert (crime["rows"], crime["last_month"]) == (21_118, pd.Timestamp("2024-02-01"))
    stub = files[files["file"].str.contains("with_stub")].iloc[0]
    assert stub["first_month"] == pd.Timestamp("2024-03-01")
