"""The record-level extract: real counts written out as records are counted back to the same tables."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources.crime.crime_types import crosswalk_of, read_crime_vocabulary
from sources.crime.incidents import COLUMNS, IncidentTables, read_incidents
from sources.crime.mps_crime import read_wide
from sources.crime.wide_counts import area_key, to_offences
from sources.files.errors import InputError

FORCE = "E23000001"
WARDS = ["E05009317", "E05009318"]
VOCABULARY = read_crime_vocabulary()
TODAY = date(2025, 6, 30)
AREAS = pd.DataFrame({"ward_code": WARDS, "borough_code": "E09000030"})


@pytest.fixture(scope="module")
def counts(london: Path) -> pd.DataFrame:
    """Real counts of two wards, 2024-02..2025-03: area_code, crime_type, month, count."""
    wide = read_wide(london / "mps_recorded_crime" / "ward22_recent_202402_202503.csv.gz")
    codes = {area_key(code): code for code in wide.rows["area"].cat.categories}
    offences, _ = to_offences(wide, crosswalk_of(VOCABULARY, "current_33"), codes)
    return offences[offences["area_code"].isin(WARDS)].reset_index(drop=True)


@pytest.fixture
def records(counts: pd.DataFrame) -> pd.DataFrame:
    """The same counts as an extract, one row an offence, every victim 30 years old and no suspect known."""
    rows = counts.loc[counts.index.repeat(counts["count"])].reset_index(drop=True)
    return pd.DataFrame(
        {
            "reference": "R" + rows.index.astype(str),
            "recorded_date": rows["month"].dt.strftime("%Y-%m-17"),
            "ward_code": rows["area_code"],
            "borough_code": "",
            "offence_type": rows["crime_type"],
            "victim_age": "30",
            "suspect_age": "",
        }
    )


def read(records: pd.DataFrame, folder: Path, name: str = "extract.csv") -> IncidentTables:
    path = folder / name
    records.to_parquet(path) if name.endswith("parquet") else records.to_csv(path, index=False)
    return read_incidents(path, AREAS, VOCABULARY, FORCE, TODAY)


def quarantine(tables: IncidentTables) -> dict[str, int]:
    return dict(zip(tables.quarantine["reason"], tables.quarantine["count"], strict=True))


@pytest.mark.integration
@pytest.mark.parametrize("name", ["extract.csv", "extract.csv.gz", "extract.parquet"])
def test_records_count_up_to_the_published_table(
    records: pd.DataFrame, counts: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    tables = read(records, tmp_path, name)
    key = ["ward_code", "crime_type", "month"]
    expected = counts.rename(columns={"area_code": "ward_code"}).sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(tables.offences.sort_values(key, ignore_index=True), expected)
    assert tables.unlocated_offences["count"].sum() == 0
    assert set(tables.unlocated_offences["area_code"]) == {FORCE}
    assert tables.borough_offences["count"].sum() == len(records) == tables.rows
    assert tables.quarantine.empty
    by_type = tables.age_evidence.groupby("crime_type")["count"].sum()
    assert by_type.to_dict() == counts.groupby("crime_type")["count"].sum().to_dict()
    assert (tables.age_evidence[["age_low", "age_high"]] == 30).all().all()
    assert set(tables.age_evidence["basis"]) == {"victim"}


@pytest.mark.integration
def test_no_reference_leaves(records: pd.DataFrame, tmp_path: Path) -> None:
    records["reference"] = "SECRET" + records["reference"]
    records.loc[5, "reference"] = records.loc[4, "reference"]
    tables = read(records, tmp_path)
    for table in vars(tables).values():
        assert "SECRET" not in (table.to_csv() if isinstance(table, pd.DataFrame) else str(table))


@pytest.mark.integration
def test_what_is_set_aside_is_counted(records: pd.DataFrame, tmp_path: Path) -> None:
    records.loc[1] = records.loc[0]
    records.loc[13, "reference"] = records.loc[0, "reference"]
    records.loc[13, "recorded_date"] = "2024-03-18"
    records.loc[[2, 3], "recorded_date"] = ["2024-02-30", "17/03/2024"]
    records.loc[4, "recorded_date"] = "2025-07-01"
    records.loc[5, "offence_type"] = "Fraud and Forgery"
    records.loc[[6, 7, 8, 9], "victim_age"] = ["-1", "121", "12.5", "adult"]
    records.loc[10, "suspect_age"] = "999"
    records.loc[11, "suspect_age"] = "16"
    records.loc[12, "ward_code"] = "E05999999"
    tables = read(records, tmp_path)
    assert quarantine(tables) == {
        "row left out: a reference that came before": 1,
        "row left out: a reference that came before, with another date, type or place": 1,
        "row left out: an impossible date": 2,
        "row left out: a date in the future": 1,
        "row left out: an excluded type (fraud)": 1,
        "victim_age is not a whole number from 0 to 120: age left out, offence counted": 4,
        "suspect_age is not a whole number from 0 to 120: age left out, offence counted": 1,
        "ward_code not in the table of areas: offence counted as one with no ward_code": 1,
    }
    assert tables.borough_offences["count"].sum() == len(records) - 6
    assert tables.offences["count"].sum() == len(records) - 7
    assert tables.unlocated_offences["count"].sum() == 1
    ages = tables.age_evidence.groupby("basis")["count"].sum()
    assert ages.to_dict() == {"victim": len(records) - 6 - 4, "suspect": 1}


@pytest.mark.integration
def test_a_month_that_is_not_whole_is_left_out(records: pd.DataFrame, tmp_path: Path) -> None:
    """Offences on every day from 3 February 2024 to 28 March 2025: both months at the ends lack days."""
    months = pd.to_datetime(records["recorded_date"].str[:7])
    days = months + pd.to_timedelta(records.index % months.dt.days_in_month.to_numpy(), unit="D")
    kept = records.assign(recorded_date=days.dt.strftime("%Y-%m-%d"))[days.between("2024-02-03", "2025-03-28")]
    tables = read(kept, tmp_path)
    assert tables.offences["month"].agg(["min", "max"]).tolist() == [pd.Timestamp("2024-03"), pd.Timestamp("2025-02")]
    by_month = kept["recorded_date"].str[:7].value_counts()
    reason = "row left out: a month whose first or last days have no record: all of it is left out"
    assert quarantine(tables) == {f"{reason} ({month})": by_month[month] for month in ("2024-02", "2025-03")}
    assert tables.age_evidence["count"].sum() == tables.borough_offences["count"].sum()


@pytest.mark.integration
def test_a_month_without_a_row_is_refused(records: pd.DataFrame, tmp_path: Path) -> None:
    gap = records["recorded_date"].str.startswith("2024-04")
    with pytest.raises(InputError, match=r"No offence was recorded in 2024-04") as caught:
        read(records[~gap], tmp_path)
    assert caught.value.column == "recorded_date"


@pytest.mark.integration
def test_a_slip_of_the_year_is_named(records: pd.DataFrame, tmp_path: Path) -> None:
    records.loc[70, "recorded_date"] = "2014-03-17"
    with pytest.raises(InputError, match=r"a slip") as caught:
        read(records, tmp_path)
    assert caught.value.row == 72
    assert "2014-03" not in str(caught.value)  # what stands in a record stays in its file


@pytest.mark.integration
def test_a_copy_of_an_extract_is_read_alike_whenever_it_was_made(records: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    records.to_csv(path, index=False)
    first = read_incidents(path, AREAS, VOCABULARY, FORCE, TODAY)
    os.utime(path, (0, 0))
    second = read_incidents(path, AREAS, VOCABULARY, FORCE, date(2030, 1, 1))
    for name, table in vars(first).items():
        assert table.equals(getattr(second, name)) if isinstance(table, pd.DataFrame) else table


@pytest.mark.integration
def test_offences_with_no_ward_go_to_their_borough_or_the_force(records: pd.DataFrame, tmp_path: Path) -> None:
    march = records.index[records["recorded_date"].str.startswith("2025-03")]
    records.loc[march[:7], "ward_code"] = ""
    records.loc[march[:5], "borough_code"] = "E09000030"
    table = read(records, tmp_path).unlocated_offences
    assert table.groupby("area_code")["count"].sum().to_dict() == {"E09000030": 5, FORCE: 2}
    published = table.groupby("area_code")["month"].nunique()
    assert published.to_dict() == {"E09000030": 1, FORCE: 14}


@pytest.mark.integration
def test_published_names_are_harmonised_whatever_their_case(records: pd.DataFrame, tmp_path: Path) -> None:
    burglary = records["offence_type"] == "RESIDENTIAL BURGLARY"
    renamed = records.assign(offence_type=records["offence_type"].mask(burglary, " Res burglary  of a home "))
    pd.testing.assert_frame_equal(read(renamed, tmp_path).offences, read(records, tmp_path).offences)


SPOILT = {
    "unknown type": ("offence_type", "DRAGON THEFT", "unknown offence type"),
    "empty reference": ("reference", "", "reference is empty"),
}


@pytest.mark.integration
@pytest.mark.parametrize("fault", SPOILT)
def test_a_bad_row_is_named(records: pd.DataFrame, tmp_path: Path, fault: str) -> None:
    column, value, problem = SPOILT[fault]
    records.loc[98, column] = value
    with pytest.raises(InputError, match=problem) as caught:
        read(records, tmp_path)
    assert (caught.value.row, caught.value.column) == (100, column)
    assert "DRAGON" not in str(caught.value)


@pytest.mark.integration
@pytest.mark.parametrize(("column", "code"), [("ward_code", "E05000026"), ("borough_code", "E09000099")])
def test_many_unknown_areas_are_refused(records: pd.DataFrame, tmp_path: Path, column: str, code: str) -> None:
    records.loc[: len(records) // 50, column] = code
    with pytest.raises(InputError, match="not in the table of areas") as caught:
        read(records, tmp_path)
    assert (caught.value.row, caught.value.column) == (2, column)
    assert code not in str(caught.value)


@pytest.mark.integration
@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(records: pd.DataFrame, tmp_path: Path, column: str) -> None:
    with pytest.raises(InputError) as caught:
        read(records.drop(columns=column), tmp_path)
    assert caught.value.column == column


@pytest.mark.integration
@pytest.mark.parametrize("day", ["31/03/2025", "2025-W13-1", "20250331", "2025-3-31", "March"])
def test_dates_of_another_form_are_refused(records: pd.DataFrame, tmp_path: Path, day: str) -> None:
    records["recorded_date"] = day
    with pytest.raises(InputError, match="impossible date"):
        read(records, tmp_path)


MANY = {
    "dates as a British spreadsheet writes them": ("recorded_date", "17/03/2024", "for an impossible date"),
    "dates of long ago": ("recorded_date", "1900-01-01", "for a date before 1990"),
    "dates to come": ("recorded_date", "2030-01-01", "for a date in the future"),
    "references that repeat": ("reference", "R0", "for a reference that came before, with another"),
    "ages in words": ("victim_age", "adult", "for ages that are no whole numbers"),
    "words for a missing date": ("recorded_date", "NULL", "for an impossible date"),
}


@pytest.mark.integration
@pytest.mark.parametrize("kind", MANY)
def test_what_is_wrong_in_many_rows_is_refused(records: pd.DataFrame, tmp_path: Path, kind: str) -> None:
    column, value, says = MANY[kind]
    few, many = len(records) // 200, len(records) // 50
    records.loc[101 : 100 + few, column] = value
    assert read(records, tmp_path).quarantine["count"].sum() == few
    records.loc[101 : 100 + many, column] = value
    with pytest.raises(InputError, match=f"{many:,} of {len(records):,} rows would be set aside {says}") as caught:
        read(records, tmp_path)
    assert (caught.value.row, caught.value.column) == (103, column)
    assert value not in caught.value.problem


@pytest.mark.integration
def test_rows_that_repeat_whole_change_no_total(records: pd.DataFrame, tmp_path: Path) -> None:
    twice = read(pd.concat([records, records]), tmp_path)
    pd.testing.assert_frame_equal(twice.offences, read(records, tmp_path).offences)


@pytest.mark.integration
@pytest.mark.parametrize("word", ["NA", "NULL", "-", "None"])
def test_a_word_for_missing_is_no_ward_and_no_age(records: pd.DataFrame, tmp_path: Path, word: str) -> None:
    records.loc[:50, ["ward_code", "victim_age"]] = word
    tables = read(records, tmp_path)
    assert tables.unlocated_offences["count"].sum() == 51
    assert tables.quarantine.empty
    records.loc[60, "reference"] = word
    with pytest.raises(InputError, match="reference is empty"):
        read(records, tmp_path)


@pytest.mark.integration
def test_a_last_month_that_is_named_leaves_later_ones_out(records: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    records.to_csv(path, index=False)
    tables = read_incidents(path, AREAS, VOCABULARY, FORCE, TODAY, date(2025, 1, 1))
    assert tables.offences["month"].max() == pd.Timestamp("2025-01")
    later = (records["recorded_date"] > "2025-02").sum()
    assert quarantine(tables) == {"row left out: after the last month that force.toml names": later}
