"""Files made to do harm, read under the limits: bombs in every packing, links, names that lead out."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.files.errors import InputError
from sources.read_force import read_force
from tests.deep.mutations.damage import REFUSED, judged
from tests.deep.mutations.excerpts import STREET_ZIP, write_excerpts
from tests.deep.mutations.limits import MEMORY, largest_memory, limit_worker, one_mutation
from tests.deep.mutations.publishers import CASES

pytestmark = pytest.mark.integration

MONTH = "2024-09/2024-09-city-of-london-street.csv"


@pytest.fixture(scope="module")
def excerpts(london: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The undamaged excerpts."""
    return write_excerpts(london, tmp_path_factory.mktemp("hostile"))


def zeros_in_gzip() -> bytes:
    return gzip.compress(bytes(300 * 2**20), 1)


def gzip_in_gzip() -> bytes:
    return gzip.compress(zeros_in_gzip(), 9)


def rows_without_end() -> bytes:
    return gzip.compress(b"a,b\n" + b"1,2\n" * 30_000_000, 1)


def columns_without_end() -> bytes:
    return b"wardcode,majortext,minortext" + b",202401" * 1_000_000 + b"\n"


def short_rows_of_a_wide_file() -> bytes:
    return b",".join(b"c%d" % place for place in range(2_000)) + b"\n1" * 2_000_000


def lists_in_lists() -> bytes:
    return b'{"type": "FeatureCollection", "features": ' + b"[" * 5_000_000


def points_without_end() -> bytes:
    return b'{"type": "FeatureCollection", "features": [' + b"[0,0]," * 6_000_000 + b"[0,0]]}"


def parquet_of(table: pa.Table) -> bytes:
    packed = io.BytesIO()
    pq.write_table(table, packed, compression="zstd")
    return packed.getvalue()


def nothing_in_parquet() -> bytes:
    return parquet_of(pa.table({"count": pa.nulls(60_000_000, pa.int8())}))


def one_text_in_parquet() -> bytes:
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["x" * 100_000])
    return parquet_of(pa.table({"area_name": texts}))


def zipped(add: Callable[[zipfile.ZipFile], None]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive)
    return packed.getvalue()


def zeros_in_zip() -> bytes:
    return zipped(lambda archive: archive.writestr(MONTH, bytes(100 * 2**20)))


def zip_that_leads_out() -> bytes:
    return zipped(lambda archive: archive.writestr(f"../../{MONTH}", b"Crime ID,Month\n"))


def zip_of_a_link() -> bytes:
    link = zipfile.ZipInfo(MONTH)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped(lambda archive: archive.writestr(link, "/etc/passwd"))


HOSTILE = [
    ("ward crime, recent", zeros_in_gzip),
    ("ward crime, recent", gzip_in_gzip),
    ("ward crime, recent", columns_without_end),
    ("ward crime, recent", short_rows_of_a_wide_file),
    ("record-level extract", rows_without_end),
    ("ward boundaries", lists_in_lists),
    ("ward boundaries", points_without_end),
    ("ward boundaries", zeros_in_gzip),
    ("knife crime", nothing_in_parquet),
    ("knife crime", one_text_in_parquet),
    ("street-level archive", zeros_in_zip),
    ("street-level archive", zip_that_leads_out),
    ("street-level archive", zip_of_a_link),
]


def read_under_limits(name: str, file: Path, folder: Path) -> tuple[str, str, int]:
    case = next(case for case in CASES if case.name == name)
    ended, said = judged(case, file, folder / case.corpus, one_mutation)
    return ended, said, largest_memory()


def test_files_made_to_do_harm_are_refused_within_the_limits(excerpts: Path, tmp_path: Path) -> None:
    start_afresh = get_context("spawn")
    with ProcessPoolExecutor(1, start_afresh, initializer=limit_worker) as pool:
        for name, make in HOSTILE:
            case = next(case for case in CASES if case.name == name)
            file = tmp_path / make.__name__ / case.file
            file.parent.mkdir(parents=True)
            file.write_bytes(make())
            ended, said, memory = pool.submit(read_under_limits, name, file, excerpts).result()
            file.unlink()
            assert ended == REFUSED, f"{name}, {make.__name__}: {said}"
            assert memory < MEMORY, f"{name}, {make.__name__}: {memory:,} bytes"


@pytest.mark.parametrize("name", ["mps_recorded_crime", STREET_ZIP, "force.toml"])
def test_links_that_lead_out_of_the_data_folder_are_refused(excerpts: Path, tmp_path: Path, name: str) -> None:
    source = excerpts / ("city" if name == STREET_ZIP else "london")
    data = tmp_path / "data"
    data.mkdir()
    for entry in source.rglob("*"):
        place = data / entry.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.is_file():
            os.link(entry, place)
    kept = tmp_path / "kept"
    (data / name).rename(kept)
    (data / name).symlink_to(kept, target_is_directory=kept.is_dir())
    with pytest.raises(InputError, match="a link that leaves the data folder"):
        read_force(data)
