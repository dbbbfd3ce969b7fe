"""The page as a reader meets it, in Chromium: what it says, its address, keys, downloads, reach and print."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from models.forecast.vocabulary import ALL_EXCLUDING
from publication.atlas import write_atlas
from publication.numbers.chance import chance_of_more, outlook_in_words, tenths
from publication.release.contents import Contents
from tests.publication.atlas.fictional_atlas import HOSTILE, atlas_contents

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.integration

Open = Callable[..., "Page"]
VIEWS = (
    "",
    "measure=change&area=ward:E05000001&zoom=borough",
    "measure=severity&level=borough&area=borough:E09000000",
    "measure=width&period=2026-06&area=bcu:BCU0",
    "age=victim:10-17&measure=rate",
    "scenario=low&crime=major-burglary",
    "view=table&sort=name",
    "view=briefing",
)


def shows(page: Page, **told: str) -> None:
    """Wait until a view is drawn whose address says this."""
    page.wait_for_function(
        """told => {
            const shown = new URLSearchParams(document.documentElement.dataset.shown.slice(1));
            return Object.entries(told).every(([name, value]) => shown.get(name) === value);
        }""",
        arg=told,
    )


def go(page: Page, view: str) -> None:
    """Follow a link to a view, and wait until it is drawn."""
    page.evaluate("view => { location.hash = view }", view)
    page.wait_for_function(
        """view => {
            const told = (text) => [...new URLSearchParams(text)].sort().join();
            return told(document.documentElement.dataset.shown.slice(1)) === told(view);
        }""",
        arg=view,
    )


def address(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(page.url.partition("#")[2]).items()}


def saved(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.click(f"#{button}")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_it_says_the_same_from_disk_and_from_a_web_server(open_page: Open, served: str) -> None:
    texts = []
    for url in ("", served):
        page = open_page("crime=major-burglary&area=ward:E05000001", url=url)
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.select_option("#choose-crime", "minor-arson")
        shows(page, crime="minor-arson")
        assert all(one.startswith((url or "file://").removesuffix("index.html")) for one in asked)
        texts.append(page.inner_text("#area-panel"))
    assert texts[0] == texts[1]


def test_the_finding_is_the_forecast(open_page: Open, contents: Contents) -> None:
    page = open_page("area=borough:E09000000")
    rows = contents.ahead.all_recorded.query(
        "area_code == 'E09000000' and area_level == 'borough' and crime_level == 'all'"
    )
    year = rows[(rows["period"] == "year") & (rows["scenario"] == "central")].sort_values("month").iloc[[0]]
    wards = contents.geography.areas.query("borough_code == 'E09000000'")["ward_code"]
    recent = contents.recorded.offences[
        contents.recorded.offences["ward_code"].isin(wards) & (contents.recorded.offences["month"] > "2024-03")
    ]
    lost = contents.recorded.unlocated_offences.query("area_code == 'E09000000' and month > '2024-03'")["count"].sum()
    before = recent["count"].sum() + lost
    said = page.inner_text("#area-panel .finding")
    chance = outlook_in_words(float(chance_of_more(year, np.array([before]))[0]))
    cell = year.iloc[0]
    assert said.startswith("All recorded crime (excluding fraud) in Market & Quay 0 in the next 12 months")
    assert f": {chance}. {cell['q50']:,.0f} offences in the middle forecast, against {before:,} in the last" in said
    low, high = (f"{round((cell[edge] / before - 1) * 100):+d}\u00a0%" for edge in ("q10", "q90"))
    assert f"between {cell['q10']:,} and {cell['q90']:,} ({low} to {high})".replace("-", "\u2212") in said
    assert "SIMULATED" in page.inner_text("body")
    assert "They are counted here, and in no ward." in page.inner_text("#area-panel .notes")


def test_words_and_chance_of_the_page_are_those_of_the_pages(open_page: Open, contents: Contents) -> None:
    """Every borough and ward, and every year: the table says the chance that `publication.numbers.chance` says."""
    page = open_page("view=table&level=bcu&rows=all")
    for level, told in (("bcu", contents.ahead.all_recorded), ("ward", contents.ahead.forecast)):
        page.select_option("#choose-level", level)
        shows(page, level=level) if level != "ward" else page.wait_for_function(
            "() => !document.documentElement.dataset.shown.includes('level=bcu')"
        )
        rows = told.query("area_level == @level and crime_type == 'all' and period == 'year' and scenario == 'central'")
        rows = rows[rows["month"] == rows["month"].min()]
        shown = page.locator("#area-table tbody tr").evaluate_all(
            "all => all.map(row => [...row.cells].map(cell => cell.innerText))"
        )
        recorded = np.array([float(cells[1].replace(",", "")) for cells in shown])
        medians = [f"{value:,.0f}" for value in rows["q50"]]
        assert sorted(cells[2] for cells in shown) == sorted(medians)
        by_median = {f"{median:,.0f}": row for median, row in zip(rows["q50"], rows.index, strict=True)}
        if len(by_median) < len(shown):
            continue  # two areas of one median cannot be told apart here
        ordered = rows.loc[[by_median[cells[2]] for cells in shown]]
        assert [cells[6] for cells in shown] == [tenths(float(one)) for one in chance_of_more(ordered, recorded)]


@pytest.mark.parametrize("width", [1280, 320])
def test_no_view_breaks_an_accessibility_rule_or_runs_over_the_screen(open_page: Open, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width=width)
    for view in VIEWS:
        go(page, view)
        if width == 1280:
            results = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})
            assert results.violations_count == 0, f"{view}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view


@pytest.mark.parametrize("width", [1280, 320])
def test_a_ward_says_its_posts_and_why(open_page: Open, contents: Contents, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert contents.plan is not None
    posts = contents.plan.tables["posts"]
    one = posts[(posts["ward_code"] == "E05000005") & (posts["rule"] == "expected shortfall")].iloc[0]
    page = open_page("area=ward:E05000005", width=width)
    part = page.locator("section.part", has=page.get_by_role("heading", name="Posts and why"))
    part.wait_for()
    said = part.inner_text()
    assert f"Ward officer: {one['posts']}, {one['posts'] - 2} above the least of 2." in said
    assert one["why"] in said
    assert f"{one['posts'] + 1} if 20% less in the most deprived ward" in said
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    link = part.get_by_role("link")
    link.focus()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "../plan/index.html"
    go(page, "area=borough:E09000000")
    page.get_by_text(re.compile(r"Ward officer: \d+ posts in \d+ wards")).wait_for()


def test_small_controls_are_large_enough_to_hit(open_page: Open) -> None:
    page = open_page("view=table")
    sizes = page.eval_on_selector_all(
        "button, select, input",
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])",
    )
    shown = [size for size in sizes if size[0]]
    assert len(shown) > 10
    assert min(min(size) for size in shown) >= 24


def test_the_map_is_one_stop_for_the_keyboard_and_arrows_reach_every_ward(open_page: Open) -> None:
    page = open_page()
    page.focus("#search-area")
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "listbox":
            break
    seen = set()
    for key in ["ArrowLeft"] * 3 + ["ArrowDown"] * 2 + ["ArrowRight"] * 2 + ["ArrowUp"] + ["ArrowLeft"] * 2:
        page.keyboard.press(key)
        seen.add(page.get_attribute("svg.map", "aria-activedescendant"))
    assert len(seen) == 6
    told = page.inner_text("#map-status")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#area-title').textContent !== 'Fictional Police'")
    assert told.startswith(page.inner_text("#area-title"))
    assert page.evaluate("document.activeElement.getAttribute('role')") == "listbox"
    assert address(page)["area"].startswith("ward:")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('svg')") is None


def test_an_area_is_found_by_search_by_list_and_by_table(open_page: Open) -> None:
    page = open_page()
    page.fill("#search-area", "plain")
    assert page.inner_text("#search-status") == "1 area found."
    page.keyboard.press("Enter")
    shows(page, area="ward:E05000005")
    assert page.evaluate("document.activeElement.id") == "area-title"
    page.select_option("#choose-area", label="Market & Quay 1")
    shows(page, area="borough:E09000001")
    page.click("#go-table")
    shows(page, view="table")
    page.click("[data-sort=name]")
    shows(page, sort="name")
    assert page.evaluate("document.activeElement.dataset.sort") == "name"
    page.get_by_role("button", name="Plain").click()
    shows(page, area="ward:E05000005")


def test_the_address_holds_the_view_and_back_goes_back(open_page: Open) -> None:
    page = open_page()
    for name, value in (
        ("crime", "minor-arson"),
        ("measure", "rate"),
        ("period", "2026-04-year"),
        ("level", "borough"),
    ):
        page.select_option(f"#choose-{name}", value)
        shows(page, **{name: value})
    told = page.inner_text("#shown-title")
    again = open_page(page.url.partition("#")[2])
    assert again.inner_text("#shown-title") == told
    assert again.input_value("#choose-measure") == "rate"
    page.go_back()
    shows(page, period="2026-04-year")
    assert "level" not in address(page)
    page.go_back()
    shows(page, measure="rate")
    page.go_forward()
    shows(page, period="2026-04-year")
    assert page.input_value("#choose-period") == "2026-04-year"


def test_an_address_that_means_nothing_shows_the_first_view(open_page: Open) -> None:
    page = open_page(
        "crime=%3Cscript%3E&area=ward:E05999999&period=1066-01&age=victim:__proto__&sort=constructor&view=%00"
    )
    assert page.evaluate("document.documentElement.dataset.shown") == "#"
    assert page.inner_text("#area-title") == "Fictional Police"


def test_the_download_holds_what_is_shown_and_no_formulas(open_page: Open, contents: Contents) -> None:
    page = open_page("crime=major-burglary&period=2026-04-year&scenario=low&measure=rate")
    name, content = saved(page, "save-csv")
    assert name.endswith("-SIMULATED.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    low = contents.ahead.forecast.query("scenario == 'low' and crime_type == 'BURGLARY' and area_level == 'ward'")
    means = low[low["month"] == "2026-04-01"].set_index("area_code")["mean"]
    assert {row["area_code"]: float(row["mean"]) for row in rows} == pytest.approx(means.to_dict(), abs=0.051)
    assert {row["area_name"] for row in rows} == {f"'{one}" if one.startswith("=") else one for one in HOSTILE}
    assert {row["note"] for row in rows if row["area_code"] == "E05000005"} == {
        "residents not known Few or no residents: a rate per resident misleads here."
    }


def test_pictures_stand_alone_and_are_marked(open_page: Open) -> None:
    page = open_page("area=ward:E05000000&measure=change")
    for what in ("map", "chart"):
        _, drawing = saved(page, f"save-{what}-svg")
        text = " ".join(ElementTree.fromstring(drawing).itertext())
        assert "SIMULATED" in text
        assert "Source: Wardcast" in text
        assert "<script" not in drawing.decode()
        name, picture = saved(page, f"save-{what}-png")
        assert name.endswith("-SIMULATED.png")
        assert picture.startswith(b"\x89PNG")


def test_names_are_text_whatever_they_hold(open_page: Open) -> None:
    page = open_page("view=table&sort=name")
    assert set(page.locator("tbody th button").all_inner_texts()) >= {HOSTILE[0], HOSTILE[3]}
    for row in range(len(HOSTILE)):
        go(page, f"area=ward:E0500000{row}")
        assert page.inner_text("#area-title").strip("\u2068\u2069") == HOSTILE[row].strip()
    assert page.evaluate("window.hacked") is None
    assert page.locator("main script, main img").count() == 0


def test_ages_of_victims_and_suspects_stand_apart_with_their_quality(open_page: Open) -> None:
    page = open_page("age=suspect:10-17&period=2025-06&crime=minor-criminal-damage")
    assert page.input_value("#choose-period") == "2025-04-year"
    notes = page.inner_text("#area-panel .notes")
    assert "Ages are a proxy" in notes
    assert "not to be added up" in notes
    labels = page.eval_on_selector_all("#choose-age optgroup", "all => all.map(one => one.label)")
    assert labels == ["Age of victims (measured)", "Age of suspects (proxy)"]
    page.select_option("#choose-crime", "minor-arson")
    shows(page, crime="minor-arson")
    assert page.input_value("#choose-age") == "all"
    assert page.locator("#choose-age option[value^=suspect]:not([disabled])").count() == 0


def test_a_sentence_on_an_age_tells_the_share_of_which_no_age_is_known(open_page: Open, contents: Contents) -> None:
    page = open_page("age=suspect:10-17&crime=minor-criminal-damage&area=borough:E09000000&measure=rate")
    rows = contents.ahead.forecast.query("area_code == 'E09000000' and area_level == 'borough' and period == 'year'")
    rows = rows[(rows["crime_type"] == "CRIMINAL DAMAGE") & (rows["scenario"] == "central")]
    mean = rows.sort_values("month")["mean"].iloc[0]
    assert page.inner_text("#area-panel .finding").startswith(
        f"Criminal damage in Market & Quay 0: of {mean:,.0f} offences with a known ward expected in the next 12 months "
        f"(Apr 2025 to Mar 2026) under the scenario Central, 25\u00a0% have no suspect of known age; {mean / 2:,.0f} "
        "are expected with a suspect aged 10 to 17; 8 in 10 chance of between "
    )
    assert "only offences with a suspect of known age" in page.inner_text("#shown-title")
    assert "Rate per 1,000 residents aged 10 to 17" in page.inner_text("#area-panel .summary")
    assert page.locator("#area-panel .govuk-hint", has_text="For all ages and the scenario Central").count() == 2


def test_an_address_that_cannot_be_had_becomes_the_one_that_is_shown(open_page: Open) -> None:
    page = open_page("scenario=low&age=suspect:10-17&crime=minor-criminal-damage")
    assert address(page) == {"age": "suspect:10-17", "crime": "minor-criminal-damage"}
    assert page.is_visible("#address-note")
    page.select_option("#choose-age", "all")
    shows(page, crime="minor-criminal-damage")
    page.wait_for_function("() => document.querySelector('#address-note').hidden")
    assert page.locator("#choose-scenario option").all_inner_texts() == ["Central", "Low population"]


def test_severity_is_a_score_and_says_so(open_page: Open) -> None:
    page = open_page("measure=severity&crime=minor-arson")
    assert "expected severity (ONS weighted score)" in page.inner_text("#shown-title")
    assert "weighted by the ONS Crime Severity Score they make" in page.inner_text("#area-panel .finding")


def test_small_areas_that_are_no_wards_are_called_what_they_are(
    open_page: Open, make: Callable[..., Any], tmp_path: Path
) -> None:
    small = make(wards=3, boroughs=1, horizon=14, history=14)
    tables = {}
    for name in ("areas", "offences", "forecast"):
        table = getattr(small, name)
        code = "area_code" if name == "forecast" else "ward_code"
        tables[name] = table.assign(**{code: table[code].astype(str).str.replace("E05", "E01")})
    tables["areas"]["ward_name"] = ["North", "Middle", "South"]
    write_atlas(tmp_path, small.contents(**tables, residents=small.contents().geography.residents.iloc[:0]))
    page = open_page("area=ward:E01000001", folder=tmp_path / "atlas")
    for view in ("", "view=table", "view=briefing"):
        go(page, view)
        text = page.inner_text("body")
        assert "LSOA" in text
        assert not re.search(r"\bwards?\b", text, re.IGNORECASE), view


def test_later_years_and_small_numbers_say_so(open_page: Open) -> None:
    page = open_page("period=2026-04-year&area=ward:E05000001&crime=minor-arson")
    assert "No past forecast of this year ahead could be scored" in page.inner_text("#area-panel .notes")
    page.locator("path[aria-label^='Ward \"quoted']").hover()
    assert page.inner_text(".hint strong") == HOSTILE[0]


def test_past_forecasts_drivers_and_scenarios_are_told(open_page: Open, contents: Contents) -> None:
    page = open_page("area=borough:E09000000&crime=major-burglary")
    said = page.inner_text("#area-panel")
    before = contents.track_record.last_year_all_recorded.query(
        "area_code == 'E09000000' and area_level == 'borough' and crime_type == 'BURGLARY'"
    )
    year = before.loc[before["period"] == "year", "q50"].iloc[0]
    assert f"was {year:,.0f}, with an 8 in 10 range of" in said
    assert (
        page.locator(".figure svg[aria-label*='Residents +3.0; Trend \u22121.5; Offences with no known']").count() == 1
    )
    page.select_option("#choose-scenario", "low")
    shows(page, scenario="low")
    assert "against the scenario Central" in page.inner_text("#area-panel .notes")


def test_the_briefing_prints_on_two_pages(open_page: Open, contents: Contents) -> None:
    page = open_page("view=briefing&area=ward:E05000004")
    assert page.inner_text("#sheet-1") == "Command 0: crime forecast briefing"
    shown = page.locator(".controls select:visible").evaluate_all("all => all.map(one => one.id)")
    assert shown == ["choose-crime"]
    assert page.is_hidden("#shown-title")
    home = contents.geography.areas.query("bcu_name == 'Command 0'")["ward_code"]
    young = contents.geography.residents[contents.geography.residents["ward_code"].isin(home)].query(
        "age_group == '10-17'"
    )
    now, then = young.groupby("year")["persons"].sum()
    told = f"Residents aged 10 to 17: {now:,.0f} in mid-2025, {then:,.0f} in mid-2026 (+10\u00a0%)."
    assert told in page.inner_text("#briefing")
    counts = re.findall(rb"/Type /Pages\s*/Count (\d+)", page.pdf(prefer_css_page_size=True))
    assert counts == [b"2"]


def test_what_stops_at_boroughs_is_offered_there(open_page: Open, make: Callable[..., Any], tmp_path: Path) -> None:
    whole = atlas_contents(make)
    total = whole.ahead.forecast[whole.ahead.forecast["crime_type"] == "all"].assign(crime_type=ALL_EXCLUDING)
    kept = whole.ahead.forecast[
        ~(whole.ahead.forecast["crime_type"].isin(["ARSON", "all"]) & (whole.ahead.forecast["area_level"] == "ward"))
    ]
    facts = {"audience": "internal"}
    write_atlas(
        tmp_path, atlas_contents(make, facts=facts, forecast=pd.concat([kept, total]), protected_types=("ARSON",))
    )
    page = open_page("area=ward:E05000000", folder=tmp_path / "atlas")
    assert page.input_value("#choose-crime") == "all", "the headline of every page is the whole total"
    assert page.input_value("#choose-level") == "borough"
    page.select_option("#choose-level", "ward")
    shows(page, level="ward")
    page.click("#coarser button:last-child")
    shows(page, crime="all-excluding-protected-types")
    assert "Protected types, left out here: Arson." in page.inner_text("#area-panel .notes")
    assert page.locator(".watermark text").all_text_contents() == ["SIMULATED", "INTERNAL"]
    page.select_option("#choose-crime", "minor-arson")
    shows(page, crime="minor-arson")
    assert "no forecast is published at ward level" in page.inner_text("#area-panel .finding")
    assert page.locator("#area-panel svg.chart").count() == 0
    assert page.is_disabled("#save-chart-svg")
    go(page, "crime=minor-arson&view=table&area=ward:E05000000&level=ward")
    assert "nothing is published by ward" in page.inner_text("#area-table")
    assert page.locator("#area-table table").count() == 0
    page.go_back()
    shows(page, crime="minor-arson", area="ward:E05000000")
    page.select_option("#choose-level", "ward")
    shows(page, level="ward")
    page.click("#coarser button")  # boroughs, which the first view has anyway: so its address does not say it
    page.wait_for_function("() => !document.documentElement.dataset.shown.includes('level')")
    assert page.inner_text("#coarser") == ""


def test_a_bare_force_has_an_atlas_too(open_page: Open, make: Callable[..., Any], tmp_path: Path) -> None:
    small = make(wards=3, boroughs=1, horizon=6, history=14, simulated=False)
    short = small.offences[small.offences["month"] > "2024-12"]
    write_atlas(tmp_path, small.contents(offences=short, residents=small.contents().geography.residents.iloc[:0]))
    page = open_page(folder=tmp_path / "atlas")
    assert "3 wards have no boundary" in page.inner_text("#unmapped")
    assert not page.is_visible("#age-control")
    assert not page.is_visible("#scenario-control")
    assert "SIMULATED" not in page.inner_text("body")
    for view in ("view=table", "view=briefing", "measure=rate", "period=2025-09&area=ward:E05000001"):
        go(page, view)
        assert page.is_hidden("#trouble")


def test_a_browser_without_the_means_is_told(browser: Any, atlas: Path) -> None:
    page = browser.new_context().new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((atlas / "index.html").as_uri())
    assert "too old" in page.inner_text("#trouble")
    page.context.close()
