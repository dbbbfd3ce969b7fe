from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.files.missing_words import MISSING_WORDS
from sources.files.reading import numbers, read_polygons, read_table, refuse_repeats

pytestmark = pytest.mark.unit

SQUARE = {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 52], [0, 51]]]}


def written(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def features(*geometries: object) -> str:
    each = [{"type": "Feature", "properties": {"WD24CD": "E1"}, "geometry": shape} for shape in geometries]
    return json.dumps({"type": "FeatureCollection", "features": each})


def test_rows_are_text_and_keep_their_number_in_the_file(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "\ufeffcode, count \n007,1\n\nNA,2\n"), ["code", "count"])
    assert table.index.tolist() == [2, 4]
    assert table["code"].tolist() == ["007", ""]


def test_gzip_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    packed = gzip.compress(b"code\nE1\n")
    assert len(read_table(written(tmp_path, packed, "a.csv"))) == 1
    assert len(read_table(written(tmp_path, "code\nE1\n", "a.csv.gz"))) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (gzip.compress(bytes(range(256)) * 40)[:-9], "cut short"),
        (b"\x1f\x8b\x08\x00nonsense", "damaged"),
        (b"code,count\n", "no rows"),
        (b"code\nE1\n", "column count"),
        (b"code,count,count\nE1,1,2\n", "same name"),
        (b"code,count,Count\nE1,1,2\n", "same name.*row 1, column Count"),
        (b"code,count\nE1,1,2\n", "line 2"),
        (b"code,count\nE1,1\nE1,1,2\n", "line 3"),
        (b'code,count\nE1,"1\n', "cannot be read as CSV"),
        ("code,count\nCaf\xe9,1\n".encode("latin-1"), "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        (b"<!doctype html><title>Sign in</title>", "lacks a column"),
        (b"\ncode,count\nE1,1\n", "first line names 0 columns"),
        (b"\xef\xbb\xbf\n", "first line names 0 columns"),
        (b"code,count\nE1,1\x002\n", "not UTF-8 text.*row 2"),
        (b"code,count\nE1,1\nE2\n", "row has 1 cells.*row 3"),
        (b'code,count\n"E1,1\nE2",2\n', "cell of several lines.*row 2"),
        (b'code,count\n"E1"2,3\n', "cannot be read as CSV"),
        (b'code,count\n"' + b"x" * 200_000 + b'",1\n', "cannot be read as CSV"),
        (b"code," * 2_001, "first line names 2002 columns"),
        (b"c" * 1_000 + (b"," + b"c" * 1_000) * 1_100 + b"\nE1,1\n", "first line names"),
        (b",".join(b"c%d" % place for place in range(2_000)) + b"\n1" * 25_001, "holds more than"),
    ],
)
def test_unusable_files_are_refused_with_the_reason(tmp_path: Path, content: bytes, says: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InputError, match=says) as caught:
        read_table(path, ["code", "count"])
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_a_limit_that_another_library_moved_is_our_own_again(tmp_path: Path) -> None:
    csv.field_size_limit(10**9)
    with pytest.raises(InputError, match="cannot be read as CSV"):
        read_table(written(tmp_path, b'code,count\n"' + b"x" * 200_000 + b'",1\n'), ["code", "count"])


def test_a_byte_that_is_no_text_is_found_far_down(tmp_path: Path) -> None:
    rows = b"E05000001,1\n" * 60_000
    with pytest.raises(InputError, match="UTF-8") as caught:
        read_table(written(tmp_path, b"\xef\xbb\xbfcode,count\n" + rows + b"Caf\xe9,2\n"))
    assert (caught.value.row, caught.value.value) == (60_002, b"\xe9,2\n")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file"):
        read_table(tmp_path / "absent.csv")
    with pytest.raises(InputError, match=r"cannot be opened"):
        read_table(tmp_path)


def test_parquet_keeps_its_types_and_damage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pd.DataFrame({"count": [5, 6]}, index=[9, 9]).to_parquet(path)
    assert read_table(path, ["count"]).to_dict() == {"count": {1: 5, 2: 6}}
    for content in (path.read_bytes()[:-20], b"count\n5\n"):
        with pytest.raises(InputError, match=r"not Parquet"):
            read_table(written(tmp_path, content, "damaged.parquet"))


@pytest.mark.parametrize(
    "cell", ["", "n/a", "-1", "inf", "nan", "1e10", "99999999999999999999", "1.5", "True", "1,200", "1 2"]
)
def test_a_wrong_count_is_named_by_row_and_column(tmp_path: Path, cell: str) -> None:
    table = read_table(written(tmp_path, f'code,count,other\nE1,7,8\nE2,"{cell}",9\n'))
    with pytest.raises(InputError) as caught:
        numbers(table, ["other", "count"], Path("file.csv"), whole=True)
    assert (caught.value.row, caught.value.column, caught.value.value) == (
        3,
        "count",
        "" if cell in MISSING_WORDS else cell,
    )


def test_signs_and_fractions_are_allowed_where_they_are_meant() -> None:
    table = pd.DataFrame({"score": ["-1.5", "2"]}, index=[2, 3])
    assert numbers(table, ["score"], Path("a"), negative=True)["score"].tolist() == [-1.5, 2.0]


def test_the_later_of_two_equal_rows_is_named() -> None:
    table = pd.DataFrame({"ward": ["a", "b", "a"], "year": [1, 1, 1]}, index=[2, 3, 5])
    with pytest.raises(InputError, match=r"row 5.*'a, 1'"):
        refuse_repeats(table, ["ward", "year"], Path("file.csv"))
    refuse_repeats(table.assign(year=[1, 1, 2]), ["ward", "year"], Path("file.csv"))


def test_polygons_are_read_in_degrees(tmp_path: Path) -> None:
    for name, content in (
        ("a.geojson", features(SQUARE).encode()),
        ("a.gz", gzip.compress(features(SQUARE).encode())),
    ):
        shapes = read_polygons(written(tmp_path, content, name))
        assert shapes.crs == "EPSG:4326"
        assert shapes.total_bounds.tolist() == [0, 51, 1, 52]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        (features(SQUARE)[:-9], "not GeoJSON"),
        ("WD24CD,geometry\nE1,x\n", "not GeoJSON"),
        ('{"type": "Topology"}', "no shapes|not GeoJSON"),
        (features(), "no shapes"),
        (features(SQUARE, None), "feature 2"),
        (features({"type": "Point", "coordinates": [0, 51]}), "feature 1.*Point"),
        (features(SQUARE).replace("51", "180000"), "degrees"),
        (features(SQUARE).replace("51", "NaN"), "degrees|not GeoJSON"),
        (features(SQUARE).replace("51]]", "51.5]]"), "not GeoJSON"),
        (json.dumps(json.loads(features(SQUARE))["features"][0]), "not GeoJSON"),
        (json.dumps(SQUARE), "not GeoJSON"),
        (
            features(SQUARE).replace(
                "{", '{"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/"}}, ', 1
            ),
            "not",
        ),
        (features(SQUARE).replace("{", '{"crs": [], ', 1), "not GeoJSON"),
        ("[" * 100_000, "not GeoJSON"),
    ],
)
def test_unusable_boundaries_are_refused_with_the_reason(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_polygons(written(tmp_path, content, "a.geojson"))
