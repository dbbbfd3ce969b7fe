"""The page of a release says what the tables say, and is sound HTML whatever the names are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from planning.make import PlanResult
from publication.atlas import write_atlas
from publication.numbers.outlook import by_year, past_accuracy, year_ahead
from publication.pages.documents import write_documents
from publication.pages.front_page import write_page
from publication.pages.scorecard_page import write_scorecard
from publication.pages.what_changed import write_alerts, write_what_changed
from publication.pages.who_page import write_who
from publication.tables.open_data import write_open_data
from publication.tables.tables import write_tables
from publication.words import per_cent

pytestmark = pytest.mark.integration

EMPTY_TAGS = {"meta", "img", "link", "br", "hr"}


class Outline(HTMLParser):
    """Collects tags with their attributes, and complains of tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def write(folder: Path, made: Any, **changes: Any) -> str:
    contents = made.contents(**changes)
    write_page(folder, contents)
    return (folder / "index.html").read_text(encoding="utf-8")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.split("</style>")[1])))


@pytest.fixture(scope="module")
def folder(publication: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    contents = publication.contents()
    writers = (
        write_tables,
        write_atlas,
        write_documents,
        write_scorecard,
        write_who,
        write_alerts,
        write_open_data,
        write_what_changed,
        write_page,
    )
    for each in writers:
        each(folder, contents)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def test_the_headline_is_all_recorded_crime_of_the_force_by_its_median_and_chance(page: str, publication: Any) -> None:
    force = publication.all_recorded[publication.all_recorded["area_level"] == "force"]
    force = force[(force["crime_level"] == "all") & (force["period"] == "year")]
    cell = force[force["month"] == pd.Timestamp("2025-04-01")].iloc[0]
    recent = publication.offences[publication.offences["month"] > pd.Timestamp("2024-03-01")]["count"].sum()
    unlocated = publication.unlocated_offences
    unlocated = unlocated[unlocated["month"] > pd.Timestamp("2024-03-01")]["count"].sum()
    text = words(page)
    assert f"{cell['q50']:,.0f} in the middle forecast for the next twelve months" in text
    assert f"against {recent + unlocated:,} in the last" in text
    assert f"8 in 10 chance of {cell['q10']:,} to {cell['q90']:,}" in text
    assert f"{unlocated:,} were recorded with no known ward" in text
    assert re.search(r"All recorded crime (is likely to (rise|fall)|could go either way) \(chance", text)
    assert text.count(f"{recent:,}") == 0, "one total on the page"
    for question in ("What changes?", "Where?"):
        assert question in text
    assert "Wards Minor types 42.0 % 54.7 % 30.7 % 81.0 %" in text
    assert text.count("Total forecast against total recorded, the same at every level: \N{MINUS SIGN}2.0 %.") == 1
    assert "This is one past year" in text
    assert "Nothing beyond 12 months ahead is scored in this run" in text


def test_the_page_says_how_it_was_made(page: str, publication: Any) -> None:
    text = words(page)
    for fact in (
        publication.facts.run_id,
        publication.facts.code_version,
        publication.facts.data_vintage,
        "March 2025",
    ):
        assert fact in text


def test_simulated_forces_are_marked_and_real_ones_are_not(
    page: str, make: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert "SIMULATED" in page.split("<style>")[0]
    assert "SIMULATED." in words(page)
    real = write(tmp_path_factory.mktemp("real"), make(simulated=False))
    assert "SIMULATED" not in real


def test_the_html_is_sound_and_accessible(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    tags = [tag for tag, _ in outline.tags]
    assert "script" not in tags, "a page that is never out of date needs none"
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption")
    assert all(attributes.get("scope") for tag, attributes in outline.tags if tag == "th")
    assert all(attributes.get("alt") for tag, attributes in outline.tags if tag == "img")
    identifiers = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    labels = [attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes]
    assert set(labels) <= set(identifiers)
    assert ("html", {"lang": "en-GB"}) in outline.tags


def test_links_lead_to_files_of_the_release_and_every_data_file_is_linked(page: str, folder: Path) -> None:
    outline = Outline()
    outline.feed(page)
    targets = [attributes.get("href") or attributes.get("src") for _, attributes in outline.tags]
    linked = {unquote(target.partition("#")[0]) for target in targets if target and not target.startswith("#")}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} | {"manifest.json"}
    present = {path for path in present if not path.startswith("atlas/") or path == "atlas/index.html"}
    assert linked <= present
    assert present <= linked, "the front page is the way to every file"


def test_pages_link_to_each_other_only(folder: Path) -> None:
    for path in (path for path in folder.rglob("*.html") if path.parent.name != "atlas"):
        outline = Outline()
        outline.feed(path.read_text(encoding="utf-8"))
        assert outline.open == []
        for _, attributes in outline.tags:
            target = (attributes.get("href") or attributes.get("src") or "").partition("#")[0]
            if target and not target.startswith("#") and target != "manifest.json":
                assert (path.parent / unquote(target)).resolve().is_relative_to(folder.resolve())
                assert (path.parent / unquote(target)).exists()


def test_a_forecast_of_located_offences_alone_says_so(publication: Any, tmp_path: Path) -> None:
    text = words(write(tmp_path, publication, all_recorded=publication.all_recorded.iloc[:0]))
    assert "These are offences with a known ward." in text
    assert "By borough: offences with a known ward" in text or "by borough: offences with a known ward" in text


def test_a_method_without_scores_says_nothing_of_them(publication: Any, tmp_path: Path) -> None:
    assert "How well the same method did" not in write(tmp_path, publication, accuracy=publication.accuracy.iloc[:0])


def test_hostile_names_stay_names(make: Callable[..., Any], tmp_path: Path) -> None:
    made = make()
    name = "\"><script>alert('x')</script> & $x_1$ {{ 7*7 }} " + "long" * 25
    made = replace(
        made,
        areas=made.areas.assign(borough_name=name, force_name=name),
        forecast=made.forecast.assign(area_name=name),
        all_recorded=made.all_recorded.assign(area_name=name),
        facts=replace(made.facts, force=replace(made.facts.force, name=name), data_vintage=name),
    )
    page = write(tmp_path, made)
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert "script" not in [tag for tag, _ in outline.tags]
    assert "alert('x')" in words(page)
    assert "{{ 7*7 }}" in words(page)


def test_the_same_run_gives_the_same_page_and_pictures(publication: Any, tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, publication)
    for file in ("index.html", "pictures/force.svg", "pictures/crime_types.svg"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_a_forecast_shorter_than_a_year_says_so(make: Callable[..., Any], tmp_path: Path) -> None:
    page = write(tmp_path, make(horizon=6))
    assert "6 months ahead, less than a year" in words(page)
    assert "What changes?" not in words(page)
    assert not (tmp_path / "pictures" / "crime_types.svg").exists()
    assert "crime_types.svg" not in page


def test_only_the_first_scenario_is_shown(
    publication: Any, page: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with_high = {
        name: pd.concat([table.assign(scenario="high", mean=3 * table["mean"], q50=3 * table["q50"]), table])
        for name in ("forecast", "all_recorded")
        for table in [getattr(publication, name)]
    }
    made = replace(publication, **with_high)
    facts = replace(publication.facts, scenarios=("central", "high"))
    both = write(tmp_path_factory.mktemp("both"), made, facts=facts)
    shown, alone = (words(text).split("The next months and years")[1].split("How far")[0] for text in (both, page))
    assert shown == alone


def test_the_outlook_is_of_all_recorded_offences_and_its_means_add_up(publication: Any) -> None:
    outlook = year_ahead(publication.contents()).set_index("shown_by")
    assert outlook.index.value_counts().to_dict() == {"force": 1, "type": 3, "borough": 3}
    force, types, boroughs = outlook.loc["force"], outlook.loc["type"], outlook.loc["borough"]
    for column in ("recorded", "mean", "unlocated"):
        assert types[column].sum() == pytest.approx(force[column])
        assert boroughs[column].sum() < force[column], "some have no borough"
    assert outlook["all_recorded"].all()
    assert outlook["chance"].between(0, 1).all()


def test_months_that_a_borough_did_not_publish_are_said(publication: Any, tmp_path: Path) -> None:
    unlocated = publication.unlocated_offences
    first, second = publication.areas["borough_code"].unique()[:2]
    kept = (unlocated["area_code"] != first) & (
        (unlocated["area_code"] != second) | (unlocated["month"] > pd.Timestamp("2024-09-01"))
    )
    page = write(tmp_path, replace(publication, unlocated_offences=unlocated[kept]))
    assert "A dash stands where a borough's offences with no known ward were not published" in words(page)


def test_past_years_are_whole_blocks_before_the_forecast(publication: Any) -> None:
    years = by_year(publication.contents(), pd.Timestamp("2025-02-01"))
    assert set(years["month"]) == {pd.Timestamp("2023-02-01"), pd.Timestamp("2024-02-01")}
    counted = publication.offences["month"].between(pd.Timestamp("2023-02-01"), pd.Timestamp("2025-01-01"))
    lost = publication.unlocated_offences
    lost = lost[lost["month"].between(pd.Timestamp("2023-02-01"), pd.Timestamp("2025-01-01"))]
    assert years["count"].sum() == publication.offences[counted]["count"].sum() + lost["count"].sum()


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.1234, "+12.3 %"), (-0.02, "\N{MINUS SIGN}2.0 %"), (-0.0001, "+0.0 %"), (float("nan"), "")],
)
def test_changes_are_read_with_their_sign(share: float, text: str) -> None:
    assert per_cent(share, signed=True).replace("\N{NO-BREAK SPACE}", " ") == text


def test_past_accuracy_shows_both_ends_where_ties_were_not_broken(publication: Any) -> None:
    shown = past_accuracy(publication.accuracy)
    assert list(shown["80 % intervals that held the number"]) == [
        "81.0\N{NO-BREAK SPACE}%",
        "75.0\N{NO-BREAK SPACE}% to 79.0\N{NO-BREAK SPACE}%",
    ]
    assert list(shown["Areas"]) == ["Wards", "Force"]


def test_every_page_has_its_dates_its_contact_and_the_plan_if_there_is_one(publication: Any, tmp_path: Path) -> None:
    for plan in (None, PlanResult({}, (), {})):
        folder = tmp_path / f"{plan is not None}"
        folder.mkdir()
        dated = replace(publication.facts, contact="Insight, insight@force.example", next_due=date(2025, 5, 20))
        contents = publication.contents(plan=plan, facts=dated)
        for each in (write_atlas, write_documents, write_scorecard, write_who):
            each(folder, contents)
        pages = sorted(folder.rglob("*.html"))
        assert len(pages) == 9
        for page in pages:
            text = page.read_text(encoding="utf-8")
            assert ("plan/index.html" in text) == (plan is not None), page.name
            for said in ("Published 20 April 2025", "Data to 31 March 2025", "Contact: Insight, insight@force.example"):
                assert said in text, page.name
            assert "Next release due 20 May 2025" in text
            assert 'id="stale"' in text
