"""Wide files of recorded crime: real excerpts, whole and spoilt."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.crime.crime_types import crosswalk_of, read_crime_vocabulary
from sources.crime.mps_crime import read_wide
from sources.crime.wide_counts import area_key, to_offences, totals_by_area
from sources.files.errors import InputError

HEATHROW = "E05013570"
WARDS = [HEATHROW, "E05009317", "E05013794"]
CODES = {area_key(code): code for code in WARDS}
CURRENT = crosswalk_of(read_crime_vocabulary(), "current_33")
RESIDENTIAL = ["DOMESTIC BURGLARY", "RES BURGLARY OF A HOME", "RES BURGLARY OF UNCONNECTED BUILDING"]


def as_text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def historical(london: Path) -> pd.DataFrame:
    """Three wards of the historical file, its last 30 months, as text."""
    whole = as_text(london / "mps_recorded_crime" / "ward22_historical_201004_202402.csv.gz")
    some = whole[whole["wardcode"].isin(WARDS)]
    return some[[*some.columns[:5], *some.columns[-30:]]].reset_index(drop=True)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[pd.DataFrame], Path]:
    def written(table: pd.DataFrame) -> Path:
        path = tmp_path / "crime.csv"
        table.to_csv(path, index=False)
        return path

    return written


def cell_changed(table: pd.DataFrame, row: int, column: str, value: str) -> pd.DataFrame:
    """Return the table with one cell changed; row is the line of the file."""
    changed = table.copy()
    changed.loc[row - 2, column] = value
    return changed


@pytest.mark.unit
def test_counts_are_those_of_the_file(historical: pd.DataFrame, write: Callable[..., Path]) -> None:
    offences, quarantine = to_offences(read_wide(write(historical)), CURRENT, CODES)
    months = historical.columns[5:]
    kept = historical[historical["minortext"] != "FRAUD AND FORGERY"]
    assert offences["count"].sum() == kept[months].astype(int).to_numpy().sum()
    assert (offences["count"] > 0).all()
    ward = historical[(historical["wardcode"] == WARDS[1]) & historical["minortext"].isin(RESIDENTIAL)]
    burglary = offences.query("area_code == @WARDS[1] and crime_type == 'RESIDENTIAL BURGLARY'")
    expected = ward[months].astype(int).sum()
    read = burglary.set_index(burglary["month"].dt.strftime("%Y%m"))["count"].reindex(months, fill_value=0)
    assert read.tolist() == expected.tolist()
    fraud = historical.loc[historical["minortext"] == "FRAUD AND FORGERY", months].astype(int).to_numpy().sum()
    assert quarantine["count"].sum() == fraud


@pytest.mark.unit
def test_a_ward_policed_apart_is_the_sum_of_its_parts(historical: pd.DataFrame, write: Callable[..., Path]) -> None:
    heathrow = historical[historical["wardcode"] == HEATHROW]
    assert heathrow["lookup_boroughname"].nunique() == 2
    wide = read_wide(write(historical))
    total = totals_by_area(wide, CURRENT).loc[HEATHROW]
    kept = heathrow[~heathrow["minortext"].isin(["FRAUD AND FORGERY", "NFIB"])]
    assert total.tolist() == kept.iloc[:, 5:].astype(int).sum().tolist()


@pytest.mark.unit
@given(st.randoms(use_true_random=False), st.sampled_from([str.upper, str.lower, str.title]))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_and_case_do_not_matter(historical: pd.DataFrame, write: Callable, random, case: Callable) -> None:
    expected, _ = to_offences(read_wide(write(historical)), CURRENT, CODES)
    columns = list(historical.columns)
    random.shuffle(columns)
    shuffled = historical.sample(frac=1, random_state=random.randrange(1000))[columns]
    shuffled = shuffled.assign(
        minortext=shuffled["minortext"].map(case).str.replace(" ", "  "),
        majortext=shuffled["majortext"].map(case),
    ).rename(columns=case)
    read, _ = to_offences(read_wide(write(shuffled)), CURRENT, CODES)
    pd.testing.assert_frame_equal(read, expected)


@pytest.mark.unit
def test_gzip_and_byte_order_mark_are_read(historical: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "crime.csv.gz"
    path.write_bytes(gzip.compress(historical.to_csv(index=False).encode("utf-8-sig")))
    assert read_wide(path).counts.shape == (len(historical), 30)


@pytest.mark.unit
def test_a_stub_is_left_out_and_nothing_else(historical: pd.DataFrame, write: Callable[..., Path]) -> None:
    first = historical.columns[5]
    stub = historical.assign(**{first: "0"})
    stub.loc[0, first] = "4"
    wide, whole = read_wide(write(stub)), read_wide(write(historical))
    assert list(wide.months) == list(whole.months[1:])
    assert np.array_equal(wide.counts, whole.counts[:, 1:])
    assert wide.quarantine[["row", "count"]].to_numpy().tolist() == [[f"column {first}", 4]]


BAD_CELLS = [
    (7, "202311", "-1", "least zero"),
    (9, "202311", "2.5", "whole number"),
    (9, "202402", "many", "whole number"),
    (12, "202210", "", "whole number"),
    (12, "202210", "9999999999", "more than 1,000,000,000"),
    (12, "202210", "99999999999999999999", "more than 1,000,000,000"),
    (5, "wardcode", "", "identifier is empty"),
    (6, "minortext", " ", "identifier is empty"),
]


@pytest.mark.unit
@pytest.mark.parametrize(("row", "column", "value", "problem"), BAD_CELLS)
def test_a_bad_cell_is_named(
    historical: pd.DataFrame, write: Callable[..., Path], row: int, column: str, value: str, problem: str
) -> None:
    path = write(cell_changed(historical, row, column, value))
    with pytest.raises(InputError, match=problem) as caught:
        read_wide(path)
    assert (caught.value.file, caught.value.row, caught.value.column) == (path, row, column)


BAD_TABLES = {
    "missing identifier": (
        lambda table: table.drop(columns="minortext"),
        "identifier column is missing",
        "minortext",
    ),
    "missing area": (
        lambda table: table.drop(columns="wardcode"),
        "identifier column is missing",
        "wardcode",
    ),
    "no month": (lambda table: table.iloc[:, :5], "no month column", None),
    "month 13": (lambda table: table.rename(columns={"202402": "202313"}), "not a month", "202313"),
    "missing month": (lambda table: table.drop(columns="202310"), "are missing", "202310"),
    "the same row twice": (lambda table: pd.concat([table, table.iloc[[40]]]), "repeat", "wardcode"),
    "hollow month": (lambda table: table.assign(**{"202310": "0"}), "under a twentieth", "202310"),
    "no rows": (lambda table: table.iloc[:0], "no row", None),
}


@pytest.mark.unit
@pytest.mark.parametrize("fault", BAD_TABLES)
def test_a_spoilt_table_is_refused(historical: pd.DataFrame, write: Callable[..., Path], fault: str) -> None:
    spoil, problem, place = BAD_TABLES[fault]
    path = write(spoil(historical))
    with pytest.raises(InputError, match=problem) as caught:
        read_wide(path)
    assert str(path) in str(caught.value)
    assert "What to do" in str(caught.value)
    assert place is None or place in str(caught.value)


@pytest.mark.unit
def test_a_repeated_month_column_is_refused(historical: pd.DataFrame, write: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="same name") as caught:
        read_wide(write(historical.rename(columns={"202401": "202402"})))
    assert caught.value.column == "202402"


@pytest.mark.unit
@pytest.mark.parametrize("name", ["202402.1", "2024-02", "202402 (revised)", "20240201"])
def test_a_month_under_another_name_is_not_passed_over(
    historical: pd.DataFrame, write: Callable[..., Path], name: str
) -> None:
    with pytest.raises(InputError, match=r"not a month.*row 1") as caught:
        read_wide(write(historical.assign(**{name: historical["202402"]})))
    assert caught.value.column == name


@pytest.mark.unit
@pytest.mark.parametrize("name", ["MinorText", "WARDCODE", "Lookup_BoroughName"])
def test_identifiers_that_differ_in_case_only_are_refused(
    historical: pd.DataFrame, write: Callable[..., Path], name: str
) -> None:
    with pytest.raises(InputError, match="capitals") as caught:
        read_wide(write(historical.assign(**{name: "X"})))
    assert caught.value.column == name


def spoilt_bytes(historical: pd.DataFrame) -> dict[str, bytes]:
    text = historical.to_csv(index=False)
    return {
        "empty": b"",
        "truncated gzip": gzip.compress(text.encode())[:-200],
        "wrong encoding": text.replace("Heathrow Villages", "Heathrow Vill\u00e0ges").encode("latin-1"),
        "two-byte encoding": text.encode("utf-16"),
        "web page": b"<!DOCTYPE html>\n<html><body>Not found</body></html>\n",
        "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xfe\x9d",
        "cut in the middle of a row": text[: len(text) // 2].rsplit(",", 3)[0].encode(),
    }


@pytest.mark.unit
@pytest.mark.parametrize(
    "fault",
    [
        "empty",
        "truncated gzip",
        "wrong encoding",
        "two-byte encoding",
        "web page",
        "pointer",
        "workbook",
        "cut in the middle of a row",
    ],
)
def test_a_spoilt_file_is_refused(historical: pd.DataFrame, tmp_path: Path, fault: str) -> None:
    path = tmp_path / "crime.csv.gz"
    path.write_bytes(spoilt_bytes(historical)[fault])
    with pytest.raises(InputError, match=r"crime\.csv\.gz"):
        read_wide(path)


@pytest.mark.unit
def test_an_unknown_ward_is_named(historical: pd.DataFrame, write: Callable[..., Path]) -> None:
    wide = read_wide(write(cell_changed(historical, 60, "wardcode", "E05099999")))
    with pytest.raises(InputError, match="E05099999") as caught:
        to_offences(wide, CURRENT, CODES)
    assert (caught.value.row, caught.value.column) == (60, "wardcode")


@pytest.mark.integration
@pytest.mark.parametrize(
    ("name", "level", "areas", "months", "stub"),
    [
        ("ward22_historical_201004_202402", "ward", 679, 167, 0),
        ("ward22_recent_with_stub_202402_202503", "ward", 679, 13, 40),
        ("ward18_snapshot_202009_202208", "ward", 632, 24, 0),
        ("borough_historical_201004_202402", "borough", 34, 167, 0),
        ("lsoa21_recent_202402_202503", "lsoa", 4988, 13, 39),
    ],
)
def test_real_files_are_read_whole(london: Path, name: str, level: str, areas: int, months: int, stub: int) -> None:
    path = london / "mps_recorded_crime" / f"{name}.csv.gz"
    wide, text = read_wide(path), as_text(path)
    columns = [column for column in text.columns if column.isdigit()]
    assert (wide.level, wide.rows["area"].nunique(), len(wide.months)) == (level, areas, months)
    assert wide.quarantine["count"].sum() == stub
    assert wide.counts.sum() + stub == text[columns].astype(int).to_numpy().sum()


@pytest.mark.unit
@pytest.mark.parametrize("count", ["0x1f", "\u0661", "\u00b2"])
def test_only_decimal_numbers_are_counts(historical: pd.DataFrame, write: Callable[..., Path], count: str) -> None:
    with pytest.raises(InputError, match="whole number") as caught:
        read_wide(write(cell_changed(historical, 5, "202401", count)))
    assert (caught.value.row, caught.value.column, caught.value.value) == (5, "202401", count)


@pytest.mark.unit
@pytest.mark.parametrize("month", ["000001", "999912", "\u0662\u0660\u0662\u066401"])
def test_months_of_no_calendar_are_refused(historical: pd.DataFrame, write: Callable[..., Path], month: str) -> None:
    with pytest.raises(InputError, match="is not a month") as caught:
        read_wide(write(historical.rename(columns={"202401": month})))
    assert caught.value.column == month
