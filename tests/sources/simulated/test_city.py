"""The fictional city: it tiles, it is nowhere near London, and its places have names of their own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.simulated.city import build_city
from sources.simulated.names import MOST_NAMES, place_names

pytestmark = pytest.mark.unit

_SIZES = st.integers(12, 90)
_SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=25, deadline=None)
@given(wards=_SIZES, seed=_SEEDS)
def test_wards_tile_the_city(wards: int, seed: int) -> None:
    city = build_city(wards, np.random.default_rng(seed))
    whole = shapely.union_all(city.polygons)
    assert len(city.wards) == wards
    assert shapely.is_valid(city.polygons).all()
    assert shapely.coverage_is_valid(city.polygons)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert shapely.area(city.polygons).sum() == pytest.approx(whole.area)


@settings(max_examples=25, deadline=None)
@given(wards=_SIZES, seed=_SEEDS)
def test_every_ward_has_its_place(wards: int, seed: int) -> None:
    city = build_city(wards, np.random.default_rng(seed))
    sizes = np.bincount(city.borough)
    assert len(sizes) == len(city.boroughs) >= 3
    assert sizes.max() - sizes.min() <= 2
    assert (np.diff(city.borough) >= 0).all()
    assert city.wards["ward_code"].is_unique
    assert city.wards.groupby("borough_code")["bcu_name"].nunique().eq(1).all()
    assert city.wards["bcu_name"].nunique() >= 2
    roles = city.wards["role"].value_counts()
    assert roles[["airport", "docks", "city centre"]].eq(1).all()
    assert roles["town centre"] == len(city.boroughs)
    assert roles["station"] >= 1


def test_sums_by_borough() -> None:
    city = build_city(30, np.random.default_rng(0))
    residents = city.wards["residents"].to_numpy()
    expected = city.wards.groupby("borough_code")["residents"].sum()
    np.testing.assert_allclose(city.sum_by_borough(residents), expected)
    np.testing.assert_allclose(city.sum_by_borough(residents[np.newaxis], axis=1)[0], expected)


def test_there_are_names_enough_and_each_is_used_once() -> None:
    names = place_names(MOST_NAMES, np.random.default_rng(0))
    assert len(set(names)) == MOST_NAMES


def test_names_are_awkward_as_real_ones_are(small_force: Path) -> None:
    names = pd.read_csv(small_force / "lookups/ward22_borough_bcu.csv")["ward_name"]
    assert names.str.contains(",").any()
    assert names.str.contains("&").any()
    assert names.duplicated().any()


@pytest.mark.integration
def test_no_real_place_is_named(london: Path) -> None:
    # All names that could ever be drawn, not just those of one seed.
    fictional = {name.lower() for name in place_names(MOST_NAMES, np.random.default_rng(0))}
    lookup = pd.read_csv(london / "lookups/ward22_borough_bcu.csv")
    older = pd.read_csv(london / "mps_recorded_crime/ward18_snapshot_202009_202208.csv.gz")
    real = pd.concat([lookup["ward_name"], lookup["borough"], lookup["bcu"], older["WardName"]])
    assert len(real.unique()) > 700
    assert not fictional & set(real.str.lower())


@pytest.mark.integration
def test_no_real_code_is_used(london: Path, large_force: Path) -> None:
    real = pd.read_csv(london / "lookups/ward22_borough_bcu.csv")
    fictional = pd.read_csv(large_force / "lookups/ward22_borough_bcu.csv")
    assert list(fictional) == list(real)
    assert fictional["ward22cd"].str.fullmatch(r"E0599\d{4}").all()
    assert fictional["lad22cd"].str.fullmatch(r"E0999\d{4}").all()
    with gzip.open(london / "lookups/oa21_lsoa21_ward22_borough_london.csv.gz", "rt") as text:
        assert "E0599" not in (content := text.read())
        assert "E0999" not in content


@pytest.mark.integration
@pytest.mark.parametrize("kind", ["ward", "borough"])
def test_boundaries_are_laid_out_as_the_publishers(london: Path, large_force: Path, kind: str) -> None:
    real_file = london / f"boundaries/{kind}_2024_bsc_london.geojson"
    file = large_force / f"boundaries/{kind}_2024_bsc_quellmouth.geojson"
    real, fictional = gpd.read_file(real_file), gpd.read_file(file)
    assert list(fictional) == list(real)
    assert fictional.crs == real.crs
    assert set(fictional.geom_type) == {"MultiPolygon"}
    head, real_head = (json.loads(each.read_text()) | {"features": [], "name": ""} for each in (file, real_file))
    assert head == real_head
    assert not fictional.union_all().intersects(real.union_all())


def test_boroughs_are_the_sums_of_their_wards(large_force: Path) -> None:
    wards = gpd.read_file(large_force / "boundaries/ward_2024_bsc_quellmouth.geojson")
    boroughs = gpd.read_file(large_force / "boundaries/borough_2024_bsc_quellmouth.geojson")
    lookup = pd.read_csv(large_force / "lookups/ward22_borough_bcu.csv")
    dissolved = wards.merge(lookup, left_on="WD24CD", right_on="ward22cd").dissolve("lad22cd")
    assert list(boroughs["LAD24CD"]) == list(dissolved.index)
    assert shapely.equals(boroughs.geometry.to_numpy(), dissolved.geometry.to_numpy()).all()
