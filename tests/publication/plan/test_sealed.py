"""A plan's folder: whole or not there, the same when made again, and noticed when changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from planning.folder.read import read_plan
from planning.make import PlanResult, make_plan
from publication.plan.differences import differences
from publication.plan.facts import PlanFacts
from publication.plan.files import read_tables, write_plan_files
from publication.plan.page import write_plan_page
from publication.plan.sealed import read_sealed, write_sealed
from sources.files.errors import InputError
from sources.tables.force_tables import Force
from tests.planning.conftest import areas, ground, kept, plan_folder  # noqa: F401  (fixtures)
from tests.planning.test_levers_and_judgement import LEVERS

pytestmark = pytest.mark.unit


class Told:
    """What the page of a plan is of."""

    def __init__(self, facts: PlanFacts) -> None:
        self.facts, self.audience = facts, facts.audience


@pytest.fixture
def facts() -> PlanFacts:
    return PlanFacts(
        plan="mine",
        who="a test",
        why="to see",
        release="2025-03-abcdef12",
        run_id="abcdef1234",
        force=Force("Nowhere Police", "E23000099", True),
        origin=pd.Timestamp("2025-03-01"),
        digest="f" * 64,
        draws_digest="e" * 64,
        seed=1,
        code_version="1",
        created_at=datetime(2025, 4, 20, tzinfo=UTC),
        planned_at=datetime(2025, 4, 21, tzinfo=UTC),
        audience="open",
    )


@pytest.fixture
def result(kept, plan_folder, ground) -> PlanResult:  # noqa: F811
    return make_plan(kept, replace(read_plan(plan_folder, ground), levers=LEVERS), ground)


def write(folder: Path, result: PlanResult, facts: PlanFacts) -> None:
    write_plan_files(folder, result.tables)
    write_plan_page(folder / "index.html", result, Told(facts), plan=facts)


def test_a_plan_is_written_whole_and_the_same_again(tmp_path: Path, result: PlanResult, facts: PlanFacts) -> None:
    writer: Callable[[Path], None] = partial(write, result=result, facts=facts)
    place = write_sealed(tmp_path, facts, writer)
    assert write_sealed(tmp_path, replace(facts, planned_at=datetime.now(UTC)), writer) == place
    assert read_sealed(place)["plan"] == "mine"
    page = (place / "index.html").read_text()
    assert "SIMULATED" in page
    assert "no public figure" in page
    assert "What each lever saves" in page
    tables = read_tables(place)
    central = tables["work"].query("scenario == 'central' and area_level == 'force' and what == 'all'")
    assert central["mean"].sum() == pytest.approx(
        result.tables["work"].query("scenario == 'central' and area_level == 'force' and what == 'all'")["mean"].sum()
    )
    assert (differences(tables, tables)["difference"] == 0).all()


def test_nothing_half_written_stays(tmp_path: Path, facts: PlanFacts) -> None:
    def fail(folder: Path) -> None:
        (folder / "people.csv").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sealed(tmp_path, facts, fail)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_a_changed_plan_is_noticed(tmp_path: Path, result: PlanResult, facts: PlanFacts) -> None:
    place = write_sealed(tmp_path, facts, partial(write, result=result, facts=facts))
    (place / "people.csv").write_text("path\n")
    with pytest.raises(InputError, match="changed since"):
        read_sealed(place)
    with pytest.raises(InputError, match="no folder of a plan"):
        read_sealed(tmp_path)
