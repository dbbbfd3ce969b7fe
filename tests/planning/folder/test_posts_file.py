"""`posts.toml` and the files by ward beside it, as a force writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planning.folder.defaults import discovered_types
from planning.folder.posts_file import read_posts, read_posts_today, read_pupils, read_survey, ward_officers
from planning.places.ward_posts.asked_posts import (
    demand_of,
    later_terms,
    post_questions,
    reporting_suppositions,
    ward_likeness,
)
from planning.places.ward_posts.post_demand import (
    one_draw,
    posted_types,
    recorded_demand,
    recorded_disorder,
    shares_of_young_victims,
    young_residents,
)
from sources.crime.crime_types import read_crime_types
from sources.files.errors import InputError
from tests.planning.places.ward_posts.test_posts import wards

pytestmark = pytest.mark.unit

ROLES = """
[[role]]
name = "ward officer"
total = 12
floor = 2
cap = 5

[[role]]
name = "youth officer"
total = 3
demand = "young residents"
each = 400

[[lock]]
role = "ward officer"
ward = "E05000001"
posts = 4
reason = "consultation of 2024"

[[minimum]]
role = "youth officer"
borough = "Borough 1"
posts = 2
"""


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_each_role_becomes_a_question(tmp_path: Path) -> None:
    rules = read_posts(written(tmp_path, "posts.toml", ROLES))
    today = read_posts_today(
        written(
            tmp_path, "posts_today.csv", "ward_code,role,posts\nE05000000,ward officer,5\nE05000001,ward officer,3\n"
        )
    )
    areas = wards(4)
    by_ward = pd.Series([10.0, 20, 30, 40], index=areas["ward_code"])
    demand = {"victim-reported": one_draw(by_ward), "young residents": one_draw(by_ward * 10)}
    officers, youth = post_questions(areas, rules, demand, today)
    assert officers.terms.floor.tolist() == [2, 4, 2, 2]
    assert officers.terms.cap.tolist() == [5, 4, 5, 5]
    assert officers.each == 100 / 8  # what the posts of today would meet alike
    assert officers.unit == "offences"
    assert youth.each == 400
    assert youth.terms.minima.tolist() == [0, 2]
    assert youth.today is None
    with pytest.raises(InputError, match="a demand that is not known"):
        post_questions(areas, rules, {"victim-reported": one_draw(by_ward)})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("role = []", "role"),
        ('[[role]]\nname = "a"\ntotal = -1', "role.0.total"),
        ('[[role]]\nname = "a"\ntotal = 1\n[[role]]\nname = "a"\ntotal = 1', "A role is there twice"),
        ('[[role]]\nname = "a"\ntotal = 1\n[[lock]]\nrole = "b"\nward = "w"\nposts = 1', "role that is not there"),
        (
            '[[role]]\nname = "a"\ntotal = 1\n' + '[[lock]]\nrole = "a"\nward = "w"\nposts = 1\n' * 2,
            "A lock is there twice",
        ),
    ],
)
def test_what_a_file_may_not_say_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_posts(written(tmp_path, "posts.toml", text))


def test_without_a_file_there_are_ward_officers() -> None:
    assert ward_officers().role[0].total == 1700
    assert ward_officers(total=1400, floor=1).role[0].floor == 1


def test_pupils_and_posts_of_today_are_numbers(tmp_path: Path) -> None:
    assert read_pupils(written(tmp_path, "p.csv", "ward_code,pupils\nE05000000,900\n"))["pupils"].tolist() == [900]
    with pytest.raises(InputError, match="at least zero"):
        read_pupils(written(tmp_path, "p.csv", "ward_code,pupils\nE05000000,few\n"))
    with pytest.raises(InputError, match="repeat"):
        read_pupils(written(tmp_path, "p.csv", "ward_code,pupils\nE05000000,1\nE05000000,2\n"))


def test_schools_are_read_where_they_are_told_and_else_the_young_stand_in(tmp_path: Path) -> None:
    told = read_pupils(written(tmp_path, "p.csv", "ward_code,pupils,schools\nE05000000,900,2\n"))
    assert told["schools"].tolist() == [2]
    role = read_posts(written(tmp_path, "posts.toml", '[[role]]\nname = "youth"\ntotal = 3\ndemand = "pupils"')).role[0]
    young = one_draw(pd.Series([1.0, 2], index=wards(2)["ward_code"]))
    measure, said = demand_of(role, {"young residents": young})
    assert measure == "young residents"
    assert said == "No file tells of pupils, so posts of youth follow residents of 10 to 17."
    assert demand_of(role, {"pupils": young}) == ("pupils", "")


def test_a_role_rises_and_does_not_fall(tmp_path: Path) -> None:
    text = '[[role]]\nname = "youth"\ntotal = 281\nrising_to = {}\n'
    rules = read_posts(written(tmp_path, "posts.toml", text.format(600)))
    assert later_terms(rules.role[0], rules, wards(4)).total == 600
    with pytest.raises(InputError, match="below the total of 281"):
        read_posts(written(tmp_path, "posts.toml", text.format(200)))


def test_victims_of_10_to_17_count_only_where_they_are_measured() -> None:
    rows = [("victim", "ARSON", 10, 17, 3, "measured"), ("victim", "ARSON", 18, 90, 9, "measured")]
    rows += [("victim", "ARSON", 0, 9, 0, "measured"), ("victim", "RAPE", 10, 17, 9, "measured")]
    rows += [("suspect", "ARSON", 10, 17, 99, "measured"), ("victim", "BURGLARY", 10, 17, 9, "proxy")]
    columns = ["basis", "crime_type", "age_low", "age_high", "count", "quality"]
    shares = shares_of_young_victims(pd.DataFrame(rows, columns=columns), ["ARSON", "BURGLARY"])
    assert shares.to_dict() == {"ARSON": 0.25}


def test_disorder_counts_where_wards_have_it() -> None:
    months = pd.date_range("2024-04-01", periods=13, freq="MS")
    rows = [(code, month, 2) for code in ("E05000001", "E09000000") for month in months]
    table = pd.DataFrame(rows, columns=["area_code", "month", "count"])
    found = recorded_disorder(wards(2), table, months[0])
    assert found is not None
    assert found.to_numpy().tolist() == [[0, 24]]
    assert recorded_disorder(wards(2), table[table["area_code"] == "E09000000"], months[0]) is None


def test_a_survey_is_the_mean_of_its_latest_year(tmp_path: Path) -> None:
    quarters = ["2022-12-31", "2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"]
    rows = [
        f"{quarter},Camden,Trust MPS,{share}"
        for quarter, share in zip(quarters, (0.1, 0.6, 0.6, 0.8, 0.8), strict=True)
    ]
    file = written(tmp_path, "s.csv", "quarter_end,area,measure,proportion\n" + "\n".join(rows))
    assert read_survey(file)["proportion"].tolist() == [pytest.approx(0.7)]
    with pytest.raises(InputError, match="no such measure"):
        read_survey(file, "Love MPS")


def test_what_policing_discovers_and_what_is_protected_earn_no_posts() -> None:
    types = posted_types(read_crime_types(), discovered_types())
    assert not {"POSSESSION OF DRUGS", "TRAFFICKING OF DRUGS", "POSSESSION OF WEAPONS", "RAPE", "HOMICIDE"} & set(types)
    assert "RESIDENTIAL BURGLARY" in types
    areas = wards(2)
    months = pd.date_range("2024-04-01", periods=24, freq="MS")
    offences = pd.DataFrame(
        [("E05000000", crime, month, 1) for crime in ("ARSON", "POSSESSION OF DRUGS") for month in months],
        columns=["ward_code", "crime_type", "month", "count"],
    )
    found = recorded_demand(areas, offences, pd.Series(2.0, index=types), months[3])
    assert found.to_numpy().tolist() == [[24, 0]]


def test_young_residents_are_of_10_to_17_in_the_latest_estimate() -> None:
    rows = [
        (ward, year, age, 1.0, variant)
        for ward in ("E05000000", "E05000001")
        for year, variant in ((2019, "estimate"), (2020, "estimate"), (2025, "projection"))
        for age in range(91)
    ]
    by_age = pd.DataFrame(rows, columns=["area_code", "year", "age", "persons", "variant"])
    assert young_residents(wards(2), by_age).tolist() == [8, 8]


def test_suppositions_fall_from_the_least_to_the_most_affected() -> None:
    areas = wards(4)
    profile = pd.DataFrame({"ward_code": areas["ward_code"], "indicator": "imd_score_2019", "value": [0.0, 10, 20, 40]})
    trust = pd.DataFrame({"area": ["Borough 0", "Borough 1"], "proportion": [0.8, 0.5]})
    reported = reporting_suppositions(areas, ward_likeness(profile), trust)
    assert np.allclose(reported["20% less in the most deprived ward"], [1, 0.95, 0.9, 0.8])
    assert np.allclose(reported["10% less in the borough of least trust"], [1, 0.9, 1, 0.9])
