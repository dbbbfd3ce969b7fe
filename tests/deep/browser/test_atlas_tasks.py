"""What analysts and commanders come for, done in a few actions of the page alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from models.forecast.vocabulary import ALL_EXCLUDING
from publication.atlas import write_atlas
from publication.numbers.chance import chance_of_more, tenths
from publication.release.contents import Contents
from tests.deep.browser.test_atlas_page import saved, shows
from tests.publication.atlas.fictional_atlas import atlas_contents

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.integration

Open = Callable[..., "Page"]
AREA = ("area_level", "area_code")


def first_year(contents: Contents) -> pd.DataFrame:
    rows = contents.ahead.all_recorded.query("period == 'year' and scenario == 'central'")
    return rows[rows["month"] == rows["month"].min()]


def test_two_areas_are_compared_side_by_side(open_page: Open, contents: Contents) -> None:
    page = open_page("area=borough:E09000000")
    page.click("#go-compare")
    shows(page, view="compare")
    page.select_option("#choose-other", "borough:E09000001")
    shows(page, other="borough:E09000001")
    rows = first_year(contents).query("area_level == 'borough' and crime_type == 'all'").set_index("area_code")["q50"]
    cells = page.locator("#compare tbody tr", has_text="Middle forecast").first.locator("td").all_inner_texts()
    assert cells == [f"{rows[code]:,}" for code in ("E09000000", "E09000001")]
    assert page.locator("#compare svg.chart").count() == 2


def test_two_crime_types_are_compared_side_by_side(open_page: Open) -> None:
    page = open_page("view=compare&crime=major-burglary&othercrime=minor-arson&other=force:E23000099")
    heads = page.locator("#compare thead th").all_inner_texts()
    assert [head.split(",")[0] for head in heads[1:]] == ["Burglary", "Arson"]


def test_the_wards_of_a_borough_are_all_listed_and_sorted(open_page: Open, contents: Contents) -> None:
    page = open_page("view=table")
    page.select_option("#choose-within", "borough:E09000001")
    shows(page, within="borough:E09000001")
    wards = contents.geography.areas.query("borough_code == 'E09000001'")
    assert page.locator("#area-table tbody tr").count() == len(wards)
    page.click("[data-sort='middle']")
    shows(page, sort="-middle")
    medians = [
        int(text.replace(",", "")) for text in page.locator("#area-table tbody td:nth-child(3)").all_inner_texts()
    ]
    assert medians == sorted(medians, reverse=True)


def test_every_chart_gives_its_data_and_its_picture(open_page: Open, contents: Contents) -> None:
    page = open_page("area=borough:E09000000")
    charts = page.locator("#area-panel figure")
    assert charts.count() >= 3
    for number in range(charts.count()):
        assert charts.nth(number).get_by_role("button").all_inner_texts()[-2:] == [
            "Data of this chart (CSV)",
            "Picture (SVG)",
        ]
    with page.expect_download() as download:
        charts.first.get_by_role("button", name="Data of this chart").click()
    table = pd.read_csv(download.value.path(), encoding="utf-8-sig")
    rows = contents.ahead.all_recorded.query("area_code == 'E09000000' and crime_type == 'all' and period == 'month'")
    rows = rows[rows["area_level"] == "borough"].sort_values("month")
    assert table["median"].dropna().tolist() == rows["q50"].tolist()
    assert "SIMULATED" in download.value.suggested_filename
    with page.expect_download() as picture:
        charts.first.get_by_role("button", name="Picture (SVG)").click()
    assert "SIMULATED" in Path(picture.value.path()).read_text(encoding="utf-8")


def test_the_top_wards_of_a_year_have_their_chances(open_page: Open, contents: Contents) -> None:
    page = open_page("crime=major-burglary&period=2026-04-year")
    part = page.locator("#area-panel .part", has=page.get_by_role("heading", name="Wards with most expected"))
    assert "in year 2" in part.inner_text()
    rows = contents.ahead.forecast.query("area_level == 'ward' and crime_level == 'major' and crime_type == 'BURGLARY'")
    rows = rows[(rows["period"] == "year") & (rows["scenario"] == "central") & (rows["month"] == "2026-04")]
    first = rows.nlargest(5, "mean")
    assert part.locator("tbody td:nth-child(3)").all_inner_texts() == [f"{middle:,}" for middle in first["q50"]]
    recorded = [float(text.replace(",", "")) for text in part.locator("tbody td:nth-child(2)").all_inner_texts()]
    chances = [tenths(float(one)) for one in chance_of_more(first, np.array(recorded))]
    assert part.locator("tbody td:nth-child(6)").all_inner_texts() == chances


def test_the_worst_months_are_named(open_page: Open, contents: Contents) -> None:
    page = open_page("area=borough:E09000000")
    rows = contents.ahead.all_recorded.query("area_code == 'E09000000' and crime_type == 'all' and period == 'month'")
    worst = rows[(rows["area_level"] == "borough") & (rows["month"] < "2026-04")].nlargest(1, "mean").iloc[0]
    said = page.inner_text("#area-panel")
    assert f"with most expected: {worst['month']:%B %Y} (middle forecast {worst['q50']:,}" in said


def test_a_borough_has_a_briefing_with_all_years(open_page: Open) -> None:
    page = open_page("view=briefing")
    page.select_option("#choose-bcu", label="Market & Quay 1")
    shows(page, area="borough:E09000001")
    assert page.inner_text("#sheet-1") == "Market & Quay 1: crime forecast briefing"
    assert "Apr 2026 to Mar 2027" in page.inner_text(".sheet")
    assert "place proactive policing" in page.inner_text(".sheets")


def test_search_forgives_spelling(open_page: Open) -> None:
    page = open_page()
    page.fill("#search-area", "Markt & Qauy 1")
    assert "Market & Quay 1" in page.locator("#search-results").inner_text()
    page.fill("#search-area", "Nowhere at all")
    assert page.inner_text("#search-status") == "No area of that name or code."


def test_years_ahead_say_how_past_forecasts_of_them_did(
    open_page: Open, make: Callable[..., Any], tmp_path: Path
) -> None:
    past = pd.DataFrame(
        [
            (pd.Timestamp(origin), ahead, "force", "E23000099", "all", "all", 90.0, 100.0, 110.0, recorded)
            for origin, ahead, recorded in (("2023-03-01", 1, 105.0), ("2022-03-01", 1, 120.0), ("2022-03-01", 2, 99.0))
        ],
        columns=["origin", "years_ahead", *AREA, "crime_level", "crime_type", "low", "middle", "high", "recorded"],
    )
    write_atlas(tmp_path, atlas_contents(make, past_years=past))
    page = open_page(folder=tmp_path / "atlas")
    said = page.locator("#area-panel .part", has=page.get_by_role("heading", name="Years ahead")).inner_text()
    assert "Year 1: 1 of 2, the middle one missing by 11 %;" in said.replace("\u00a0", " ")
    assert "year 2: 1 of 1, the middle one missing by 1.0 %" in said.replace("\u00a0", " ")


def test_severity_says_what_it_leaves_out(open_page: Open, make: Callable[..., Any], tmp_path: Path) -> None:
    whole = atlas_contents(make)
    total = whole.ahead.forecast[whole.ahead.forecast["crime_type"] == "all"].assign(crime_type=ALL_EXCLUDING)
    protected = whole.ahead.forecast["crime_type"].isin(["ARSON", "all"]) & (
        whole.ahead.forecast["area_level"] == "ward"
    )
    told = pd.concat([whole.ahead.forecast[~protected], total])
    write_atlas(tmp_path, atlas_contents(make, forecast=told, protected_types=("ARSON",)))
    for view in ("", "&view=table"):
        page = open_page(
            f"crime=all-excluding-protected-types&measure=severity&level=ward{view}", folder=tmp_path / "atlas"
        )
        assert "Severity here leaves out Arson, which carry" in page.inner_text("#main")


def test_search_knows_wards_that_are_gone(open_page: Open) -> None:
    page = open_page()
    page.fill("#search-area", "old market")
    found = page.locator("#search-results li").all_inner_texts()
    assert len(found) == 2
    assert found[0].startswith("Plain (ward")
    assert found[0].endswith("80 % of the residents of Old Market, a ward until 2022")
    page.keyboard.press("Enter")
    shows(page, area="ward:E05000005")


@pytest.mark.parametrize(
    ("asked", "ward"), [("n1 9gu", "E05000005"), ("N19GX", "E05000002"), ("SW1A 1", "E05000004"), ("n19", "E05000003")]
)
def test_search_knows_postcodes(open_page: Open, asked: str, ward: str) -> None:
    page = open_page()
    page.fill("#search-area", asked)
    page.wait_for_function("() => document.querySelectorAll('#search-results li').length === 1")
    assert "postcode" in page.inner_text("#search-results")
    page.keyboard.press("Enter")
    shows(page, area=f"ward:{ward}")


def test_a_postcode_that_is_not_there_is_said(open_page: Open) -> None:
    page = open_page()
    page.fill("#search-area", "M1 1AE")
    page.wait_for_function("() => document.querySelector('#search-status').textContent.startsWith('No such postcode')")


def test_a_choice_that_cannot_be_had_is_said_and_comes_back(open_page: Open) -> None:
    page = open_page("crime=minor-criminal-damage&age=suspect:10-17")
    page.select_option("#choose-crime", "minor-arson")
    page.wait_for_function("() => document.documentElement.dataset.shown.includes('minor-arson')")
    assert "Ages of suspects are not known for this crime type (Arson)" in page.inner_text("#address-note")
    page.select_option("#choose-crime", "minor-criminal-damage")
    shows(page, crime="minor-criminal-damage", age="suspect:10-17")
    assert page.is_hidden("#address-note")


def test_the_change_map_has_fixed_classes_and_grey_where_it_cannot_tell(open_page: Open) -> None:
    page = open_page("measure=change")
    labels = page.locator(".legend li").all_inner_texts()
    assert not any("over 100" in label for label in labels)
    assert labels[0].startswith("Fall of over 20")
    assert any(label.startswith("Cannot tell") for label in labels)
    page.select_option("#choose-measure", "direction")
    shows(page, measure="direction")
    assert page.locator(".legend li").first.inner_text().startswith("Likely down")


def test_the_chosen_area_is_marked_on_the_key(open_page: Open) -> None:
    page = open_page("level=borough&area=borough:E09000000")
    assert page.locator(".chosen-key").inner_text() == "Market & Quay 0"


def test_one_navigation_leads_out_of_the_atlas(open_page: Open) -> None:
    page = open_page()
    hrefs = page.locator(".masthead-pages a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert hrefs[:3] == ["../index.html", "index.html", "../scorecard.html"]


def test_the_page_says_what_it_must_not_be_used_for(open_page: Open) -> None:
    page = open_page()
    assert "patrols or searches" in page.inner_text(".about")


def test_figures_of_the_shown_areas_have_the_chance(open_page: Open) -> None:
    name, content = saved(open_page("level=borough"), "save-csv")
    assert "SIMULATED" in name
    assert "chance_of_rise" in content.decode("utf-8-sig").splitlines()[0]
