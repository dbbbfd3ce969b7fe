"""Residents by band of age: bands that overlap, leave gaps or run past any age are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.places.geography import read_areas
from sources.residents.census_bands import read_ward_population_by_band
from sources.tables.contracts import POPULATION_BY_BAND
from sources.tables.force_tables import Force

AREAS = pd.DataFrame({"ward_code": ["E05000901", "E05000902"], "borough_code": ["E09000101"] * 2})
PUBLISHED = date(2022, 11, 2)
BANDS = [*(f"{low}-{low + 4}" for low in range(0, 85, 5)), "85+"]


def census(bands: list[str] = BANDS) -> pd.DataFrame:
    keys = [(ward, band) for ward in AREAS["ward_code"] for band in bands]
    return pd.DataFrame(keys, columns=["ward22cd", "age_band"]).assign(population=10.5)


def read(folder: Path, table: pd.DataFrame, name: str = "ward22_census2021_age5.csv") -> pd.DataFrame:
    table.to_csv(folder / name, index=False)
    return read_ward_population_by_band(folder / name, PUBLISHED, AREAS)


@pytest.mark.unit
def test_bands_keep_their_contract_and_cover_every_age(tmp_path: Path) -> None:
    table = read(tmp_path, census())
    assert list(table) == list(POPULATION_BY_BAND.columns)
    first = table[table["area_code"] == "E05000901"]
    assert first["age_low"].tolist() == list(range(0, 90, 5))
    assert first["age_high"].tolist() == [*range(4, 89, 5), 90]
    assert set(table["year"]) == {2021}
    assert set(table["known_from"]) == {pd.Timestamp(PUBLISHED)}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("bands", "says"),
    [
        (["0-4", "4-9", "10+"], "overlap: one should begin at 5.*row 3, .*'4-9'"),
        (["0-4", "6-9", "10+"], "leave a gap: one should begin at 5.*'6-9'"),
        (["5-9", "10+"], "should begin at 0"),
        (["0-4", "5-9"], "end at 9"),
        (["0-130"], "from 0 to 120.*'130'"),
        (["-1-4", "5+"], "whole number from 0 to 120"),
        (["0-4", "young", "5+"], "whole number from 0 to 120.*'young'"),
    ],
)
def test_uneven_bands_are_refused(tmp_path: Path, bands: list[str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, census(bands))


@pytest.mark.unit
def test_other_bad_input_is_refused(tmp_path: Path) -> None:
    table = census()
    for bad, says in (
        (table.replace("E05000902", "E05999999"), "Not in the ward lookup.*row 20"),
        (table[table["ward22cd"] != "E05000902"], "lacks 18 figures.*E05000902"),
        (table.drop(index=3), "lacks 1 figures.*'E05000901, 15'"),
        (pd.concat([table, table.head(1)]), "row 38"),
        (table.assign(population=-1), "row 2, column population"),
    ):
        with pytest.raises(InputError, match=says):
            read(tmp_path, bad)
    with pytest.raises(InputError, match="does not say which census"):
        read(tmp_path, table, "ward22_age5.csv")


@pytest.mark.integration
def test_london_counted_8_8_million(london: Path) -> None:
    areas = read_areas(london / "lookups/ward22_borough_bcu.csv", Force("Met", "E23000001", simulated=False))
    table = read_ward_population_by_band(london / "derived/ward22_census2021_age5.csv.gz", PUBLISHED, areas)
    assert len(table) == 679 * 18
    assert table["persons"].sum() == pytest.approx(8_791_000, abs=1_000)
