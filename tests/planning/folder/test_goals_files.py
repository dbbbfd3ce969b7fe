"""Targets and named lists in a plan folder: what a force gives counts; what cannot stand is refused in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planning.folder.check import Ground
from planning.folder.defaults import default_table, with_months
from planning.folder.goals.check_goals import check_goals
from planning.folder.goals.contracts_of_goals import TARGETS
from planning.folder.goals.lists import list_of
from planning.folder.new import write_new_plan
from planning.folder.read import read_plan
from sources.files.errors import InputError
from sources.tables.contracts import checked

pytestmark = pytest.mark.unit
HEADER = "target,what,area,measure,direction,baseline_from,baseline,change,level,year_from,latest,n,set_by,source\n"
GOOD = {
    "what": "THEFT", "area": "force", "measure": "count", "direction": "at most", "baseline_from": "2024-04",
    "baseline": "", "change": "-0.1", "level": "", "year_from": "2026-04", "latest": "", "n": "",
}  # fmt: skip
LIST = "list,what,year,country,source,quality\nours,{what},2025,nowhere,made up,measured\n"
BAD = {
    "an unknown type": ({"what": "PIRACY"}, "not known"),
    "a list that is not public": ({"what": "eight that matter most to the public"}, "not public"),
    "a share of everything": ({"what": "all", "measure": "share"}, "always 1"),
    "a ward": ({"area": "E05000001"}, "no target may have"),
    "another force's area": ({"area": "Gotham"}, "no target may have"),
    "an unknown measure": ({"measure": "feeling"}, "isin"),
    "change and level": ({"level": "3"}, "either a change or a level"),
    "neither": ({"change": ""}, "either a change or a level"),
    "two baselines": ({"baseline": "3"}, "from a year or as a value"),
    "a change against nothing": ({"baseline_from": ""}, "against nothing"),
    "a year past the forecast": ({"year_from": "2026-05"}, "ends after the forecast"),
    "a baseline to come": ({"baseline_from": "2024-05"}, "not recorded yet"),
    "a change in per cent": ({"change": "-20"}, "in_range"),
    "a share in per cent": ({"measure": "share", "change": "", "baseline_from": "", "level": "20"}, "not per cent"),
    "a survey without n": (
        {"measure": "survey", "change": "", "baseline_from": "", "level": "0.6", "latest": "0.5"},
        "how many were asked",
    ),
    "a cost without figures": ({"measure": "cost", "change": "", "baseline_from": "", "level": "6"}, "latest figure"),
}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text('name = "bare"\nwho = "a test"\n')
    return tmp_path


def written(folder: Path, **changed: str) -> Path:
    row = ["one", *({**GOOD, **changed}).values(), "a board", "minutes"]
    (folder / "targets.csv").write_text(HEADER + ",".join(row) + "\n")
    return folder


def test_a_good_target_is_read_with_its_months_and_numbers(bare: Path, ground: Ground) -> None:
    (bare / "priorities.csv").write_text(LIST.format(what="THEFT"))
    table = read_plan(written(bare, what="ours"), ground).tables["targets"]
    assert table["change"].tolist() == [-0.1]
    assert f"{table['year_from'].iloc[0]:%Y-%m}" == "2026-04"
    assert table["of_force"].all()


def checked_row(lists: pd.DataFrame, ground: Ground, **changed: str) -> None:
    row = {"target": "one", **GOOD, **changed, "set_by": "a board", "source": "minutes"}
    numbers = {name: float(row[name]) if row[name] else None for name in ("baseline", "change", "level", "latest", "n")}
    table = with_months(pd.DataFrame([{**row, **numbers}]), "targets")
    targets = checked(TARGETS, table, "targets.csv").assign(of_force=True)
    check_goals({"targets": targets, "priorities": lists}, ground, Path())


@pytest.fixture(scope="module")
def lists() -> pd.DataFrame:
    return default_table("priorities", "E23000099").assign(of_force=False)


def test_the_row_that_others_are_spoilt_from_can_stand(lists: pd.DataFrame, ground: Ground) -> None:
    checked_row(lists, ground)


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_stand_is_refused_in_words(case: str, lists: pd.DataFrame, ground: Ground) -> None:
    changed, words = BAD[case]
    with pytest.raises(InputError, match=words) as refused:
        checked_row(lists, ground, **changed)
    assert "targets.csv" in str(refused.value)


@pytest.mark.parametrize("changed", [{"year_from": "next"}, {"area": "Gotham"}])
def test_a_refusal_names_file_and_row(changed: dict[str, str], bare: Path, ground: Ground) -> None:
    with pytest.raises(InputError) as refused:
        read_plan(written(bare, **changed), ground)
    assert "targets.csv" in str(refused.value)
    assert next(iter(changed.values())) in str(refused.value)


def test_a_list_of_unknown_types_is_refused(bare: Path, ground: Ground) -> None:
    (bare / "priorities.csv").write_text(LIST.format(what="PIRACY"))
    with pytest.raises(InputError, match="not known"):
        read_plan(bare, ground)


def test_own_rows_of_a_list_take_the_place_of_the_defaults(lists: pd.DataFrame) -> None:
    named = "seven neighbourhood crimes"
    assert len(list_of(lists, named)) == 7
    own = lists.head(1).assign(what="THEFT", of_force=True)
    assert list_of(pd.concat([own, lists]), named) == ["THEFT"]


def test_without_a_file_there_is_a_worked_example_and_with_an_empty_one_none(bare: Path, ground: Ground) -> None:
    example = read_plan(bare, ground).tables["targets"]
    assert (example["set_by"].tolist(), example["of_force"].tolist()) == (["worked example"], [False])
    (bare / "targets.csv").write_text(HEADER)
    assert read_plan(bare, ground).tables["targets"].empty


def test_a_new_plan_has_the_example_and_the_lists_and_can_be_read(tmp_path: Path, ground: Ground) -> None:
    folder = write_new_plan(tmp_path / "new", "new", "a test", ground)
    assert "worked example" in (folder / "targets.csv").read_text()
    plan = read_plan(folder, ground)
    assert len(plan.tables["targets"]) == 1
    assert "BURGLARY" in list_of(plan.tables["priorities"], "seven neighbourhood crimes")
