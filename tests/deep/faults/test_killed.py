"""Killed by SIGKILL at any stage: the last release is still served, and the next run goes on as if nothing had been."""

from __future__ import annotations

import signal

import pytest

from tests.deep.faults.conftest import Note
from tests.running.commands import Strike
from tests.running.place import Place

pytestmark = pytest.mark.e2e

# Two more come before faults that pass: while the files are read in `test_input_and_cache`, while MLflow logs in
# `test_together`.
STRUCK = {
    "during the fit": Strike("pipelines.steps.candidate:fit_at"),
    "during the promotion": Strike("models.tracking.registry:point", call=2),  # challenger named, champion not yet
    "while the release is written": Strike("publication.release.release:write_manifest"),
}
# One after the other, and no run between them ends well.
STRUCK_IN_A_ROW = {
    "while the tables are kept": Strike("pandas:DataFrame.to_parquet", call=5),
    "while the panel is kept": Strike("xarray:Dataset.to_netcdf"),
    "while the model is registered": Strike("models.tracking.registry:tag_version"),
    "before it is told in the journal": Strike("pipelines.flows.train:record"),
    "while tables of the forecast are kept": Strike("pipelines.flows.forecast:write_forecast"),
}


@pytest.mark.parametrize("moment", STRUCK)
def test_killed_at_a_moment(place: Place, note: Note, moment: str) -> None:
    before = place.published()
    place.assert_killed(before, STRUCK[moment])
    place.assert_one_more(before)
    note(f"kill -9 {moment}", "the last release was served; the next run published one more", "nothing")


def test_killed_five_times_in_a_row(place: Place, note: Note) -> None:
    before = place.published()
    for strike in STRUCK_IN_A_ROW.values():
        place.assert_killed(before, strike)
    place.assert_one_more(before)
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
