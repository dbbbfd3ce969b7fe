"""The tables of a release as a database: a DuckDB file in the release, and the same tables in PostgreSQL.

Walk in: `Contents` and the folder of its release, tables written. Walks out: `wardcast.duckdb`, which holds every table
itself, so that it answers from wherever it is opened: a view of a Parquet file cannot know where its database lies.
Into PostgreSQL walks the release as published, in one transaction.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from psycopg import sql

from publication.release.contents import Contents
from publication.release.manifest import MANIFEST, ReleaseError, ReleaseFacts, read_manifest, verify
from publication.tables.dictionary import data_dictionary
from publication.tables.stream_tables import STREAMS, no_streams
from sources.files.checksums import sha256

DATABASE = "wardcast.duckdb"
SCHEMA = "wardcast"
LARGE = ("forecast", "forecast_by_age", "scenario_differences", "history", "drivers", "residents")
STREAMS_LARGE = ("stream_values", "stream_forecast")  # of a force with streams
INDEXED = {
    "forecast": ("area_code", "crime_type"),
    "forecast_by_age": ("area_code", "crime_type"),
    "history": ("area_code", "crime_type"),
}
ROWS_AT_ONCE = 100_000
POSTGRES_TYPES = {
    "VARCHAR": "text",
    "DATE": "date",
    "DOUBLE": "double precision",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
}
HOW_TO_READ = "Every table is inside: open it from any folder, or copy it alone."
# Two loaders take turns; any number will do, so long as both name the same.
_TURN = 7_203_915


def write_database(folder: Path, contents: Contents) -> None:
    """Write `wardcast.duckdb` after the tables of the release: the content of its Parquet files, and the small tables.

    Every table that a release can have is there, empty where this one has nothing. Texts of the large ones are ENUMs,
    which read as texts and take a third less room.
    """
    with duckdb.connect(str(folder / DATABASE)) as database:
        streams = () if contents.other_demand.streams.empty else STREAMS_LARGE
        for name in (*LARGE, *streams):
            _keep(database, name, folder / f"{name}.parquet")
        for name, table in _small_tables(contents).items():
            database.register("given", pa.Table.from_pandas(table, preserve_index=False))
            database.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608 a name of our own
            database.unregister("given")


def load_postgres(folder: Path, address: str, schema: str = SCHEMA) -> bool:
    """Load a published release into PostgreSQL in one transaction; return whether anything changed.

    The rows of the release served before are replaced, not the tables: a reader sees one release whole, even in a
    transaction that began before and reads at level REPEATABLE READ, which would find a table swapped in under it
    empty. Nobody waits for anybody but a second loader. Loading the release that is there already changes nothing.

    address : such as `postgresql://user@host/name`.

    Raises
    ------
    ReleaseError
        When the release is damaged or has no DuckDB file, or PostgreSQL cannot be reached or refuses. Then it is as
        it was.
    """
    if problems := verify(folder):
        raise ReleaseError(
            f"Release {folder.name} is damaged, so it is not loaded: {problems[0]}",
            remedy="Load another release, or restore its files from a backup.",
        )
    mark = sha256(folder / MANIFEST)
    try:
        with duckdb.connect(str(folder / DATABASE), read_only=True) as release, psycopg.connect(address) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
            if _loaded(connection, schema) == mark:
                return False
            tables = {name: _described(release, name) for name in _names(release)}
            _prepare(connection, schema, tables)
            for name in tables:
                _replace_rows(connection, schema, name, release)
            _note(connection, schema, folder, mark)
        with psycopg.connect(address, autocommit=True) as connection:
            for name in tables:
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(schema, name)))
    except duckdb.Error as error:
        raise ReleaseError(
            f"Release {folder.name} has no database that could be read ({error})",
            remedy="Publish the run again, under a new run id, with this version of Wardcast.",
        ) from error
    except psycopg.Error as error:
        raise ReleaseError(
            f"Release {folder.name} could not be loaded into PostgreSQL ({str(error).strip()})",
            remedy="See that the address is right and its user may create a schema; the database is as it was.",
        ) from error
    return True


def _keep(database: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
    """Make a table of a Parquet file: its columns, months as dates, texts as ENUMs in the order of the alphabet."""
    schema = pq.read_schema(file)
    texts = [field.name for field in schema if _is_text(field.type)]
    database.register("given", pq.read_table(file, read_dictionary=texts))
    types = {column: "DATE" for column in ("origin", "month", "start") if column in schema.names}
    for column in texts:
        if database.sql(f"SELECT count({column}) FROM given").fetchall() != [(0,)]:  # noqa: S608 names of our own
            values = f"SELECT DISTINCT {column}::VARCHAR FROM given WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608
            database.execute(f"CREATE TYPE {name}_{column} AS ENUM ({values})")
            types[column] = f"{name}_{column}"
    cast = ", ".join(f"{column}::{kind} AS {column}" for column, kind in types.items())
    columns = f"* REPLACE ({cast})" if cast else "*"  # a table without rows has no texts to list
    database.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM given")  # noqa: S608 names of our own
    database.unregister("given")


def _is_text(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(value) or pa.types.is_large_string(value)


def _small_tables(contents: Contents) -> dict[str, pd.DataFrame]:
    counts = contents.recorded.protected_counts
    none = {"area_level": "str", "area_code": "str", "crime_type": "str", "month": "datetime64[us]", "count": "Int64"}
    numbers = {"age_rates": ["age", "rate", "low", "high"], "age_quality": ["people"], "severity": ["weight"]}
    tables = {
        "release": _facts(contents.facts),
        "areas": contents.geography.areas,
        "crime_types": contents.crime.crime_types,
        "severity": contents.crime.severity,
        "age_rates": contents.ages.age_rates,
        "age_quality": contents.ages.age_quality,
        "accuracy": contents.track_record.accuracy,
        "protected_counts": pd.DataFrame(columns=[*none]).astype(none).assign(marker="") if counts is None else counts,
        "data_dictionary": data_dictionary(),
    }
    tables |= (
        {"streams": contents.other_demand.streams[STREAMS]} if len(contents.other_demand.streams) else no_streams()
    )
    return {name: _plainly_typed(table, numbers.get(name, [])) for name, table in tables.items()}


def _facts(facts: ReleaseFacts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "release": [facts.name],
            "audience": [facts.audience],
            "force": [facts.force.name],
            "simulated": [facts.force.simulated],
            "origin": [facts.origin.to_datetime64()],
            "data_vintage": [facts.data_vintage],
            "code_version": [facts.code_version],
            "how_to_read": [HOW_TO_READ],
        }
    )


def _plainly_typed(table: pd.DataFrame, numbers: list[str]) -> pd.DataFrame:
    """Return the table with texts as texts and numbers as numbers, even where it is empty; months as dates."""
    typed = table.astype(dict.fromkeys(numbers, "float64"))
    for name in typed:
        if typed[name].dtype.kind == "M":
            typed[name] = typed[name].astype(pd.ArrowDtype(pa.date32()))
        elif typed[name].dtype.kind not in "biuf":
            typed[name] = typed[name].astype("str")
    return typed


def _names(release: duckdb.DuckDBPyConnection) -> list[str]:
    rows = release.execute("SELECT table_name FROM information_schema.tables ORDER BY table_name").fetchall()
    return [name for (name,) in rows]


def _described(release: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Return the columns of a table with their PostgreSQL types."""
    table = release.table(name)
    kinds = ("VARCHAR" if str(kind).startswith("ENUM") else str(kind) for kind in table.types)
    return {column: POSTGRES_TYPES[kind] for column, kind in zip(table.columns, kinds, strict=True)}


