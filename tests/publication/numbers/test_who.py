"""Who is growing where, and what it implies: arithmetic that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.forecast.vocabulary import EXCLUDING
from models.people.evidence_groups import WORDS
from publication.charts.waterfall import moving, two_legs
from publication.charts.who_charts import rates_by_age
from publication.numbers.age_quality import CAVEATS, INTERVALS, age_caveats, shares_not_known
from publication.numbers.who import COLUMNS, mid_year, who_grows
from publication.pages.who_demand import by_scenario, steps_table, write_demand_table
from publication.pages.who_page import write_who
from publication.release.contents import Contents
from publication.tables.dictionary import undescribed
from sources.ages.arrests import ARRESTS
from tests.publication.fictional_force import changed

pytestmark = pytest.mark.unit


def violent(cells: pd.DataFrame, name: str = "ROBBERY") -> pd.DataFrame:
    """The forecast with burglary named as one of the types that the page is about."""
    return cells.assign(crime_type=cells["crime_type"].replace({"BURGLARY": name}))


@pytest.fixture(scope="module")
def contents(publication: Any, reported: Callable[..., Contents]) -> Contents:
    made = reported(publication)
    return reported(publication, forecast_by_age=violent(made.ages.forecast_by_age))


def test_growth_is_of_residents_and_wards_come_by_how_many_more(contents: Contents, publication: Any) -> None:
    table = who_grows(contents)
    assert list(table.columns) == COLUMNS
    wards = table[(table["area_level"] == "ward") & (table["age_group"] == "10-17") & (table["age_basis"] == "victim")]
    assert list(wards["area_code"]) == sorted(publication.areas["ward_code"], reverse=True), "the last grows most"
    last = wards.iloc[0]
    assert (last["from_year"], last["to_year"]) == (2025, 2026)
    assert (last["residents"], last["residents_ahead"]) == pytest.approx((600, 630))
    assert (last["residents_low"], last["residents_high"]) == pytest.approx((567, 693))
    assert last["growth"] == pytest.approx(0.05)
    boroughs = table[(table["area_level"] == "borough") & (table["age_basis"] == "victim")]
    assert boroughs["residents"].sum() == pytest.approx(2 * sum(range(100, 700, 100)))


def test_what_growth_implies_is_the_first_year_times_growth(contents: Contents) -> None:
    table = who_grows(contents)
    ward = table[(table["area_level"] == "ward") & (table["age_group"] == "18-24")].iloc[0]
    assert ward["implied"] == pytest.approx(ward["expected"] * ward["growth"])
    assert ward["implied_low"] == pytest.approx(ward["expected"] * (ward["residents_low"] / ward["residents"] - 1))
    assert ward["rate"] == pytest.approx(1000 * ward["expected"] / ward["residents"])
    assert ward["rate_misleads"] == "few", "600 residents are few"


def test_wards_tell_a_type_without_its_protected_ones_and_boroughs_the_whole(
    publication: Any, reported: Callable[..., Contents]
) -> None:
    ages = reported(publication).ages.forecast_by_age
    whole, part = violent(ages), violent(ages, f"ROBBERY{EXCLUDING}")
    both = pd.concat([whole[whole["area_level"] != "ward"], part[part["crime_type"] == f"ROBBERY{EXCLUDING}"]])
    table = who_grows(reported(publication, forecast_by_age=both, protected_types=("ARSON",)))
    names = table.groupby("area_level")["crime_type"].unique()
    assert list(names["ward"]) == [f"ROBBERY{EXCLUDING}"]
    assert list(names["borough"]) == ["ROBBERY"]


def test_residents_without_offences_by_age_still_rank(publication: Any, reported: Callable[..., Contents]) -> None:
    table = who_grows(reported(publication, forecast_by_age=publication.forecast.iloc[:0]))
    assert len(table) == 2 * (6 + 3)
    assert table["expected"].isna().all()


def test_years_of_residents_are_those_within_the_twelve_months() -> None:
    assert mid_year(pd.Timestamp("2025-04-01")) == 2025
    assert mid_year(pd.Timestamp("2025-10-01")) == 2026


def test_two_legs_share_the_year_between_them() -> None:
    first = pd.DataFrame({"step": ["before", "rate", "after"], "offences": [100.0, -10.0, 90.0]})
    second = pd.DataFrame({"step": ["before", "age mix", "rate", "after"], "offences": [90.0, 5.0, 1.0, 96.0]})
    shown = moving(two_legs(first, second))
    assert list(shown["step"]) == ["before", "rate", "now", "age mix", "rate", "after"]
    assert list(shown["start"]) == [100, 100, 90, 90, 95, 96]
    assert list(shown["end"]) == [100, 90, 90, 95, 96, 96]


def test_the_page_has_its_pictures_or_says_that_there_are_none(
    contents: Contents, publication: Any, tmp_path: Path
) -> None:
    write_who(tmp_path, contents)
    page = (tmp_path / "who.html").read_text(encoding="utf-8")
    assert "pictures/demand_all.svg" in page
    assert (tmp_path / "pictures" / "demand_all.svg").exists()
    assert not [problem for problem in undescribed(tmp_path) if problem.startswith("who")]
    assert "not why a forecast is accurate" in page
    (tmp_path / "bare").mkdir()
    write_who(tmp_path / "bare", publication.contents())
    bare = (tmp_path / "bare" / "who.html").read_text(encoding="utf-8")
    assert "no residents by age ahead" in bare
    assert "does not take its change apart" in bare


def test_caveats_are_those_of_the_sources_that_the_release_has(contents: Contents) -> None:
    rated = contents.ages.age_quality
    own = rated.assign(source="The force's own records", quality="measured")
    arrests = rated.assign(source=WORDS[ARRESTS].replace(",", " 2015/16 to 2017/18,"))
    assert age_caveats(changed(contents, age_quality=own).ages) == []
    assert age_caveats(changed(contents, age_quality=arrests).ages) == [*CAVEATS[ARRESTS], INTERVALS]


def test_the_share_of_offences_with_no_known_age_is_of_all_age_groups(contents: Contents) -> None:
    shares = shares_not_known(contents).set_index("crime_type")
    assert list(shares.loc["ROBBERY"]) == pytest.approx([0.4, 0.4])


def test_steps_that_are_always_nothing_have_no_column_and_figures_go_to_a_file(
    contents: Contents, tmp_path: Path
) -> None:
    steps = contents.ahead.demand_waterfall
    idle = steps[steps["step"] == "rate"].assign(step="judgement", offences=0.0)
    more = changed(contents, demand_waterfall=pd.concat([steps, idle]).sort_values("month_before", kind="stable"))
    table = steps_table(more)
    assert table is not None
    names = [name for name, _ in table.headings]
    assert "Judgement" not in names
    assert {"From", "Age mix", "Rate", "To"} <= set(names)
    name = write_demand_table(tmp_path, contents)
    assert len(pd.read_csv(tmp_path / name)) == len(steps)
    assert not [problem for problem in undescribed(tmp_path) if problem.startswith("demand")]


def test_the_last_year_is_told_by_projection(contents: Contents) -> None:
    assert by_scenario(contents) == "", "one scenario"
    steps = contents.ahead.demand_waterfall
    low = steps.assign(scenario="low", offences=steps["offences"] * 0.8)
    facts = replace(contents.facts, scenarios=("central", "low"))
    text = by_scenario(changed(contents, facts=facts, demand_waterfall=pd.concat([steps, low])))
    assert "95 under central, 76 under low" in text


def test_a_curve_has_no_age_at_which_one_of_its_types_has_no_rate(contents: Contents) -> None:
    types = contents.crime.crime_types
    minors = types.loc[types["major_type"].duplicated(keep=False), "crime_type"].head(2)
    rows = [
        (minor, "victim", age, 1.0, 0.5, 2.0) for place, minor in enumerate(minors) for age in range(10 * place, 30)
    ]
    rates = pd.DataFrame(rows, columns=["crime_type", "basis", "age", "rate", "low", "high"])
    figure = rates_by_age(changed(contents, age_rates=rates))
    assert figure is not None
    (line,) = figure.axes[0].get_lines()
    assert list(line.get_xdata()) == list(range(10, 30))
    assert set(line.get_ydata()) == {2.0}
