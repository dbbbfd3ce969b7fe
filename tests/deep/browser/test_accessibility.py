"""Pages as a browser shows them: nothing that axe finds, no sideways scrolling at 320 pixels, nothing that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from publication.pages.documents import write_documents
from publication.pages.front_page import write_page
from publication.pages.scorecard_page import write_scorecard
from publication.pages.what_changed import write_alerts, write_what_changed
from publication.pages.who_page import write_who
from publication.release.changes import write_changes
from publication.release.contents import Contents

pytestmark = pytest.mark.integration

HOSTILE = (
    "\"><script>alert(1)</script><img src=x onerror=alert(2)> \u202eevil\u202c, 'q' =cmd() {{ 7*7 }} " + "long" * 20
)


@pytest.fixture(scope="module")
def folder(
    make: Callable[..., Any], reported: Callable[..., Contents], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A release's pages, of a force of one borough whose every name is hostile, for an audience within."""
    folder = tmp_path_factory.mktemp("hostile")
    made = make(boroughs=1)
    force = replace(made.facts.force, name=HOSTILE)
    made = replace(
        made,
        areas=made.areas.assign(ward_name=HOSTILE, borough_name=HOSTILE, bcu_name=HOSTILE, force_name=HOSTILE),
        forecast=made.forecast.assign(area_name=HOSTILE),
        facts=replace(made.facts, force=force, data_vintage=HOSTILE, audience="internal", missing=(HOSTILE,)),
        quarantine=made.quarantine.assign(reason=HOSTILE),
    )
    contents = reported(made)
    for write in (
        write_documents,
        write_scorecard,
        write_who,
        write_alerts,
        write_changes,
        write_what_changed,
        write_page,
    ):
        write(folder, contents)
    return folder


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_page_is_accessible_at_any_width_and_runs_nothing(browser: Browser, folder: Path) -> None:
    assert len(pages(folder)) == 10
    for path in pages(folder):
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        ran: list[str] = []
        page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        violations = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], path.name
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name
        assert page.locator("script").count() == 0
        assert ran == []
        assert page.locator("text=INTERNAL: not to be published").count() >= 1
        assert page.locator("text=SIMULATED: this force does not exist").count() >= 1
        page.close()


def test_keyboard_reaches_the_content_first(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.close()


def test_nothing_lies_outside_the_release(folder: Path) -> None:
    for path in folder.rglob("*"):
        assert path.resolve().is_relative_to(folder.resolve())
        assert not path.is_symlink()
