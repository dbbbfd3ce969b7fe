"""Plan folders: the defaults where nothing is said, a clear refusal of what cannot stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planning.folder.check import Ground
from planning.folder.commands_file import CommandsFile, rules_of_folder
from planning.folder.defaults import default_table, derive_workload, read_reference
from planning.folder.new import write_new_plan
from planning.folder.posts_file import read_posts
from planning.folder.read import read_plan
from planning.folder.vocabulary import QUALITIES
from sources.files.errors import InputError

pytestmark = pytest.mark.unit
Edit = Callable[[Path], None]


def edit(name: str, row: int, column: str, value: object) -> Edit:
    """Change a cell of a table; the header is row 1."""

    def change(folder: Path) -> None:
        file = folder / f"{name}.csv"
        table = pd.read_csv(file, keep_default_na=False, dtype=str)
        table.loc[row - 2, column] = str(value)
        table.to_csv(file, index=False)

    return change


def add(name: str, text: str) -> Edit:
    def change(folder: Path) -> None:
        with (folder / name).open("a") as file:
            file.write(text)

    return change


LEVER = """
[[lever]]
id = "online"
kind = "handling"
from_month = "2025-08"
evidence = "opinion"
source = "a test"
[[lever.moves]]
stage = "reported by"
before = "{before}"
after = "online"
share = {{ p10 = {p10}, p50 = 0.2, p90 = 0.3 }}
"""
JUDGEMENT = """
[[judgement]]
id = "{id}"
by = "theft lead"
made_on = "2025-03-01"
known_from = "2025-02-01"
first_month = "{first}"
multiplier = {{ p10 = 0.9, p50 = 1.1, p90 = 1.3 }}
kind = "emerging"
reason_low = "low"
reason_high = "high"
review_on = "{review}"
crime = "SHOPLIFTING"
"""
STREAM = (
    "stream,category,projected_by,of,p10,p50,p90,unit,year,country,source,quality,error_group\n"
    "{name},internal,fixed,{of},1,1,1,each,2025,nowhere,made up,measured,one\n"
)
CASE = "{what},{function},,,1,1,1,1,hours,2025,nowhere,made up,measured,one\n"
BAD = {
    "shares do not sum": (edit("handling", 2, "p50", 0.125), "handling.csv", "sum to"),
    "negative hours": (edit("workload", 2, "p10", -1), "workload.csv", "greater_than_or_equal_to"),
    "missing hours": (edit("workload", 3, "p50", ""), "workload.csv", "number is missing"),
    "hours in words": (edit("workload", 3, "p50", "two"), "workload.csv", "number is missing"),
    "p10 above p90": (edit("workload", 2, "p10", 1e6), "workload.csv", "p10 is at most p50"),
    "an unknown way": (edit("workload", 2, "way", "drone"), "workload.csv", "way of handling"),
    "a way of another stage": (edit("handling", 2, "way", "attended"), "handling.csv", "not one of the stage"),
    "an unknown crime": (edit("workload", 2, "what", "PIRACY"), "workload.csv", "not known"),
    "an unknown function": (edit("workload", 2, "function", "cavalry"), "workload.csv", "isin"),
    "an unknown quality": (edit("time", 2, "quality", "certain"), "time.csv", "isin"),
    "another force's area": (edit("people", 2, "area", "E09000033"), "people.csv", "another force"),
    "a month that is none": (edit("people", 2, "month", "March 2025"), "people.csv", "2026-04"),
    "a person in two functions": (edit("people", 4, "function", "all"), "people.csv", "count twice"),
    "an unknown file": (add("hours.csv", "a,b\n"), "hours.csv", "file that is not known"),
    "an unknown key": (add("plan.toml", 'colour = "blue"\n'), "plan.toml", "Extra inputs"),
    "another release": (add("plan.toml", 'base_release = "2024-03-12345678"\n'), "plan.toml", "another release"),
    "a lever from an unknown way": (
        add("levers.toml", LEVER.format(before="pigeon", p10=0.1)),
        "levers.toml",
        "not 'pigeon'",
    ),
    "a lever out of order": (add("levers.toml", LEVER.format(before="101", p10=0.9)), "levers.toml", "p10 is at most"),
    "a judgement before the forecast": (
        add("judgements.toml", JUDGEMENT.format(id="a", first="2031-01", review="2026-01-01")),
        "judgements.toml",
        "cannot stand",
    ),
    "a judgement on another force's area": (
        add("judgements.toml", JUDGEMENT.format(id="a", first="2025-06", review="2026-01-01") + 'area = "E09000033"\n'),
        "judgements.toml",
        "cannot stand",
    ),
    "a judgement whose release is gone": (
        add(
            "judgements.toml",
            JUDGEMENT.format(id="a", first="2025-06", review="2026-01-01") + 'base_release = "2024-03-12345678"\n',
        ),
        "judgements.toml",
        "cannot stand",
    ),
    "a judgement without review": (
        add("judgements.toml", JUDGEMENT.format(id="a", first="2025-06", review="")),
        "judgements.toml",
        "entry is wrong",
    ),
    "a lever after the horizon": (
        add("levers.toml", LEVER.format(before="101", p10=0.1).replace("2025-08", "2031-01")),
        "levers.toml",
        "cannot stand",
    ),
    "a lever on a stream that is not there": (
        add(
            "levers.toml",
            LEVER.split("[[lever.moves]]")[0].replace("handling", "diversion")
            + 'diverts = [{ stream = "fax", share = { p10 = 0.1, p50 = 0.2, p90 = 0.3 } }]\n',
        ),
        "levers.toml",
        "cannot stand",
    ),
    "time lost in another force's area": (edit("time", 2, "area", "E09000033"), "time.csv", "another force"),
    "a frontline function that is none": (add("plan.toml", 'frontline = ["cavalry"]\n'), "plan.toml", "not 'cavalry'"),
    "a column that is not known": (
        lambda folder: (folder / "time.csv").write_text(
            (folder / "time.csv").read_text().replace("area,role", "colour,role")
        ),
        "time.csv",
        "",
    ),
    "a judgement never reviewed": (
        add("judgements.toml", JUDGEMENT.format(id="a", first="2025-06", review="2025-01-01")),
        "judgements.toml",
        "cannot stand",
    ),
    "judgements that overlap": (
        add("judgements.toml", "".join(JUDGEMENT.format(id=one, first="2025-06", review="2026-01-01") for one in "ab")),
        "judgements.toml",
        "same area, crime and months",
    ),
    "an hour in work and in lost time": (
        lambda folder: (
            add("streams.csv", STREAM.format(name="training", of=""))(folder),
            add("workload.csv", CASE.format(what="training", function="response"))(folder),
        ),
        "time.csv",
        "two places",
    ),
    "an hour in calls and in crimes": (
        lambda folder: (
            add("streams.csv", STREAM.format(name="101 calls", of="101"))(folder),
            add("workload.csv", CASE.format(what="101 calls", function="contact"))(folder),
        ),
        "workload.csv",
        "two places",
    ),
}


@pytest.fixture(scope="module")
def ground(ground: Ground) -> Ground:
    """One of several releases."""
    return replace(ground, releases=frozenset({ground.release, "2025-02-abcdef12"}))


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_stand_is_refused_with_file_and_remedy(case: str, plan_folder: Path, ground: Ground) -> None:
    change, file, words = BAD[case]
    change(plan_folder)
    with pytest.raises(InputError) as refused:
        read_plan(plan_folder, ground)
    assert words in str(refused.value)
    assert str(refused.value.file).endswith(file)
    assert refused.value.remedy


def test_a_force_s_rows_take_the_place_of_defaults_one_by_one(plan_folder: Path, ground: Ground) -> None:
    (plan_folder / "handling.csv").unlink()
    plan = read_plan(plan_folder, ground)
    assert not plan.tables["handling"]["of_force"].any()
    assert plan.tables["workload"]["of_force"].any()


def test_the_digest_knows_each_change(plan_folder: Path, ground: Ground) -> None:
    before = read_plan(plan_folder, ground).digest
    (plan_folder / "2025-03-abcdef12-ffffffff").mkdir()  # a result beside it changes nothing
    assert read_plan(plan_folder, ground).digest == before
    edit("time", 2, "source", "someone else")(plan_folder)
    assert read_plan(plan_folder, ground).digest != before


def test_a_new_plan_is_the_default_plan_until_somebody_corrects_it(tmp_path: Path, ground: Ground) -> None:
    folder = write_new_plan(tmp_path / "mine", "mine", "a test", ground)
    plan, default = read_plan(folder, ground), read_plan(None, ground)
    assert plan.head.base_release == ground.release
    own = plan.tables["time"].query("of_force").drop(columns="of_force").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, default.tables["time"].drop(columns="of_force"))
    with pytest.raises(InputError, match="there already"):
        write_new_plan(folder, "mine", "a test", ground)


def test_the_rules_for_places_of_a_new_plan_are_the_defaults_and_its_examples_can_stand(
    tmp_path: Path, ground: Ground
) -> None:
    folder = write_new_plan(tmp_path / "mine", "mine", "a test", ground)
    assert rules_of_folder(folder) == CommandsFile()
    [officers] = read_posts(folder / "posts.toml").role
    assert (officers.total, officers.floor) == (len(ground.areas) * 5 // 2, 2)
    for name in ("posts.toml", "commands.toml"):
        lines = [line.removeprefix("#").strip() for line in (folder / name).read_text().splitlines()]
        (folder / name).write_text("\n".join(line for line in lines if "=" in line or line.startswith("[")))
    assert rules_of_folder(folder).span is not None
    assert [role.name for role in read_posts(folder / "posts.toml").role][1:] == [
        "community support officer",
        "youth officer",
    ]


def test_every_default_says_where_it_comes_from() -> None:
    for name in ("workload", "handling", "time", "caseload", "streams", "people"):
        table = default_table(name, "E23000001")
        assert (table["source"].str.len() > 10).all()
        assert set(table["quality"]) <= set(QUALITIES)
        assert "measured" not in set(table["quality"])  # nothing public measures a force's work today


def test_default_hours_are_what_their_derivation_gives() -> None:
    derived, kept = derive_workload(), read_reference("workload")
    pd.testing.assert_frame_equal(derived.astype(str), kept.astype(str))


def test_derived_hours_add_up_to_the_hours_of_an_average_case() -> None:
    """Residential burglary: two public costs over two rates, shared out, and back."""
    costs = read_reference("cost_of_a_crime").set_index("crime_type").loc["RESIDENTIAL BURGLARY"]
    hours = (costs["direct_cost"] / costs["rate"]).to_numpy()
    expected = float((hours[0] * hours[1]) ** 0.5)
    assert expected == pytest.approx(21.75, abs=0.05)
    rows = read_reference("workload").set_index("what").loc["RESIDENTIAL BURGLARY"]
    attended, investigated = 0.62, 0.704
    share = {
        "attended": attended,
        "investigated": investigated,
        "": 1.0,
        "attended + investigated": round(attended * investigated, 3),
    }
    total = (rows["p50"].astype(float) * rows["officers"].astype(float) * rows["way"].map(share)).sum()
    assert total == pytest.approx(expected, rel=0.01)
