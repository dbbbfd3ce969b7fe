"""Packed columns: what the page reads is what was written, and the same columns are the same text."""

from __future__ import annotations

import base64
import gzip
import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from publication.atlas.columns import MISSING, Column, literal, script

pytestmark = pytest.mark.unit

whole = st.one_of(st.just(np.nan), st.integers(-(10**6), 10**6).map(float))
tables = arrays.arrays(float, st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 15)), elements=whole)


def unpacked(text: str) -> dict[str, np.ndarray]:
    """Read a script as `page/source/data/columns.ts` does."""
    columns, data = re.fullmatch(r'wardcast\.take\(".*?",(\[.*\]),"(.*)"\);\n', text).groups()
    content = gzip.decompress(base64.b64decode(data))
    found, start = {}, 0
    for told in json.loads(columns):
        size, width = int(np.prod(told["shape"])), told["width"]
        planes = np.frombuffer(content[start : start + size * width], np.uint8).reshape(width, size)
        steps = np.ascontiguousarray(planes.T).view(f"<i{width}").ravel().astype(float)
        start += size * width
        values = np.full(size, np.nan)
        for place in range(size):
            if steps[place] != MISSING[width]:
                late = told["stride"] and place % told["row"] >= told["stride"]
                values[place] = steps[place] + (np.nan_to_num(values[place - told["stride"]]) if late else 0)
        found[told["name"]] = values.reshape(told["shape"]) / told["divisor"]
    return found


@given(tables, st.booleans(), st.sampled_from([0, 1, 12]))
def test_a_column_comes_back_as_it_went(values: np.ndarray, rungs: bool, season: int) -> None:
    column = Column("one", values, rungs=rungs, season=0 if rungs else season)
    np.testing.assert_array_equal(unpacked(script("file", [column]))["one"], values)


def test_columns_lie_one_after_the_other_and_are_rounded_to_their_divisor() -> None:
    columns = [Column("a", np.array([[1.234, np.nan]]), 100), Column("b", np.arange(300.0).reshape(3, 100), rungs=True)]
    found = unpacked(script("file", columns))
    np.testing.assert_allclose(found["a"], [[1.23, np.nan]])
    np.testing.assert_array_equal(found["b"], columns[1].cells)
    assert script("file", columns) == script("file", columns)


def test_a_literal_opens_no_tag() -> None:
    name = "</script><b>&\u2028"
    assert not set("<>&\u2028") & set(literal(name))
    assert json.loads(literal(name)) == name
