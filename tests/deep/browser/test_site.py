"""The site of the docs: whole, every page in its navigation, every link right, and of use from disk with no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from pipelines.commands.cli import app
from pipelines.settings import Settings
from sources.catalogue.catalogue import load_catalogue
from tests.deep.commands.shown_commands import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.integration


def built(docs: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the site from a copy of the docs, strictly."""
    (docs.parent / "notebooks").mkdir()
    shutil.copy(PROJECT / "notebooks" / "README.md", docs.parent / "notebooks")
    settings = (PROJECT / "mkdocs.yml").read_text(encoding="utf-8").replace("docs_dir: docs", f"docs_dir: {docs}")
    (docs.parent / "mkdocs.yml").write_text(settings.replace("docs/hooks", f"{docs}/hooks"), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", os.fspath(site)],
        cwd=docs.parent,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(PROJECT / "docs", folder / "docs")
    done = built(folder / "docs", folder / "site")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def opened(browser: Browser) -> Iterator[Page]:
    """A browser's page with the network off."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def test_a_page_in_no_navigation_and_a_broken_link_stop_the_build(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "docs", tmp_path / "docs")
    (tmp_path / "docs" / "stray.md").write_text("# Stray\n\nSee docs/nowhere.md and [there](tour.md#nowhere).\n")
    done = built(tmp_path / "docs", tmp_path / "site")
    assert done.returncode != 0
    for said in ("stray.md", "nowhere.md", "#nowhere"):
        assert said in done.stdout + done.stderr


def test_it_opens_from_disk_and_asks_nobody(site: Path, opened: Page) -> None:
    asked, wrong = [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("requestfailed", lambda request: wrong.append(request.url))
    for name in (
        "index.html",
        "method.html",
        "reference/commands.html",
        "decisions/0001-a-fitted-model-is-arrays.html",
    ):
        opened.goto((site / name).as_uri())
        assert opened.locator("h1").count() == 1
        assert opened.locator("nav.md-nav--primary a.md-nav__link").count() > 20
    assert wrong == []
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []


def test_its_search_works_from_disk(site: Path, opened: Page) -> None:
    opened.goto((site / "roles" / "operator.html").as_uri())
    opened.locator("input.md-search__input").press_sequentially("Divisia")
    found = opened.locator(".md-search-result__item a").first
    found.wait_for()
    found.click()
    opened.wait_for_url("**/explain.html*")


def test_pages_named_in_a_text_are_links(site: Path) -> None:
    assert '<a href="monitoring.html">monitoring</a>' in (site / "operations.html").read_text(encoding="utf-8")
    assert '<a href="../operations.html">operations</a>' in (site / "roles" / "operator.html").read_text(
        encoding="utf-8"
    )


def test_every_command_setting_and_dataset_is_there(site: Path) -> None:
    commands = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    names = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert len(names) > 15
    assert [name for name in names if f'id="wardcast-{name}"' not in commands] == []
    settings = (site / "reference" / "settings.html").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"<code>{name}</code>" not in settings] == []
    inputs = (site / "reference" / "input-files.html").read_text(encoding="utf-8")
    assert [one.id for one in load_catalogue().dataset if f'id="{one.id}"' not in inputs] == []
