"""A force's own streams: the contract of `streams.toml`, the long table, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.streams.entries import read_entries
from sources.streams.read_streams import KNOWN_STREAMS, load_stream
from sources.streams.tables import Stream

pytestmark = pytest.mark.unit

AREAS = pd.DataFrame(
    {
        "ward_code": ["E05000001", "E05000002"],
        "borough_code": "E09000001",
        "borough_name": "Eastham",
        "force_code": "E23000001",
    }
)
ENTRY = {
    "name": "calls",
    "title": "Calls",
    "category": "public",
    "unit": "calls",
    "kind": "count",
    "areas": "ward",
    "period": "month",
    "file": "calls.csv",
    "publisher": "Us",
    "licence": "None",
    "finest_open_level": "borough",
}
ROWS = ["E05000001,2024-01,5", "E05000002,2024-01,0", "E05000001,2024-02,7", "E23000001,2024-02,1"]


def stream(folder: Path, rows: Sequence[str] = ROWS, header: str = "area_code,month,value", **entry: object) -> Stream:
    fields = ENTRY | entry
    lines = [f'{name} = "{value}"' for name, value in fields.items() if isinstance(value, str)]
    lines += [
        "sensitive = false",
        *(f"{name} = {value[0]}" for name, value in fields.items() if isinstance(value, list)),
    ]
    (folder / "streams.toml").write_text("\n".join(["[[stream]]", *lines]))
    (folder / "calls.csv").write_text("\n".join([header, *rows]) + "\n")
    return load_stream(folder / "streams.toml", str(fields["name"]), AREAS)


def test_a_long_table_is_read_whole(tmp_path: Path) -> None:
    calls = stream(tmp_path)
    assert calls.total == 13
    assert list(calls.periods) == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")]
    assert calls.series == ["all"]


def test_weeks_and_days_begin_on_their_first_day(tmp_path: Path) -> None:
    weeks = stream(
        tmp_path, ["E05000001,2024-01-01,5", "E05000001,2024-01-08,4"], "area_code,week,value", period="week"
    )
    assert len(weeks.periods) == 2
    with pytest.raises(InputError, match="first day of one"):
        stream(tmp_path, ["E05000001,2024-01-01,5", "E05000001,2024-01-10,4"], "area_code,week,value", period="week")


def test_a_quiet_day_is_none_and_a_lost_one_is_refused(tmp_path: Path) -> None:
    header = "area_code,day,value"
    quiet = stream(tmp_path, ["E05000001,2024-01-01,1", "E05000001,2024-01-04,1"], header, period="day")
    assert len(quiet.periods) == 4
    with pytest.raises(InputError, match="day between"):
        stream(tmp_path, ["E05000001,2024-01-01,90", "E05000001,2024-01-04,90"], header, period="day")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([*ROWS, "E05000009,2024-02,1"], "no ward of the force"),
        ([*ROWS, "E05000001,2024-02,1"], "repeat"),
        ([*ROWS, "E05000002,2024-02,1.5"], "whole number"),
        ([*ROWS, "E05000002,2024-02,-1"], "whole number of at least zero"),
        ([*ROWS, "E05000002,2024-02,"], "whole number"),
        ([*ROWS, "E05000002,2024-13,1"], "month cannot be told"),
        ([*ROWS, ",2024-02,1"], "is empty"),
        ([*ROWS, "E05000002,2024-04,1"], "month between"),
    ],
)
def test_a_bad_row_is_refused_by_file_row_and_remedy(tmp_path: Path, rows: list[str], problem: str) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        stream(tmp_path, rows)
    assert refused.value.file is not None
    assert refused.value.remedy


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column that is not known"):
        stream(tmp_path, ["E05000001,2024-01,5,a"], "area_code,month,value,remark")


@pytest.mark.parametrize(
    "entry",
    [
        {"category": "private"},
        {"kind": "number"},
        {"name": "Calls of ours"},
        {"colour": "red"},
        {"file": "../calls.csv"},
        {"licence": ""},
        {"period": "year"},
        {"within": ['{ a = "b" }']},
        {"series": "nested", "within": ['{ a = "b", b = "a" }']},
    ],
    ids=str,
)
def test_an_entry_that_breaks_the_contract_is_refused(tmp_path: Path, entry: dict[str, object]) -> None:
    with pytest.raises(InputError, match="entry of a stream") as refused:
        stream(tmp_path, **entry)
    assert refused.value.column


def test_an_amount_may_have_fractions_and_a_month_set_aside_is_counted_apart(tmp_path: Path) -> None:
    amount = stream(
        tmp_path,
        ["E05000001,2024-01,5.5", "E05000001,2024-02,0.1", "E05000001,2024-03,6"],
        kind="amount",
        set_aside=['{ "2024-02" = "The system was down" }'],
    )
    assert amount.total == 11.5
    assert list(amount.unknown_periods) == [pd.Timestamp("2024-02-01")]


def test_nested_series_are_counted_once(tmp_path: Path) -> None:
    header = "area_code,month,value,series"
    rows = ["E05000001,2024-01,5,knife", "E05000001,2024-01,2,injury"]
    nested = stream(tmp_path, rows, header, series="nested", within=['{ injury = "knife" }'])
    assert nested.total == 5
    with pytest.raises(InputError, match="lies in no other"):
        stream(tmp_path, [*rows, "E05000001,2024-01,1,gun"], header, series="nested", within=['{ injury = "knife" }'])
    with pytest.raises(InputError, match="does not have"):
        stream(tmp_path, rows[:1], header, series="nested", within=['{ injury = "knife" }'])


def test_the_streams_that_wardcast_knows_keep_the_contract() -> None:
    known = read_entries(KNOWN_STREAMS)
    assert {entry.category for entry in known} >= {"public", "internal"}
    assert all(entry.dataset for entry in known)
