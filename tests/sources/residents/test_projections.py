"""Projections in the layouts of the GLA and the ONS, of boroughs and of wards."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.residents.projections import read_borough_projection, read_ward_projection

AREAS = pd.DataFrame({"ward_code": ["E05000901", "E05000902"], "borough_code": ["E09000101", "E09000102"]})
PUBLISHED = date(2017, 7, 31)
YEARS = ["2023", "2024"]


def of_gla() -> pd.DataFrame:
    keys = [(ward, str(age)) for ward in AREAS["ward_code"] for age in [*range(91), "total"]]
    table = pd.DataFrame(keys, columns=["gss_code_ward", "age"]).assign(ward_name="A ward")
    return table.assign(**dict.fromkeys(YEARS, (table["age"] == "total") * 90 + 1))


def of_ons(codes: pd.Series) -> pd.DataFrame:
    keys = [(code, str(age)) for code in codes for age in [*range(90), "90 and over", "All ages"]]
    table = pd.DataFrame(keys, columns=["AREA_CODE", "AGE_GROUP"]).assign(COMPONENT="Population", SEX="persons")
    table = table.assign(**dict.fromkeys(YEARS, (table["AGE_GROUP"] == "All ages") * 90 + 1))
    return pd.concat([table, table.assign(SEX="females")], ignore_index=True)


def read_wards(folder: Path, table: pd.DataFrame) -> pd.DataFrame:
    file = folder / "ward_projection_2023.csv"
    table.to_csv(file, index=False)
    return read_ward_projection(file, PUBLISHED, AREAS)


@pytest.mark.unit
def test_both_layouts_give_the_same_table(tmp_path: Path) -> None:
    gla, ons = (read_wards(tmp_path, table) for table in (of_gla(), of_ons(AREAS["ward_code"])))
    pd.testing.assert_frame_equal(gla, ons)
    assert len(gla) == 2 * 2 * 91
    assert (gla["persons"] == 1).all()
    boroughs = tmp_path / "boroughs.csv"
    of_ons(AREAS["borough_code"]).to_csv(boroughs, index=False)
    assert set(read_borough_projection(boroughs, PUBLISHED, AREAS)["area_code"]) == set(AREAS["borough_code"])


@pytest.mark.unit
def test_bad_projections_are_refused(tmp_path: Path) -> None:
    table = of_gla()
    for bad, says in (
        (table.replace("E05000902", "E05000231"), r"Not in the ward lookup: E05000231.*[\s\S]*vintage"),
        (table[table["gss_code_ward"] != "E05000902"], "lacks 182 figures.*E05000902"),
        (table[table["age"] != "45"], "lacks 4 figures.*'E05000901, 2023, 45'"),
        (table.replace({"age": {"45": "121"}}), "from 0 to 120.*'121'"),
        (table.replace({"age": {"45": "-1"}}), "from 0 to 120.*'-1'"),
        (table.rename(columns={"gss_code_ward": "ward"}), "lacks a column.*gss_code_ward"),
        (table.rename(columns={"2024": "2025"}), "lacks a year.*2024"),
        (table.assign(**{"2024": -1}), "row 2, column 2024"),
    ):
        with pytest.raises(InputError, match=says):
            read_wards(tmp_path, bad)


@pytest.mark.integration
def test_a_projection_of_wards_of_another_vintage_is_refused(london: Path) -> None:
    file = london / "population/gla_2016based_housing_led_ward_hackney_2011_2050.csv.gz"
    with pytest.raises(InputError, match=r"Not in the ward lookup: E05000231.*[\s\S]*vintage"):
        read_ward_projection(file, PUBLISHED, AREAS)
    codes = pd.read_csv(file)["gss_code_ward"].unique()
    table = read_ward_projection(file, PUBLISHED, pd.DataFrame({"ward_code": codes}))
    assert len(table) == 19 * 40 * 91
    assert table[table["year"] == 2017]["persons"].sum() == pytest.approx(275_000, rel=0.03)
