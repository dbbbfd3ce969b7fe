"""The GeoPackage opens with GDAL's own tools and holds the figures of the forecast."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from publication.tables.geopackage import write_geopackage
from tests.publication.atlas.fictional_atlas import atlas_contents

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def written(make: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("geopackage")
    write_geopackage(folder, atlas_contents(make))
    return folder / "areas-SIMULATED.gpkg"


def test_layers_and_figures_are_those_of_the_forecast(written: Path, make: Callable[..., Any]) -> None:
    assert [name for name, _ in pyogrio.list_layers(written)] == ["wards", "boroughs", "bcus"]
    contents = atlas_contents(make)
    boroughs = gpd.read_file(written, layer="boroughs").set_index("code")
    rows = contents.ahead.all_recorded.query("area_level == 'borough' and crime_type == 'all' and period == 'year'")
    rows = rows[(rows["scenario"] == "central") & (rows["month"] == pd.Timestamp("2025-04-01"))].set_index("area_code")
    assert (
        boroughs["all_median"].to_dict() == rows["q50"].astype(float).to_dict()
        or boroughs["all_median"].astype(int).to_dict() == rows["q50"].to_dict()
    )
    assert set(boroughs["all_direction"]) <= {"up", "down", "either"}
    assert "burglary_mean" in boroughs
    wards = gpd.read_file(written, layer="wards")
    assert len(wards) == len(contents.geography.areas)
    assert wards.crs.to_epsg() == 4326
    assert wards.geometry.is_valid.all()
    assert boroughs.geometry.area.sum() == pytest.approx(wards.geometry.area.sum())


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's tools are not installed")
def test_gdal_s_own_tool_reads_it(written: Path) -> None:
    told = subprocess.run(
        ["ogrinfo", "-ro", "-so", written, "wards"], capture_output=True, text=True, check=True
    ).stdout
    assert "Feature Count: 6" in told
    assert "all_median" in told


def test_the_same_contents_give_the_same_bytes(make: Callable[..., Any], written: Path, tmp_path: Path) -> None:
    write_geopackage(tmp_path, atlas_contents(make))
    assert (tmp_path / written.name).read_bytes() == written.read_bytes()


def test_without_boundaries_there_is_no_file(publication: Any, tmp_path: Path) -> None:
    write_geopackage(tmp_path, publication.contents())
    assert not list(tmp_path.iterdir())
