"""A small simulated force with every kind of figure that the atlas shows, and a browser to look at it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from publication.atlas import write_atlas
from publication.release.contents import Contents
from tests.publication.atlas.fictional_posts import plan_of_posts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = [
    'Ward "quoted" & <script>window.hacked = 1</script>',
    "=cmd()|' /C calc'!A0, and more",
    "\u05e9\u05db\u05d5\u05e0\u05d4 \u0635\u0644\u0627\u062d",
    "<img src=x onerror=window.hacked=2>",
    "A name as long as they come " * 4 + "12345678",
    "Plain",
]
GROUPS = ("under 10", "10-17", "65 and over", "not known")


def squares(codes: pd.Series) -> gpd.GeoDataFrame:
    """Square wards side by side, in rows of three."""
    cells = [box(place % 3, place // 3, place % 3 + 1, place // 3 + 1) for place in range(len(codes))]
    degrees = gpd.GeoSeries(cells).affine_transform([0.01, 0, 0, 0.01, -0.1, 51.5])
    return gpd.GeoDataFrame({"code": codes.to_numpy()}, geometry=degrees.to_numpy(), crs=4326)


def atlas_contents(make: Callable[..., Any], **changes: Any) -> Contents:
    """Contents with ages, scenarios, drivers, severity and a forecast of the last year, and names that bite."""
    small = make(wards=6, boroughs=2, horizon=24, history=36)
    forecast = small.forecast
    yearly = forecast[forecast["period"] == "year"]
    low = yearly.assign(scenario="low", mean=0.9 * yearly["mean"])
    ages = [
        yearly.assign(age_basis=basis, age_group=group, mean=yearly["mean"] * share)
        for basis, shares in (("victim", (0.1, 0.2, 0.3, 0.4)), ("suspect", (0.0, 0.5, 0.25, 0.25)))
        for group, share in zip(GROUPS, shares, strict=True)
    ]
    before = forecast[(forecast["month"] < forecast["month"].min() + pd.DateOffset(months=12))]
    before = before.assign(
        origin=before["origin"] - pd.DateOffset(years=1), month=before["month"] - pd.DateOffset(years=1)
    )
    every = small.all_recorded
    of_years = every[every["period"] == "year"]
    every_before = every[every["month"] < every["month"].min() + pd.DateOffset(months=12)]
    every_before = every_before.assign(
        origin=every_before["origin"] - pd.DateOffset(years=1), month=every_before["month"] - pd.DateOffset(years=1)
    )
    cells = yearly[yearly["area_level"] != "unlocated"]
    cells = cells[["area_level", "area_code", "crime_level", "crime_type", "month"]]
    drivers = [cells.assign(step=step, offences=size) for step, size in (("population", 3.0), ("trend", -1.5))]
    types = small.crime_types["crime_type"]
    residents = pd.DataFrame({"ward_code": small.areas["ward_code"], "persons": [9_000.0] * 5 + [0.0]})
    years = [
        residents.assign(year=year, age_group=group, variant="central", persons=share * residents["persons"])
        for year, growth in ((2025, 1.0), (2026, 1.1))
        for group, share in (("all", 1.0), ("10-17", 0.1 * growth))
    ]
    facts = {"scenarios": ("central", "low"), **changes.pop("facts", {})}
    filled = {
        "facts": type(small.facts)(**{**vars(small.facts), **facts}),
        "areas": small.areas.assign(ward_name=HOSTILE),
        "forecast": pd.concat([forecast, low], ignore_index=True),
        "all_recorded": pd.concat([every, of_years.assign(scenario="low", mean=0.9 * of_years["mean"])]),
        "last_year_all_recorded": every_before,
        "forecast_by_age": pd.concat(ages, ignore_index=True),
        "scenario_differences": yearly.assign(scenario="low", mean=-0.1 * yearly["mean"]),
        "last_year": before,
        "drivers": pd.concat(drivers, ignore_index=True),
        "severity": pd.DataFrame({"crime_type": types, "weight": np.arange(1.0, 1 + len(types))}),
        "age_quality": pd.DataFrame(
            [(kind, "victim", "measured", "the force") for kind in types]
            + [(kind, "suspect", "none" if kind == "ARSON" else "proxy", "a survey") for kind in types],
            columns=["crime_type", "basis", "quality", "source"],
        ),
        "residents": pd.concat(years, ignore_index=True),
        "ward_boundaries": squares(small.areas["ward_code"]),
        "plan": plan_of_posts(small.areas.assign(ward_name=HOSTILE)),
        "former_wards": pd.DataFrame(
            [("E05009999", "Old Market", "E05000005", 0.8), ("E05009999", "Old Market", "E05000000", 0.2)],
            columns=["old_ward_code", "name", "ward_code", "share"],
        ),
        "postcodes": pd.DataFrame(
            [("N19GU", "E05000005"), ("N19GX", "E05000002"), ("SW1A1AA", "E05000004"), ("N191AA", "E05000003")],
            columns=["postcode", "ward_code"],
        ),
    }
    return small.contents(**(filled | changes))


@pytest.fixture(scope="session")
def contents(make: Callable[..., Any]) -> Contents:
    """What the atlas of the tests tells."""
    return atlas_contents(make)


@pytest.fixture(scope="session")
def atlas(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a written atlas."""
    folder = tmp_path_factory.mktemp("release")
    write_atlas(folder, contents)
    return folder / "atlas"


@pytest.fixture(scope="session")
def served(atlas: Path) -> Iterator[str]:
    """The address of a web server of the atlas."""
    handler = functools.partial(QuietHandler, directory=str(atlas))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server that does not print."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def open_page(browser: Browser, atlas: Path) -> Iterator[Callable[..., Page]]:
    """Open the atlas at a view; the test fails if anything on the page throws or complains."""
    contexts, troubles = [], []

    def opened(view: str = "", *, folder: Path = atlas, url: str = "", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.goto((url or (folder / "index.html").as_uri()) + f"#{view}")
        page.wait_for_function("() => document.documentElement.dataset.shown !== undefined")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
