from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sources.files.errors import InputError
from sources.places.geography import read_areas
from sources.residents.estimates import (
    known_year_by_year,
    read_borough_estimates_by_age,
    read_ward_population,
    read_ward_population_by_age,
    ward_population_from_lsoa,
)
from sources.residents.projections import read_borough_projection
from sources.tables.contracts import POPULATION_BY_AGE, WARD_POPULATION
from sources.tables.force_tables import Force

AREAS = pd.DataFrame(
    {
        "ward_code": ["E05000901", "E05000902", "E05000903"],
        "borough_code": ["E09000101", "E09000101", "E09000102"],
    }
)
BOROUGHS = ["E09000101", "E09000102"]
PUBLISHED = date(2024, 11, 25)
AGES = [*map(str, range(90)), "90+"]
Reader = Callable[[Path, date, pd.DataFrame], pd.DataFrame]


def ward_totals() -> pd.DataFrame:
    keys = [(ward, year) for ward in AREAS["ward_code"] for year in (2021, 2022)]
    return pd.DataFrame(keys, columns=["ward22cd", "year"]).assign(population=[10.5, 11, 20, 21, 30, 31])


def ward_ages() -> pd.DataFrame:
    ages = pd.DataFrame(np.arange(91.0)[None, :].repeat(3, axis=0), columns=AGES)
    return pd.concat([pd.DataFrame({"ward22cd": AREAS["ward_code"], "year": 2019}), ages], axis="columns")


def borough_ages() -> pd.DataFrame:
    ages = pd.DataFrame(1, index=range(2), columns=AGES)
    return pd.concat([pd.DataFrame({"lad_code": BOROUGHS, "all": 91}), ages], axis="columns")


def projection() -> pd.DataFrame:
    ages = [*map(str, range(91)), "All Persons"]
    table = pd.DataFrame([(code, age) for code in BOROUGHS for age in ages], columns=["gss_code", "age"])
    is_sum = table["age"] == "All Persons"
    for year in range(2021, 2025):
        table[str(year)] = np.where(is_sum, 91 * year, year)
    return table.assign(Component="Population", sex="Persons")


READERS: list[tuple[Reader, Callable[[], pd.DataFrame], str, str]] = [
    (read_ward_population, ward_totals, "a.csv", "ward22cd"),
    (read_ward_population_by_age, ward_ages, "a.csv", "ward22cd"),
    (read_borough_estimates_by_age, borough_ages, "estimate_mid2023.csv", "lad_code"),
    (read_borough_projection, projection, "a.csv", "gss_code"),
]


def read(folder: Path, reader: Reader, table: pd.DataFrame, name: str = "a.csv") -> pd.DataFrame:
    table.to_csv(folder / name, index=False)
    return reader(folder / name, PUBLISHED, AREAS)


@pytest.mark.unit
def test_ward_population_keeps_its_contract(tmp_path: Path) -> None:
    table = read(tmp_path, read_ward_population, ward_totals().iloc[::-1])
    assert list(table) == list(WARD_POPULATION.columns)
    assert table["persons"].tolist() == [10.5, 11, 20, 21, 30, 31]
    assert set(table["variant"]) == {"estimate"}
    assert set(table["known_from"]) == {pd.Timestamp(PUBLISHED)}


@pytest.mark.unit
def test_ages_of_wards_and_boroughs_run_from_0_to_90(tmp_path: Path) -> None:
    for reader, make, name, _ in READERS[1:]:
        table = read(tmp_path, reader, make(), name)
        assert list(table) == list(POPULATION_BY_AGE.columns)
        assert sorted(table["age"].unique()) == list(range(91))
    wards = read(tmp_path, read_ward_population_by_age, ward_ages())
    assert (wards["persons"] == wards["age"]).all()
    boroughs = read(tmp_path, read_borough_estimates_by_age, borough_ages(), "estimate_mid2023.csv")
    assert set(boroughs["year"]) == {2023}


@pytest.mark.unit
def test_ages_over_90_are_gathered(tmp_path: Path) -> None:
    table = ward_ages().rename(columns={"90+": "90"}).assign(**{"91": 5.0, "92+": 2.0})
    oldest = read(tmp_path, read_ward_population_by_age, table).query("age == 90")
    assert oldest["persons"].tolist() == [97.0, 97.0, 97.0]


@pytest.mark.unit
def test_a_projection_leaves_out_sums_of_boroughs_other_sexes_and_the_city(tmp_path: Path) -> None:
    wanted = projection()
    others = [wanted.assign(gss_code=code) for code in ("E09000001", "E12000007", "E13000001")]
    others += [wanted.assign(sex="Males"), wanted.assign(Component="Births")]
    table = read(tmp_path, read_borough_projection, pd.concat([*others, wanted]))
    assert set(table["area_code"]) == set(BOROUGHS)
    assert (table["persons"] == table["year"]).all()
    assert len(table) == 2 * 4 * 91
    assert set(table["variant"]) == {"gla_2016_housing_led"}


