"""The example rows of docs/bring-your-own-force.md are what the readers read, and no file of a force is left out."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources.catalogue.catalogue import load_catalogue
from sources.catalogue.entries import ForceEntry
from sources.places.geography import read_areas, read_lsoa_weights, read_ward_boundaries
from sources.residents.estimates import lsoa_population, read_ward_population
from sources.street.archive import street_files
from sources.street.places import read_places
from sources.street.street_crime import read_street
from sources.tables.force_tables import Force

pytestmark = pytest.mark.unit

PAGE = (Path(__file__).resolve().parents[3] / "docs/bring-your-own-force.md").read_text(encoding="utf-8")
FORCE = Force("City of London Police", "E23000034", simulated=False)


def example(kind: str, beginning: str) -> str:
    """Return the example block that begins so."""
    (found,) = (block for block in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if block.startswith(beginning))
    return found


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def lsoas(tmp_path: Path) -> pd.DataFrame:
    """The example's LSOA."""
    return read_areas(written(tmp_path, "lsoa21_borough_bcu.csv", example("csv", "lsoa21cd,lsoa_name")), FORCE)


@pytest.fixture
def wards(tmp_path: Path) -> pd.DataFrame:
    """The example's ward."""
    return read_areas(written(tmp_path, "ward22_borough_bcu.csv", example("csv", "ward22cd,ward_name")), FORCE)


def test_the_entry_of_a_force_is_read() -> None:
    entry = ForceEntry.model_validate(tomllib.loads(example("toml", "name")))
    assert entry.street_force == "city-of-london"
    assert set(entry.known_from) <= {dataset.id for dataset in load_catalogue().dataset}
    assert all(load_catalogue()[name].dispensable for name in entry.without)


def test_the_row_of_a_street_file_is_counted(tmp_path: Path, lsoas: pd.DataFrame) -> None:
    file = written(tmp_path, "2024-05-city-of-london-street.csv", example("csv", "Crime ID"))
    tables = read_street(street_files([], [file], None), lsoas, read_places(lsoas, None, None), FORCE.code)
    assert tables.offences[["ward_code", "crime_type", "count"]].to_numpy().tolist() == [
        ["E01032739", "SHOPLIFTING", 1]
    ]
    assert lsoas["bcu_name"].tolist() == [FORCE.name]


def test_weights_residents_and_outlines_are_read(tmp_path: Path, lsoas: pd.DataFrame, wards: pd.DataFrame) -> None:
    weights = written(tmp_path, "weights.csv", example("csv", "lsoa21cd,ward22cd"))
    assert read_lsoa_weights(weights, wards)["weight"].tolist() == [1.0]
    by_lsoa = written(tmp_path, "by_lsoa.csv", example("csv", "lsoa21cd,pop"))
    assert lsoa_population(by_lsoa, date(2024, 11, 25), lsoas)["persons"].tolist() == [1201, 1633, 2548]
    by_ward = written(tmp_path, "by_ward.csv", example("csv", "ward22cd,year,population"))
    assert len(read_ward_population(by_ward, date(2024, 11, 25), wards)) == 1
    feature = example("json", '{"type": "Feature"')
    outlines = written(tmp_path, "outlines.geojson", f'{{"type": "FeatureCollection", "features": [{feature}]}}')
    elsewhere = lsoas.assign(ward_code="E01000001")
    assert read_ward_boundaries(outlines, elsewhere)["code"].tolist() == ["E01000001"]


def test_every_file_that_a_force_may_do_without_is_described() -> None:
    for dataset in load_catalogue().dataset:
        if dataset.dispensable:
            assert f"`{dataset.id}`" in PAGE
            assert re.split(r"[*.]", Path(dataset.path).name)[0] in PAGE
