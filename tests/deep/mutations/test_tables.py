"""Properties of every reader of a table: cells, columns and types of the publishers' tables are changed at will.

What is read is what an independent count finds in the same file, or the file is refused in words.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deep.mutations.damage import FAULT, judged
from tests.deep.mutations.excerpts import write_excerpts
from tests.deep.mutations.publishers import CASES, Case
from tests.deep.mutations.recounts import text_of

pytestmark = pytest.mark.integration

OF_TEXT = [case for case in CASES if ".csv" in case.file]
OF_PARQUET = [case for case in CASES if case.file.endswith(".parquet")]
AT_EACH = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

CELLS = st.one_of(
    st.integers(-5, 10**12).map(str),
    st.floats().map(str),
    st.text(max_size=8),
    st.sampled_from(
        ["", " ", "0x1f", "1e3", "1e-400", "202413", "2024-02-30", "90+", "9" * 5_000, "Unknown", "\ufeff", "-0"]
    ),
)
EDITS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40), CELLS), min_size=1, max_size=4)
VALUES = st.sampled_from(
    [
        pa.array([1, None]),
        pa.array([-1, 7]),
        pa.array([1.5, float("nan")]),
        pa.array([10**18, 1]),
        pa.array(["x", None]),
        pa.array(["2024-01", "9999-01"]),
        pa.array([b"\xff", b""]),
        pa.array([[1], []]),
        pa.array([True, None]),
        pa.array([None, None]),
        pa.array([2**62, -(2**62)], pa.timestamp("us")),
        pa.array([0, 1], pa.duration("s")),
        pa.array(["a", "b"]).dictionary_encode(),
    ]
)


@pytest.fixture(scope="module")
def excerpts(london: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The undamaged excerpts."""
    return write_excerpts(london, tmp_path_factory.mktemp("tables"))


def assert_no_fault(case: Case, content: bytes, excerpts: Path, folder: Path) -> None:
    file = folder / case.file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    ended, said = judged(case, file, excerpts / case.corpus)
    assert ended != FAULT, f"{case.name}: {said}"


@AT_EACH
@given(case=st.sampled_from(OF_TEXT), edits=EDITS, turned=st.booleans())
def test_cells_of_csv_files(excerpts: Path, tmp_path: Path, case: Case, edits: list, turned: bool) -> None:
    rows = list(csv.reader(io.StringIO(text_of(excerpts / case.corpus / case.file), newline="")))
    for row, column, cell in edits:
        rows[row % len(rows)][column % len(rows[0])] = cell
    written = io.StringIO(newline="")
    csv.writer(written).writerows([row[::-1] for row in rows] if turned else rows)
    content = written.getvalue().encode("utf-8", "surrogatepass")
    assert_no_fault(case, gzip.compress(content) if case.file.endswith(".gz") else content, excerpts, tmp_path)


@AT_EACH
@given(case=st.sampled_from(OF_PARQUET), column=st.integers(0, 100), values=VALUES)
def test_columns_of_parquet_files(excerpts: Path, tmp_path: Path, case: Case, column: int, values: pa.Array) -> None:
    table = pq.read_table(excerpts / case.corpus / case.file)
    place = column % table.num_columns
    repeated = values.take(pa.array([row % len(values) for row in range(table.num_rows)]))
    written = io.BytesIO()
    pq.write_table(table.set_column(place, table.column_names[place], repeated), written)
    assert_no_fault(case, written.getvalue(), excerpts, tmp_path)