@pytest.mark.unit
@pytest.mark.parametrize(("reader", "make", "name", "area"), READERS)
def test_unreadable_files_are_refused(
    tmp_path: Path, reader: Reader, make: Callable[[], pd.DataFrame], name: str, area: str
) -> None:
    path, table = tmp_path / name, make()
    whole = gzip.compress(table.to_csv(index=False).encode())
    with pytest.raises(InputError, match="no such file"):
        reader(path, PUBLISHED, AREAS)
    for content, says in (
        (b"", "empty"),
        (whole[: len(whole) // 2], "cut short"),
        (table.head(0).to_csv(index=False).encode(), "no rows"),
        (table.drop(columns=area).to_csv(index=False).encode(), f"column {area}"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=says) as caught:
            reader(path, PUBLISHED, AREAS)
        assert str(path) in str(caught.value)


@pytest.mark.unit
@pytest.mark.parametrize(("reader", "make", "name", "area"), READERS)
def test_an_unknown_area_is_named(
    tmp_path: Path, reader: Reader, make: Callable[[], pd.DataFrame], name: str, area: str
) -> None:
    table = make().replace({area: {"E05000902": "E05000977", "E09000102": "E09000177"}})
    with pytest.raises(InputError, match=rf"row \d+, column {area}, value 'E0[59]000[19]77'"):
        read(tmp_path, reader, table, name)


@pytest.mark.unit
@pytest.mark.parametrize(("reader", "make", "name", "area"), READERS)
def test_a_missing_area_is_named(
    tmp_path: Path, reader: Reader, make: Callable[[], pd.DataFrame], name: str, area: str
) -> None:
    table = make()
    last = table[area].iloc[-1]
    with pytest.raises(InputError, match=f"lacks .*{last}"):
        read(tmp_path, reader, table[table[area] != last], name)


@pytest.mark.unit
@pytest.mark.parametrize("persons", [-1, "", "about 30", "1,200"])
@pytest.mark.parametrize(
    ("reader", "make", "name", "column"),
    [(*case[:3], column) for case, column in zip(READERS, ["population", "45", "45", "2023"], strict=True)],
)
def test_wrong_persons_are_named_by_row_and_column(
    tmp_path: Path,
    reader: Reader,
    make: Callable[[], pd.DataFrame],
    name: str,
    column: str,
    persons: object,
) -> None:
    table = make()
    cells = [table[column].iloc[0], persons, *table[column].iloc[2:]]
    table[column] = pd.Series(cells, dtype=object)
    with pytest.raises(InputError) as caught:
        read(tmp_path, reader, table, name)
    assert (caught.value.row, caught.value.column, caught.value.value) == (3, column, str(persons))


@pytest.mark.unit
def test_years_that_repeat_lack_or_lie_far_off_are_refused(tmp_path: Path) -> None:
    table = ward_totals()
    for bad, says in (
        (pd.concat([table, table.iloc[[2]]]), "row 8, .*'E05000902, 2021'"),
        (table.drop(index=3), "lacks 1 figures.*'E05000902, 2022'"),
        (table.assign(year=20211), "row 2, column year"),
        (table.assign(year=2021.5), "row 2, column year"),
    ):
        with pytest.raises(InputError, match=says):
            read(tmp_path, read_ward_population, bad)
    with pytest.raises(InputError, match="row 5"):
        read(tmp_path, read_ward_population_by_age, pd.concat([ward_ages(), ward_ages()]))
    with pytest.raises(InputError, match=r"lacks a year.*column 2022"):
        read(tmp_path, read_borough_projection, projection().drop(columns="2022"))
    with pytest.raises(InputError, match="name does not say which year"):
        read(tmp_path, read_borough_estimates_by_age, borough_ages(), "estimate.csv")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("renamed", "says"),
    [
        ({"45": "-1"}, "column -1"),
        ({"45": "121"}, "column 121"),
        ({"45": "9" * 5_000}, "whole number from 0 to 120"),
        ({"45": "44+"}, "same age.*column 44"),
        ({"45": "45 years"}, "would not be read.*column 45 years"),
    ],
)
def test_headings_that_are_no_age_are_refused(tmp_path: Path, renamed: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, read_ward_population_by_age, ward_ages().rename(columns=renamed))


@pytest.mark.unit
def test_rows_of_a_projection_must_be_whole(tmp_path: Path) -> None:
    table = projection()
    for bad, says in (
        (table.replace({"age": {"45": "121"}}), "row 47, column age, value '121'"),
        (table.replace({"age": {"45": "-1"}}), "row 47, column age, value '-1'"),
        (table.replace({"age": {"45": "044"}}), "row 47.*'E09000101, 44'"),
        (table[table["age"] != "45"], "sum to .* where the file states"),
        (table[~table["age"].isin(["45", "All Persons"])], "lacks 8 figures.*'E09000101, 2021, 45'"),
        (table.assign(**{"2023": 7}), "sum to 637 where the file states 7"),
    ):
        with pytest.raises(InputError, match=says):
            read(tmp_path, read_borough_projection, bad)
    with pytest.raises(InputError, match=r"sum to 91 where the file states 150.*'E0900010[12]'"):
        read(tmp_path, read_borough_estimates_by_age, borough_ages().assign(all=150), "a_mid2023.csv")


@pytest.mark.unit
def test_earlier_years_of_a_file_were_public_before_its_newest(tmp_path: Path) -> None:
    both = pd.concat([ward_ages(), ward_ages().assign(year=2020)])
    table = known_year_by_year(read(tmp_path, read_ward_population_by_age, both), {2019: date(2020, 9, 30)})
    first = table.groupby("year")["known_from"].unique()
    assert first[2019] == [pd.Timestamp("2020-09-30")]
    assert first[2020] == [pd.Timestamp(PUBLISHED)]
    assert table["known_from"].dtype == "datetime64[us]"


@pytest.mark.unit
def test_wards_are_summed_from_small_areas(tmp_path: Path) -> None:
    lsoas, weights = tmp_path / "lsoas.csv", tmp_path / "weights.csv"
    lsoas.write_text("lsoa21cd,pop_2021,pop_2022\nL1,100,200\nL2,10,20\n")
    pieces = ["L1,E05000901,0.25", "L1,E05000902,0.75", "L2,E05000903,1"]
    weights.write_text("\n".join(["lsoa21cd,ward22cd,weight", *pieces]))
    table = ward_population_from_lsoa(lsoas, weights, PUBLISHED, AREAS)
    assert table["persons"].tolist() == [25, 50, 75, 150, 10, 20]
    weights.write_text("\n".join(["lsoa21cd,ward22cd,weight", *pieces[:2]]))
    with pytest.raises(InputError, match="'L2'"):
        ward_population_from_lsoa(lsoas, weights, PUBLISHED, AREAS)
    lsoas.write_text("lsoa21cd,pop_2021\nL1,100\nL1,100\n")
    with pytest.raises(InputError, match="row 3"):
        ward_population_from_lsoa(lsoas, weights, PUBLISHED, AREAS)


@pytest.fixture(scope="module")
def london_areas(london: Path) -> pd.DataFrame:
    return read_areas(london / "lookups/ward22_borough_bcu.csv", Force("Met", "E23000001", simulated=False))


@pytest.mark.integration
def test_london_wards_agree_with_small_areas_and_official_totals(london: Path, london_areas: pd.DataFrame) -> None:
    derived = read_ward_population(london / "derived/ward22_population_mid2011_mid2022.csv.gz", PUBLISHED, london_areas)
    again = ward_population_from_lsoa(
        london / "population/lsoa21_population_mid2011_mid2022_london.csv.gz",
        london / "lookups/lsoa21_to_ward22_population_weights.csv.gz",
        PUBLISHED,
        london_areas,
    )
    # The derived file is rounded to one decimal.
    pd.testing.assert_frame_equal(derived, again, rtol=0, atol=0.0501)
    by_year = derived.groupby("year")["persons"].sum()
    assert list(by_year.index) == list(range(2011, 2023))
    assert by_year.between(8.1e6, 8.9e6).all()
    assert by_year[2021] == pytest.approx(8_804_769 - 8_688, abs=5)  # London less the City of London
    official = pd.read_csv(london / "population/ons_ward23_population_mid2021_london.csv")
    ours = derived.query("year == 2021").set_index("ward_code")["persons"]
    theirs = official.set_index("Ward 2023 Code")["Total"].reindex(ours.index)
    differences = (ours / theirs - 1).abs()
    assert differences.mean() < 0.0011
    assert differences.max() < 0.048


@pytest.mark.integration
def test_london_ages_and_projection_are_plausible(london: Path, london_areas: pd.DataFrame) -> None:
    wards = read_ward_population_by_age(
        london / "derived/ward22_population_single_year_age_2017_2019_2020.parquet", PUBLISHED, london_areas
    )
    assert len(wards) == 679 * 3 * 91
    assert wards.groupby("year")["persons"].sum().round(-4).to_dict() == {
        2017: 8_820_000,
        2019: 8_950_000,
        2020: 8_990_000,
    }
    estimate = read_borough_estimates_by_age(
        london / "population/ons_borough_single_year_age_mid2023_london.csv", PUBLISHED, london_areas
    )
    assert estimate["persons"].sum() == 8_945_309 - 13_462
    projected = read_borough_projection(
        london / "population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz", PUBLISHED, london_areas
    )
    assert len(projected) == 32 * 40 * 91
    in_2023 = projected.query("year == 2023").groupby("age")["persons"].sum()
    # Made in 2017, it projected 6 % too many; the shape by age holds.
    assert in_2023.sum() / estimate["persons"].sum() == pytest.approx(1.06, abs=0.005)
    assert np.corrcoef(in_2023, estimate.groupby("age")["persons"].sum())[0, 1] > 0.97
