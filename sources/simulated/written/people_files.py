"""The files about the residents of the fictional city, laid out as the publishers of the real ones do.

Walks in: the city, its residents, a random generator. Walks out: files of population, projection, census and
deprivation. Their years are those of the real files, whichever months are simulated.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sources.places.ward_profile import ETHNIC_GROUPS
from sources.simulated.city import City
from sources.simulated.residents import AGES, BASE_YEAR, Residents
from sources.simulated.written.files import write_csv, write_parquet
from sources.tables.contracts import OLDEST_AGE

ESTIMATED_YEARS = range(2011, 2023)
YEARS_BY_AGE = (2017, 2019, 2020)
BOROUGH_YEAR = 2023
PROJECTED_YEARS = range(2011, 2051)
PROJECTION_BASE_YEAR = 2016
PROJECTION_ERROR = 0.009  # a year: the projection runs above the truth from its base year on
_DRIFT_OF_ESTIMATES_BY_AGE = 0.006  # a year since the 2011 census, of single wards, either way

_AGE_HEADINGS = [*(str(age) for age in AGES[:-1]), f"{OLDEST_AGE}+"]
_ETHNIC_SHARES = (0.20, 0.13, 0.06, 0.54, 0.07)  # in the order of ETHNIC_GROUPS
# Mean, spread, correlation with deprivation and lowest possible value of each score, about those of a big
# city.
_SCORES = {
    "Index of Multiple Deprivation (IMD) Score": (21.6, 8.7, 0.98, 1.0),
    "Income Score (rate)": (0.136, 0.056, 0.96, 0.005),
    "Employment Score (rate)": (0.087, 0.033, 0.93, 0.005),
    "Education, Skills and Training Score": (12.9, 7.9, 0.72, 0.1),
    "Health Deprivation and Disability Score": (-0.38, 0.58, 0.84, -np.inf),
    "Crime Score": (0.27, 0.42, 0.80, -np.inf),
    "Barriers to Housing and Services Score": (31.8, 8.5, 0.69, 1.0),
    "Living Environment Score": (29.6, 8.8, 0.40, 1.0),
}


def write_people_files(folder: Path, city: City, residents: Residents, generator: np.random.Generator) -> None:
    """Write the files of population, projection, census and deprivation below a data folder."""
    codes = city.wards["ward_code"]
    write_csv(_totals_by_ward(codes, residents), folder / "derived/ward22_population_mid2011_mid2022.csv.gz")
    write_parquet(
        _ages_by_ward(codes, residents, generator),
        folder / "derived/ward22_population_single_year_age_2017_2019_2020.parquet",
    )
    write_csv(_census_ages(codes, residents), folder / "derived/ward22_census2021_age5.csv.gz")
    write_csv(_ethnic_groups(city, generator), folder / "derived/ward22_census2021_ethnic_group5.csv.gz")
    write_csv(_deprivation(city, generator), folder / "derived/ward22_iod2019_population_weighted_scores.csv.gz")
    write_csv(
        _projection(city, residents),
        folder / "population/gla_2016based_housing_led_borough_syoa_2011_2050.csv.gz",
        line_end="\r\n",
    )
    write_csv(
        _ages_by_borough(city, residents),
        folder / "population/ons_borough_single_year_age_mid2023_quellmouth.csv",
    )


def _totals_by_ward(codes: pd.Series, residents: Residents) -> pd.DataFrame:
    by_year = [
        pd.DataFrame({"ward22cd": codes, "year": year, "population": residents.persons(year).sum(axis=1).round(1)})
        for year in ESTIMATED_YEARS
    ]
    return pd.concat(by_year, ignore_index=True)


def _ages_by_ward(codes: pd.Series, residents: Residents, generator: np.random.Generator) -> pd.DataFrame:
    # As in the real file these estimates were never corrected by the census of 2021: each ward drifts off.
    drift = generator.normal(0, _DRIFT_OF_ESTIMATES_BY_AGE, (len(codes), 1))
    by_year = []
    for year in YEARS_BY_AGE:
        persons = residents.persons(year) * np.exp(drift * (year - 2011))
        table = pd.DataFrame(persons.round(2), columns=_AGE_HEADINGS)
        table.insert(0, "ward22cd", codes)
        table.insert(1, "year", year)
        by_year.append(table)
    return pd.concat(by_year, ignore_index=True)


def _census_ages(codes: pd.Series, residents: Residents) -> pd.DataFrame:
    persons = np.add.reduceat(residents.persons(BASE_YEAR), np.arange(0, 86, 5), axis=1).round(1)
    bands = [*(f"{age}-{age + 4}" for age in range(0, 85, 5)), "85+"]
    table = pd.DataFrame(persons, columns=bands, index=codes.rename("ward22cd")).reset_index()
    return table.melt("ward22cd", var_name="age_band", value_name="population")


def _ethnic_groups(city: City, generator: np.random.Generator) -> pd.DataFrame:
    number, groups = len(city.wards), len(ETHNIC_GROUPS)
    logarithm = np.log(_ETHNIC_SHARES) + generator.normal(0, 0.4, (len(city.boroughs), groups))[city.borough]
    weight = np.exp(logarithm + generator.normal(0, 0.3, (number, groups)))
    persons = weight / weight.sum(axis=1, keepdims=True) * city.wards[["residents"]].to_numpy()
    table = pd.DataFrame(persons.round(1), columns=list(ETHNIC_GROUPS))
    table.insert(0, "ward22cd", city.wards["ward_code"])
    return table.melt("ward22cd", var_name="ethnic_group", value_name="population").sort_values(
        ["ethnic_group", "ward22cd"]
    )


def _deprivation(city: City, generator: np.random.Generator) -> pd.DataFrame:
    score = city.wards["deprivation"].to_numpy()
    table = pd.DataFrame({"ward22cd": city.wards["ward_code"]})
    for name, (mean, spread, correlation, lowest) in _SCORES.items():
        own = generator.normal(size=len(score)) * np.sqrt(1 - correlation**2)
        table[name] = np.maximum(mean + spread * (correlation * score + own), lowest).round(4)
    return table


def _projection(city: City, residents: Residents) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "gss_code": np.repeat(city.boroughs["borough_code"].to_numpy(), len(AGES)),
            "district": np.repeat(city.boroughs["borough_name"].to_numpy(), len(AGES)),
            "Component": "Population",
            "sex": "Persons",
            "age": np.tile(AGES.astype(str), len(city.boroughs)),
        }
    )
    for year in PROJECTED_YEARS:
        error = np.exp(PROJECTION_ERROR * max(0, year - PROJECTION_BASE_YEAR))
        table[str(year)] = (city.sum_by_borough(residents.persons(year)) * error).round().astype(int).ravel()
    years = [str(year) for year in PROJECTED_YEARS]
    keys = ["gss_code", "district", "Component", "sex"]
    all_ages = table.groupby(keys, as_index=False)[years].sum().assign(age="All Persons")
    order = np.argsort(np.concatenate([table["gss_code"], all_ages["gss_code"]]), kind="stable")
    return pd.concat([table, all_ages[table.columns]], ignore_index=True).iloc[order]


def _ages_by_borough(city: City, residents: Residents) -> pd.DataFrame:
    persons = city.sum_by_borough(residents.persons(BOROUGH_YEAR)).round().astype(int)
    table = pd.DataFrame(persons, columns=_AGE_HEADINGS)
    table.insert(0, "lad_code", city.boroughs["borough_code"])
    table.insert(1, "borough", city.boroughs["borough_name"])
    table.insert(2, "all", persons.sum(axis=1))
    return table
