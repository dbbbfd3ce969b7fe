"""Ranks and spans, posts filled, and productive hours that differ by borough."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.draws.kept import KeptDraws
from planning.areas import PlanAreas
from planning.assumed import Errors
from planning.folder.check import Ground
from planning.folder.defaults import default_table
from planning.folder.new import as_text
from planning.folder.read import read_plan
from planning.folder.vocabulary import FUNCTIONS
from planning.people.posts import posts_held, whole
from planning.people.productive import productive_of_areas
from planning.people.ranks import filled_posts, ranks_table
from sources.files.errors import InputError
from tests.planning.conftest import DRAWS, assumption, exactly

pytestmark = pytest.mark.unit
YEARS = [pd.Timestamp("2025-04-01"), pd.Timestamp("2026-04-01")]
FORCE = {"force"}


def posts(*rows: dict[str, object]) -> pd.DataFrame:
    return assumption("people", [{"month": "2025-03-01", **row} for row in rows])


RANKS = (
    {"function": "all", "rank": "constable", "fte": 80.0},
    {"function": "all", "rank": "sergeant", "fte": 16.0},
    {"function": "all", "rank": "inspector", "fte": 4.0},
    {"function": "all", "rank": "constable", "kind": "wanted", "fte": 78.0},
)


def test_ranks_keep_their_shares_along_a_path() -> None:
    path = [
        {"path": "half", "kind": "planned", "function": "all", "month": f"{year}-03-01", "fte": 50.0}
        for year in (2025, 2027)
    ]
    told = ranks_table(posts(*RANKS, *path), FORCE, YEARS, (4.4, 6.0)).query("rank == 'constable'")
    level, half = (told.query("path == @path").iloc[-1] for path in ("level", "half"))
    assert (level["there"], half["there"]) == (80, 40)
    assert level["wanted"] == 78
    assert level["span"] == half["span"] == 4
    assert level["managers_at_span_wanted"] == pytest.approx(80 / 6)


def test_rows_of_a_rank_or_skill_are_parts_and_count_nobody_twice(plan_folder: Path, ground: Ground) -> None:
    detectives = {"function": "investigation", "skill": "detective"}
    rows = posts(
        {"function": "investigation", "fte": 10.0},
        {**detectives, "fte": 6.0},
        {**detectives, "kind": "budgeted", "fte": 8},
    )
    assert posts_held(rows, FORCE) == {"investigation": 10.0}
    assert len(whole(rows.query("kind == 'actual'"))) == 1
    (filled,) = filled_posts(rows)["filled"]
    assert filled == 0.75
    for fte, refused in ((6.0, False), (11.0, True)):
        table = posts({"function": "investigation", "fte": 10.0}, {**detectives, "fte": fte})
        as_text(table.drop(columns="of_force"), "people").to_csv(plan_folder / "people.csv", index=False)
        if refused:
            with pytest.raises(InputError, match="somebody stands twice"):
                read_plan(plan_folder, ground)
        else:
            read_plan(plan_folder, ground)


def test_time_lost_in_a_borough_is_that_borough_s(kept: KeptDraws, ground: Ground) -> None:
    rows = [
        {"role": "all", "kind": "paid", "name": "paid", **exactly(1000.0)},
        {"role": "all", "kind": "abstraction", "name": "aid", **exactly(0.1)},
        {"role": "neighbourhood", "area": "Borough 2", "kind": "abstraction", "name": "aid", **exactly(0.3)},
    ]
    areas = PlanAreas.of(kept, ground.areas)
    hours = productive_of_areas(assumption("time", rows), areas, Errors(DRAWS, 1))[..., 0]
    place = FUNCTIONS.index("neighbourhood")
    assert hours[:, place] == pytest.approx([900, 700, 900, 700, 900])  # boroughs, their BCUs, the force
    assert np.allclose(np.delete(hours, place, axis=1), 900)


def test_london_s_ward_officers_lose_what_was_published() -> None:
    """About 80 per cent of their minutes were on the ward early in 2024: training and other duties take the rest."""
    time = default_table("time", "E23000001").query("role == 'neighbourhood'")
    assert len(time) == 2 * 33
    of_force = time.query("area == 'force'").set_index("kind")["p50"]
    assert (1 - of_force["training"] / 0.76) * (1 - of_force["abstraction"]) == pytest.approx(0.81, abs=0.03)
