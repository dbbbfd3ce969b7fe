"""The atlas's files: the same contents give the same bytes, and figures are those of the contents."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.forecast.vocabulary import ALL_EXCLUDING, EXCLUDING
from models.people.evidence_groups import WORDS
from publication.atlas import write_atlas
from publication.atlas.ages import NO_AGES, OLD_ARRESTS, UPPER_END, WOMEN_AND_GIRLS, age_quality
from publication.atlas.counts import History, by_crime
from publication.atlas.crime_columns import Axes, forecast_columns
from publication.atlas.crimes import Crime, crimes_of
from publication.atlas.places import Places
from publication.atlas.rates import residents_ahead
from publication.numbers.misleading_rates import misleading_rates
from publication.release.contents import Contents
from sources.ages.dashboards import VAWG_VICTIMS
from tests.publication.atlas.fictional_atlas import atlas_contents
from tests.publication.fictional_force import PART_OF, changed

pytestmark = pytest.mark.unit


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_contents_in_any_order_give_the_same_bytes(contents: Contents, atlas: Path, tmp_path: Path) -> None:
    shuffled = {
        name: getattr(getattr(contents, PART_OF[name]), name).sample(frac=1, random_state=1, ignore_index=True)
        for name in ("forecast", "forecast_by_age", "offences", "areas", "drivers", "residents")
    }
    write_atlas(tmp_path, changed(contents, **shuffled))
    assert files(tmp_path / "atlas") == files(atlas)


def test_the_page_is_light_and_names_nothing_outside(atlas: Path) -> None:
    bare = {name: content for name, content in files(atlas).items() if not name.startswith("data/")}
    assert set(bare) == {"index.html", "atlas.js", "atlas.css"}
    named = set(re.findall(rb"https?://[a-z0-9.]+", b"".join(bare.values())))
    assert named <= {b"http://www.w3.org"}  # names of SVG, never fetched
    assert sum(len(gzip.compress(content)) for content in bare.values()) < 150_000
    assert b"<script>window" not in b"".join(files(atlas).values())


def test_columns_hold_what_the_forecast_says(contents: Contents) -> None:
    axes = Axes.of(contents)
    places = axes.places
    rows = by_crime(contents.ahead.forecast, places)[("major", "BURGLARY")]
    columns = {column.name: column for column in forecast_columns(rows, axes)}
    code = contents.geography.areas["borough_code"].iloc[0]
    one = rows[(rows["area_code"] == code) & (rows["area_level"] == "borough") & (rows["scenario"] == "central")]
    area = places.rows("borough", pd.Series([code]))[0]
    yearly, monthly = (one[one["period"] == period].sort_values("month") for period in ("year", "month"))
    np.testing.assert_array_equal(columns["year.central.mean"].cells[area], yearly["mean"])
    np.testing.assert_array_equal(columns["month.quantiles"].cells[5, area], monthly["q90"])
    assert columns["year.low.quantiles"].cells.shape == (3, len(places), 2)


def test_types_withheld_are_missing_and_their_yearly_counts_told_instead(contents: Contents) -> None:
    places = Places.of(contents.geography.areas, contents.recorded.unlocated_offences["area_code"])
    minors = contents.crime.crime_types["crime_type"].tolist()
    history = History(
        contents.recorded.offences, contents.recorded.unlocated_offences, places, minors, contents.facts.origin
    )
    whole = history.last_year(minors)
    assert (
        whole[places.table["level"] == "force"] == contents.recorded.offences.query("month > '2024-03'")["count"].sum()
    )
    borough = contents.geography.areas["borough_code"].iloc[0]
    counts = pd.DataFrame({"area_level": ["borough"], "area_code": [borough], "crime_type": ["ARSON"]})
    counts = counts.assign(month=pd.Timestamp("2024-04-01"), count=pd.array([7], "Int64"))
    history.withhold(["ARSON"], counts)
    area = places.rows("borough", pd.Series([borough]))[0]
    assert np.isnan(history.of(["ARSON", "CRIMINAL DAMAGE"])).all()
    assert history.last_year(["ARSON"])[area] == 7
    assert np.isnan(history.last_year(["ARSON"])).sum() == len(places) - 1
    assert history.last_year(minors)[area] == history.last_year(minors[1:])[area] + 7


def test_totals_without_protected_types_are_types_of_their_own(make: Callable[..., Any]) -> None:
    small = make()
    damage = "ARSON AND CRIMINAL DAMAGE"
    extra = [
        small.forecast[small.forecast["crime_type"] == kind].assign(crime_type=kind + EXCLUDING)
        for kind in ("all", damage)
    ]
    contents = small.contents(forecast=pd.concat([small.forecast, *extra]), protected_types=("ARSON",))
    crimes = {crime.key: crime for crime in crimes_of(contents)}
    assert crimes["all", ALL_EXCLUDING].minor_types == tuple(small.crime_types["crime_type"][1:])
    assert crimes["major", damage + EXCLUDING].minor_types == ("CRIMINAL DAMAGE",)
    assert crimes["major", damage + EXCLUDING].major == damage


def test_ids_of_crime_types_are_safe_and_all_different(make: Callable[..., Any]) -> None:
    small = make()
    names = {"ARSON": "../../etc/passwd", "CRIMINAL DAMAGE": "\u05d0\u05d1", "RESIDENTIAL BURGLARY": "etc passwd"}
    changed = {
        name: table.replace({"crime_type": names})
        for name, table in (("forecast", small.forecast), ("crime_types", small.crime_types))
    }
    identities = [crime.identity for crime in crimes_of(small.contents(**changed))]
    assert len(set(identities)) == len(identities)
    assert {"minor-etc-passwd", "minor-etc-passwd-2", "minor"} <= set(identities)


def test_what_ages_rest_on_is_told_with_its_bounds() -> None:
    arrests, women = "Arrests in London 2015/16 to 2017/18, Home Office", WORDS[VAWG_VICTIMS]
    quality = pd.DataFrame(
        [
            ("ROBBERY OF PERSONAL PROPERTY", "suspect", "measured", arrests),
            ("VIOLENCE WITH INJURY", "suspect", "measured", arrests),
            ("VIOLENCE WITH INJURY", "victim", "proxy", women),
            ("ARSON", "victim", "none", "No open data"),
        ],
        columns=["crime_type", "basis", "quality", "source"],
    )
    robbery = Crime(("major", "ROBBERY"), "Robbery", "r", "ROBBERY", ("ROBBERY OF PERSONAL PROPERTY",))
    everything = Crime(("all", "all"), "All", "all", "", tuple(quality["crime_type"].unique()))
    assert age_quality(robbery, quality)["suspect"]["notes"] == [OLD_ARRESTS]
    assert age_quality(everything, quality)["suspect"]["notes"] == [UPPER_END]
    victims = {"quality": "proxy", "source": women, "notes": [WOMEN_AND_GIRLS, NO_AGES]}
    assert age_quality(everything, quality)["victim"] == victims


def test_rates_that_mislead_are_marked() -> None:
    expected, residents = np.array([50.0, 60, 70, 900, 5, 1]), np.array([1e4, 1e4, 1e4, 1e4, 900, np.nan])
    assert misleading_rates(expected, residents) == ["", "", "", "busy", "few", "few"]


def test_residents_are_those_of_the_june_in_the_year_and_of_the_variant(contents: Contents) -> None:
    places = Places.of(contents.geography.areas, [])
    table = pd.DataFrame({"ward_code": places.table["code"][:6], "age_group": "all"})
    rows = [("estimate", 2025, 1.0), ("central", 2025, 2.0), ("central", 2026, 3.0), ("low", 2026, 4.0)]
    table = pd.concat([table.assign(variant=variant, year=year, persons=persons) for variant, year, persons in rows])
    years = pd.DatetimeIndex(["2025-04-01", "2026-04-01", "2027-04-01"])
    assert residents_ahead(table, places, years, "low")[0].tolist()[:2] == [1.0, 4.0]
    assert residents_ahead(table, places, years, "made up")[0].tolist()[:2] == [1.0, 3.0]
    assert np.isnan(residents_ahead(table, places, years, "low")[:, 2]).all()


@pytest.mark.parametrize("wards", [1, 3])
def test_a_force_of_one_borough_with_no_more_than_a_forecast_is_written(
    make: Callable[..., Any], tmp_path: Path, wards: int
) -> None:
    small = make(wards=wards, boroughs=1, horizon=6, history=14)
    write_atlas(tmp_path, small.contents(offences=small.offences[small.offences["month"] > "2024-12"]))
    assert not (tmp_path / "atlas/data/year-ahead.js").exists()
    assert (tmp_path / "atlas/data/all.js").exists()


def test_contents_of_the_tests_can_be_changed(make: Callable[..., Any]) -> None:
    assert atlas_contents(make, protected_types=("ARSON",)).crime.protected_types == ("ARSON",)
