"""Ages of victims and suspects from every publisher: totals are those of the files, and bad files are refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sources.ages.arrests import ARRESTS, read_arrests
from sources.ages.convictions import SCOTTISH_CONVICTIONS, read_scottish_convictions
from sources.ages.dashboards import (
    CUSTODY_DISPOSALS,
    HOMICIDE_SUSPECTS,
    HOMICIDE_VICTIMS,
    VAWG_VICTIMS,
    read_custody_disposals,
    read_homicide_victims,
    read_vawg_victims,
)
from sources.ages.evidence import read_age_evidence
from sources.ages.stops import STOPS_ENDING_IN_ARREST, read_stops_ending_in_arrest
from sources.catalogue.catalogue import load_catalogue
from sources.catalogue.data_folder import DataFolder
from sources.crime.incidents import RECORD_LEVEL_EXTRACT
from sources.files.errors import InputError
from sources.tables.contracts import AGE_EVIDENCE, no_rows
from sources.tables.force_tables import ForceTables

pytestmark = pytest.mark.integration

ARRESTS_ROWS = pd.DataFrame(
    {
        "financial_year": "2017/18",
        "offence_group": "2015/16 onwards - Robbery",
        "age_group": ["10 - 17 years", "18 - 20 years", "21 years and over", "Under 10 years", "Unknown"],
        "arrests": [1873, 601, 1282, 0, 2],
    }
)


def arrests_of(table: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    table.to_csv(folder / "arrests.csv", index=False)
    return read_arrests(folder / "arrests.csv")


def test_london_has_every_source_but_stops(london_tables: ForceTables, london: Path) -> None:
    evidence = london_tables.age_evidence
    people = evidence.groupby("source")["count"].sum()
    assert set(people.index) == {
        ARRESTS, SCOTTISH_CONVICTIONS, HOMICIDE_SUSPECTS, HOMICIDE_VICTIMS, VAWG_VICTIMS, CUSTODY_DISPOSALS
    }  # fmt: skip
    raw = pd.read_csv(next((london / "home_office").glob("arrests_*")))
    left_out = london_tables.quarantine[london_tables.quarantine["file"].str.startswith("arrests_")]["count"].sum()
    assert people[ARRESTS] + left_out == raw["arrests"].sum() == 2_462_639
    assert people[VAWG_VICTIMS] == 1_402_340
    assert people[HOMICIDE_VICTIMS] == 2_686
    assert people[HOMICIDE_SUSPECTS] == 4_511
    assert evidence.loc[evidence["source"] == VAWG_VICTIMS, "age_low"].min() == 10


def test_scottish_totals_and_aggregates_are_left_out(london_tables: ForceTables, london: Path) -> None:
    raw = pd.read_parquet(next((london / "scotland").glob("*.parquet")))
    robbery = raw[(raw["Crime Type"] == "Robbery") & (raw["Age"] == "All")]["Convictions"].sum()
    evidence = london_tables.age_evidence
    scottish = evidence[evidence["source"] == SCOTTISH_CONVICTIONS]
    assert scottish.loc[scottish["crime_type"] == "ROBBERY", "count"].sum() == robbery
    assert scottish["count"].sum() < raw[raw["Age"] == "All"].groupby("Crime Type")["Convictions"].sum().max()


def test_nothing_is_known_before_it_was_published(london_tables: ForceTables) -> None:
    evidence = london_tables.age_evidence
    assert (evidence["known_from"] > evidence["last_month"]).all()
    newest = evidence[evidence["source"] == ARRESTS]["known_from"].max()
    assert newest == pd.Timestamp("2019-05-01")


def test_an_extract_is_counted_by_borough_and_year(simulated_tables: ForceTables) -> None:
    evidence, months = simulated_tables.age_evidence, simulated_tables.offences["month"]
    spans = evidence[["first_month", "last_month", "known_from"]].drop_duplicates().sort_values("first_month")
    assert spans["last_month"].tolist() == [months.max() - pd.DateOffset(years=1), months.max()]
    assert (spans["first_month"] + pd.DateOffset(months=11) == spans["last_month"]).all()
    assert (spans["known_from"] == spans["last_month"] + pd.offsets.MonthEnd(0)).all()
    assert set(evidence["borough_code"]) - {""} == set(simulated_tables.areas["borough_code"])
    assert set(evidence["source"]) == {RECORD_LEVEL_EXTRACT}


def test_stops_are_read_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "police_uk").mkdir()
    rows = {
        "file_month": "2024-01",
        "age_range": ["10-17", "18-24", "25-34", "over 34", None, "18-24"],
        "object_of_search": "Controlled drugs",
        "outcome": ["Arrest"] * 5 + ["A no further action disposal"],
    }
    pd.DataFrame(rows).to_parquet(tmp_path / "police_uk" / "stop_search_here_202401.parquet")
    catalogue = load_catalogue()
    folder = DataFolder(tmp_path, catalogue, catalogue.force)
    assert read_age_evidence(folder, no_rows(AGE_EVIDENCE))[0].empty
    evidence, quarantine = read_age_evidence(folder, no_rows(AGE_EVIDENCE), stops=True)
    assert evidence["count"].tolist() == [1, 1, 1, 1]
    assert set(evidence["source"]) == {STOPS_ENDING_IN_ARREST}
    assert quarantine["count"].sum() == 1


def test_arrests_are_counted_by_band_and_unknown_ages_reported(tmp_path: Path) -> None:
    evidence, quarantine = arrests_of(ARRESTS_ROWS, tmp_path)
    assert evidence.set_index("age_low")["count"].to_dict() == {0: 0, 10: 1873, 18: 601, 21: 1282}
    assert quarantine["count"].tolist() == [2]


@pytest.mark.parametrize(
    ("change", "problem", "value"),
    [
        ({"arrests": [-5, 601, 1282, 0, 2]}, "whole number of at least zero", "-5"),
        ({"arrests": [1.5, 601, 1282, 0, 2]}, "whole number", "1.5"),
        ({"offence_group": "Piracy"}, "unknown group", "Piracy"),
        ({"financial_year": "2017"}, "financial year", "2017"),
        ({"financial_year": "2017/81"}, "financial year", "2017/81"),
        ({"financial_year": "20\u0661\u0667/18"}, "financial year", "20\u0661\u0667/18"),
        ({"age_group": ["10 - 17 years", "17 - 20 years", "21 years and over", "0-9", "?"]}, "no band", "?"),
        ({"age_group": ["10-17", "17-20", "21 years and over", "0-9", "Unknown"]}, "overlap", "10-17 and 17-20"),
        ({"age_group": ["10-16", "18-20", "21 years and over", "0-9", "Unknown"]}, "missing", "10-16 and 18-20"),
        ({"age_group": ["10-17", "18-20", "21-130", "0-9", "Unknown"]}, "0 to 120", "21-130"),
        ({"age_group": ["10-17", "18-20", "21+", "-3-9", "Unknown"]}, "0 to 120", "-3-9"),
        ({"age_group": "10 - 17 years"}, "repeat", None),
    ],
)
def test_bad_arrests_are_refused(tmp_path: Path, change: dict[str, object], problem: str, value: str | None) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        arrests_of(ARRESTS_ROWS.assign(**change), tmp_path)
    assert value is None or refused.value.value == value


def test_a_month_without_homicides_is_zero_not_absent(tmp_path: Path) -> None:
    rows = {"Count of Victims": 1, "Age Group": ["0 to 12", "13 and over"], "Recorded Date": ["Jan-20", "Mar-20"]}
    pd.DataFrame(rows).to_csv(tmp_path / "victims.csv", index=False)
    evidence, _ = read_homicide_victims(tmp_path / "victims.csv")
    assert evidence.groupby("first_month")["count"].sum().tolist() == [1, 0, 1]


def test_a_month_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    rows = {"Count of Victims": 1, "Age Group": "0 and over", "Recorded Date": ["Jan-20", "20th of May"]}
    pd.DataFrame(rows).to_csv(tmp_path / "victims.csv", index=False)
    with pytest.raises(InputError, match="month cannot be told") as refused:
        read_homicide_victims(tmp_path / "victims.csv")
    assert refused.value.row == "3"


def test_other_sheets_of_victims_are_not_added(tmp_path: Path) -> None:
    rows = {
        "sheet": ["Victim count by age group", "Victim count by ethnic group"],
        "age_group": ["Aged 10+", None],
        "count": [5, 5],
        "recorded_date_months": pd.Timestamp("2024-01-01"),
    }
    table = pd.DataFrame(rows)
    table.to_parquet(tmp_path / "vawg.parquet")
    assert read_vawg_victims(tmp_path / "vawg.parquet")[0]["count"].sum() == 5
    table.iloc[1:].to_parquet(tmp_path / "vawg.parquet")
    with pytest.raises(InputError, match="no rows of the sheet"):
        read_vawg_victims(tmp_path / "vawg.parquet")


def test_an_unknown_group_in_custody_is_refused(tmp_path: Path) -> None:
    rows = {
        "offence_group": ["Assault", "Witchcraft"],
        "age_group": ["Adult", "Child"],
        "offence_count": 3,
        "current_disposal_year": 2024,
        "current_disposal_month": 5,
    }
    pd.DataFrame(rows).to_parquet(tmp_path / "custody.parquet")
    with pytest.raises(InputError, match="unknown group") as refused:
        read_custody_disposals(tmp_path / "custody.parquet")
    assert refused.value.value == "Witchcraft"


def test_a_hole_in_scottish_ages_is_refused(tmp_path: Path) -> None:
    rows = {"Age": ["20", "22", "90+"], "Crime Type": "Robbery", "Year": 2018, "Convictions": 1.0}
    pd.DataFrame(rows).to_parquet(tmp_path / "convictions.parquet")
    with pytest.raises(InputError, match="missing"):
        read_scottish_convictions(tmp_path / "convictions.parquet")


@pytest.mark.parametrize("year", [0, 99_999, 2_500])
def test_convictions_of_no_possible_year_are_refused(tmp_path: Path, year: int) -> None:
    rows = {"Age": ["20", "21+"], "Crime Type": "Robbery", "Year": year, "Convictions": 1.0}
    pd.DataFrame(rows).to_parquet(tmp_path / "convictions.parquet")
    with pytest.raises(InputError, match="month cannot be told") as refused:
        read_scottish_convictions(tmp_path / "convictions.parquet")
    assert refused.value.column == "Year"


@pytest.mark.parametrize("month", ["2024-13", "soon", "9999-01"])
def test_stops_of_no_month_are_refused(tmp_path: Path, month: str) -> None:
    rows = {"file_month": month, "age_range": ["over 17"], "object_of_search": "Controlled drugs", "outcome": "Arrest"}
    pd.DataFrame(rows).to_parquet(tmp_path / "stops.parquet")
    with pytest.raises(InputError, match="month cannot be told"):
        read_stops_ending_in_arrest(tmp_path / "stops.parquet")
