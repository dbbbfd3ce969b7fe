"""The main job on a real second force, through the command line: short history, tiny counts, LSOAs without outlines."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.city_of_london import write_folder
from publication.release.release import verify
from publication.tables.dictionary import undescribed
from tests.running.places import Workplace

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def release(london: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of one whole run."""
    folder = tmp_path_factory.mktemp("city")
    place = Workplace(folder, write_folder(london, folder / "data"))
    done = place.wardcast("run", "--data", place.data)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[0].removeprefix("Release: "))


def test_the_release_is_whole_and_says_what_is_missing(release: Path) -> None:
    assert verify(release) == []
    assert undescribed(release) == []
    manifest = json.loads((release / "manifest.json").read_text())
    assert manifest["force"] == {"name": "City of London Police", "code": "E23000034"}
    assert manifest["origin"] == "2025-03"
    page = unescape((release / "index.html").read_text())
    for sentence in manifest["missing"]:
        assert sentence in page
    assert any("no outline" in sentence for sentence in manifest["missing"])


def test_the_numbers_are_plausible_and_add_up(release: Path) -> None:
    table = pd.read_parquet(release / "forecast.parquet").query("measure == 'located'")
    year = table[
        (table["period"] == "year") & (table["month"] == table["month"].min()) & (table["crime_level"] == "all")
    ]
    force = year[year["area_level"] == "force"].iloc[0]
    history = pd.read_parquet(release / "history.parquet").query("area_level == 'ward'")
    last = history.loc[history["month"] > history["month"].max() - pd.DateOffset(months=12), "count"].sum()
    assert last == 8_021
    assert force["mean"] == pytest.approx(last, rel=0.15)
    assert force["q025"] < 0.95 * last < force["q975"]
    by_area = year[year["area_level"] == "ward"].set_index("area_code")["mean"]
    assert by_area.sum() == pytest.approx(force["mean"])
    assert by_area["E01032739"] / by_area.sum() == pytest.approx(0.72, abs=0.05)


def test_antisocial_behaviour_stands_apart(release: Path) -> None:
    table = pd.read_parquet(release / "forecast.parquet")
    assert pd.read_csv(release / "antisocial_behaviour.csv")["count"].sum() == 2_069
    assert not table["crime_type"].astype(str).str.contains("SOCIAL").any()
    ahead = pd.read_csv(release / "antisocial_behaviour_forecast.csv", parse_dates=["month"])
    first = ahead[ahead["month"] == ahead["month"].min()].groupby(["period", "area_level"])["mean"].sum()
    assert first["year", "ward"] == pytest.approx(first["year", "force"])
    # The last year had 270 with a place, few of them in its last months.
    assert 60 < first["year", "force"] < 300
    assert table.loc[table["crime_level"] == "minor", "crime_type"].nunique() == 13
