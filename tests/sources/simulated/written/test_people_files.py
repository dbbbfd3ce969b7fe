"""The files about residents: laid out as the publishers', and of the residents of the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.unit

FILES = [
    "derived/ward22_population_mid2011_mid2022.csv.gz",
    "derived/ward22_population_single_year_age_2017_2019_2020.parquet",
    "derived/ward22_census2021_age5.csv.gz",
    "derived/ward22_census2021_ethnic_group5.csv.gz",
    "derived/ward22_iod2019_population_weighted_scores.csv.gz",
    "population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz",
    "population/ons_borough_single_year_age_mid2023_london.csv",
]


def _read(folder: Path, file: str) -> pd.DataFrame:
    path = folder / file
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def _fictional(folder: Path, file: str) -> pd.DataFrame:
    return _read(folder, file.replace("london", "quellmouth"))


def _persons(truth: dict[str, pd.DataFrame], by: str) -> pd.Series:
    borough = truth["wards"].set_index("ward_code")["borough_code"]
    population = truth["population"].assign(borough_code=lambda table: table["ward_code"].map(borough))
    return population.groupby([by, "year", "age"], observed=True)["persons"].sum()


@pytest.mark.integration
@pytest.mark.parametrize("file", FILES)
def test_files_are_laid_out_as_the_publishers(london: Path, large_force: Path, file: str) -> None:
    real, fictional = _read(london, file), _fictional(large_force, file)
    assert list(fictional) == list(real)
    assert list(fictional.dtypes) == list(real.dtypes)
    for label in ("year", "age_band", "ethnic_group", "age", "Component", "sex"):
        if label in real:
            assert list(fictional[label].unique()) == list(real[label].unique())


def test_estimates_are_the_truth(large_force: Path, large_truth: dict[str, pd.DataFrame]) -> None:
    persons = _persons(large_truth, "ward_code")
    totals = _fictional(large_force, FILES[0]).set_index(["ward22cd", "year"])["population"]
    expected = persons.groupby(level=[0, 1], observed=True).sum().reindex(totals.index)
    known = expected.notna()  # the truth begins in the year before the first month
    assert known.sum() == 7 * 80  # from 2016
    np.testing.assert_allclose(totals[known], expected[known], atol=0.06)

    census = _fictional(large_force, FILES[2]).pivot(index="ward22cd", columns="age_band", values="population")
    in_2021 = persons.xs(2021, level="year").unstack()
    np.testing.assert_allclose(census["10-14"], in_2021[[10, 11, 12, 13, 14]].sum(axis=1), atol=0.06)
    np.testing.assert_allclose(census["85+"], in_2021.loc[:, 85:].sum(axis=1), atol=0.06)
    np.testing.assert_allclose(census.sum(axis=1), in_2021.sum(axis=1), atol=1)


def test_ages_between_censuses_drift_by_ward_but_not_by_much(
    large_force: Path, large_truth: dict[str, pd.DataFrame]
) -> None:
    ages = _fictional(large_force, FILES[1]).query("year == 2020").set_index("ward22cd").drop(columns="year")
    persons = _persons(large_truth, "ward_code").xs(2020, level="year").unstack()
    ratio = ages.sum(axis=1) / persons.sum(axis=1)
    assert 0.03 < ratio.std() < 0.08
    assert abs(ratio.mean() - 1) < 0.02


def test_the_projection_knew_its_base_year_and_ran_too_high(
    large_force: Path, large_truth: dict[str, pd.DataFrame]
) -> None:
    projection = _fictional(large_force, FILES[5])
    each = projection[projection["age"] != "All Persons"].assign(age=lambda table: table["age"].astype(int))
    sums = each.groupby("gss_code")[["2016", "2022", "2050"]].sum()
    stated = projection[projection["age"] == "All Persons"].set_index("gss_code")[["2016", "2022", "2050"]]
    pd.testing.assert_frame_equal(sums, stated)
    persons = _persons(large_truth, "borough_code")
    by_age = each.set_index(["gss_code", "age"])
    np.testing.assert_allclose(by_age["2017"], persons.xs(2017, level="year") * np.exp(0.009), atol=0.6)
    total = persons.groupby(level="year").sum()
    assert sums["2022"].sum() / total[2022] == pytest.approx(np.exp(6 * 0.009), rel=0.001)


def test_boroughs_by_age_are_the_truth(large_force: Path, large_truth: dict[str, pd.DataFrame]) -> None:
    table = _fictional(large_force, FILES[6]).set_index("lad_code")
    assert (table.drop(columns=["borough", "all"]).sum(axis=1) == table["all"]).all()
    persons = _persons(large_truth, "borough_code").xs(2023, level="year").unstack()
    np.testing.assert_allclose(table.drop(columns=["borough", "all"]), persons, atol=0.6)


def test_ethnic_groups_sum_to_residents(large_force: Path, large_truth: dict[str, pd.DataFrame]) -> None:
    groups = _fictional(large_force, FILES[3]).groupby("ward22cd")["population"].sum()
    np.testing.assert_allclose(groups, large_truth["wards"].set_index("ward_code")["residents"], atol=0.5)


def test_hardly_anyone_lives_at_the_docks_yet_offences_happen(large_truth: dict[str, pd.DataFrame]) -> None:
    docks = large_truth["wards"].query("role == 'docks'").iloc[0]
    assert docks["residents"] == 40
    assert large_truth["offences"].query("ward_code == @docks.ward_code")["located"].sum() > 96 * 5


def test_cohorts_grow_older(large_truth: dict[str, pd.DataFrame]) -> None:
    # Each ward's ratio of an age to the one before, a year earlier, never changes.
    persons = large_truth["population"].set_index(["ward_code", "age", "year"])["persons"].unstack().astype(float)
    later = persons.loc[(slice(None), slice(21, 80)), [2019, 2024]].to_numpy()
    earlier = persons.loc[(slice(None), slice(20, 79)), [2018, 2023]].to_numpy()
    ratio = later / earlier
    np.testing.assert_allclose(ratio[:, 0], ratio[:, 1], rtol=1e-4)
    young = persons.loc[(slice(None), slice(18, 24)), :].sum()
    assert young[2028] / young[2018] > 1.15