def _loaded(connection: psycopg.Connection, schema: str) -> str | None:
    """Return the mark of the release that the database holds."""
    table = sql.Identifier(schema, "loaded")
    if connection.execute("SELECT to_regclass(%s)", [table.as_string(connection)]).fetchone() == (None,):
        return None
    row = connection.execute(sql.SQL("SELECT manifest_sha256 FROM {}").format(table)).fetchone()
    return row[0] if row else None


def _prepare(connection: psycopg.Connection, schema: str, tables: dict[str, dict[str, str]]) -> None:
    """Make the schema and its tables, anew where a version of Wardcast had other columns."""
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    found = connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = %s "
        "ORDER BY ordinal_position",
        [schema],
    ).fetchall()
    for name, columns in {**tables, "loaded": {"release": "text", "manifest_sha256": "text"}}.items():
        table = sql.Identifier(schema, name)
        if {column: kind for held, column, kind in found if held == name} == columns:
            continue
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        definitions = [sql.SQL("{} {}").format(sql.Identifier(one), sql.SQL(kind)) for one, kind in columns.items()]
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(definitions)))
        if name in INDEXED:
            keys = sql.SQL(", ").join(map(sql.Identifier, INDEXED[name]))
            connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(table, keys))


def _replace_rows(connection: psycopg.Connection, schema: str, name: str, release: duckdb.DuckDBPyConnection) -> None:
    table = sql.Identifier(schema, name)
    connection.execute(sql.SQL("DELETE FROM {}").format(table))
    options = pacsv.WriteOptions(include_header=False)
    batches: pa.RecordBatchReader = _as_texts(release.table(name)).to_arrow_reader(ROWS_AT_ONCE)
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(table)) as copy:
        for batch in batches:
            sink = pa.BufferOutputStream()
            pacsv.write_csv(pa.Table.from_batches([batch]), sink, options)
            copy.write(sink.getvalue().to_pybytes())


def _as_texts(table: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return the table with its ENUMs as texts."""
    kinds = zip(table.columns, table.types, strict=True)
    enums = [column for column, kind in kinds if str(kind).startswith("ENUM")]
    return table.project(f"* REPLACE ({', '.join(f'{one}::VARCHAR AS {one}' for one in enums)})") if enums else table


def _note(connection: psycopg.Connection, schema: str, folder: Path, mark: str) -> None:
    table = sql.Identifier(schema, "loaded")
    connection.execute(sql.SQL("DELETE FROM {}").format(table))
    values = [read_manifest(folder)["release"], mark]
    connection.execute(sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(table), values)
