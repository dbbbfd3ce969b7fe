"""What analysts and commanders come for, done in a few actions of the page alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from publication.release.contents import Contents
from tests.deep.browser.test_atlas_page import saved, shows

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.integration

Open = Callable[..., "Page"]


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


def test_the_top_wards_of_a_year_have_their_chances(open_page: Open) -> None:
    page = open_page("crime=major-burglary&period=2026-04-year")
    part = page.locator("#area-panel .part", has=page.get_by_role("heading", name="Wards with most expected"))
    assert "in year 2" in part.inner_text()
    assert part.locator("tbody tr").count() == 5
    assert all(" in " in text for text in part.locator("tbody td:nth-child(6)").all_inner_texts())


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
