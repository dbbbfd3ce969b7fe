"""Killed by SIGKILL at any stage: the last release is still served, and the next run goes on as if nothing had been."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing

import pytest

from tests.pipelines.commands import Strike
from tests.pipelines.faults.conftest import Note
from tests.pipelines.place import Place

pytestmark = pytest.mark.e2e

STRUCK = {
    "while the files are read": Strike("sources.force:read_recorded_crime"),
    "during the fit": Strike("models.boosted:Boosted.fit", call=2),  # the first is of the year judged
    "while MLflow logs": Strike("mlflow:log_figure"),
    "during the promotion": Strike("models.registry:point", call=2),  # challenger named, champion not yet
    "while the release is written": Strike("publication.release:write_manifest"),
}
# One after the other, and no run between them ends well.
STRUCK_IN_A_ROW = {
    "while the tables are kept": Strike("pandas:DataFrame.to_parquet", call=5),
    "while the panel is kept": Strike("xarray:Dataset.to_netcdf"),
    "while the model is registered": Strike("models.registry:tag_version"),
    "before it is told in the journal": Strike("pipelines.train:record"),
    "while tables of the forecast are kept": Strike("pipelines.forecast:write_forecast"),
}


def assert_killed(place: Place, before: dict[str, str], strike: Strike) -> None:
    """A run dies by the strike, and the releases are those of before."""
    struck = place.run(strike=strike)
    assert struck.end() == -signal.SIGKILL, struck.said
    place.assert_as_it_was(before)


def assert_next_run_succeeds(place: Place, before: dict[str, str]) -> None:
    """The next run publishes one more release, and MLflow shows none of the killed ones at work."""
    place.assert_one_more(before)
    with closing(sqlite3.connect(place.folder / "mlruns" / "mlflow.db")) as store:
        assert store.execute("select count(*) from runs where status = 'RUNNING'").fetchone() == (0,)


@pytest.mark.parametrize("moment", STRUCK)
def test_killed_at_a_moment(place: Place, note: Note, moment: str) -> None:
    before = place.published()
    assert_killed(place, before, STRUCK[moment])
    assert_next_run_succeeds(place, before)
    note(f"kill -9 {moment}", "the last release was served; the next run published one more", "nothing")


def test_killed_five_times_in_a_row(place: Place, note: Note) -> None:
    before = place.published()
    for strike in STRUCK_IN_A_ROW.values():
        assert_killed(place, before, strike)
    assert_next_run_succeeds(place, before)
    for moment in STRUCK_IN_A_ROW:
        note(f"kill -9 {moment}", "the same, killed at five moments in a row before that next run", "nothing")


def test_killed_from_outside_while_futures_are_drawn(place: Place, note: Note) -> None:
    before = place.published()
    drawing = place.start()
    drawing.wait_until_it_says("Drawing possible futures")
    drawing.send(signal.SIGKILL)
    assert drawing.end() == -signal.SIGKILL
    place.assert_as_it_was(before)
    place.assert_one_more(before)
    note("kill -9 during the draws", "the last release was served; the next run published one more", "nothing")
