"""What wards are like: deprivation and ethnic groups, for reporting how well each kind of place is served.

Walks in: scores of the English Indices of Deprivation 2019 and counts of the 2021 Census by ward. Walks out:
`ward_profile`, one row for each ward and indicator, with the day on which it became public.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from sources.files.errors import InputError
from sources.files.reading import numbers, read_table, refuse_repeats
from sources.places.geography import rows_of_force
from sources.tables.columns_read import refuse_one_sex
from sources.tables.contracts import WARD_PROFILE, checked

# The publisher's headings. Higher is more deprived in all; income and employment are shares of people.
DEPRIVATION = {
    "Index of Multiple Deprivation (IMD) Score": "imd_score_2019",
    "Income Score (rate)": "income_score_2019",
    "Employment Score (rate)": "employment_score_2019",
    "Education, Skills and Training Score": "education_score_2019",
    "Health Deprivation and Disability Score": "health_score_2019",
    "Crime Score": "crime_score_2019",
    "Barriers to Housing and Services Score": "housing_and_services_score_2019",
    "Living Environment Score": "living_environment_score_2019",
}
ETHNIC_GROUPS = {
    "Asian, Asian British or Asian Welsh": "asian_share_2021",
    "Black, Black British, Black Welsh, Caribbean or African": "black_share_2021",
    "Mixed or Multiple ethnic groups": "mixed_share_2021",
    "White": "white_share_2021",
    "Other ethnic group": "other_ethnic_group_share_2021",
}

_LSOA = "LSOA code (2011)"
_LSOA_RESIDENTS = "Total population: mid 2015 (excluding prisoners)"
_GLA_WEIGHTS_YEAR = 2019


def read_ward_profile(
    deprivation_path: Path,
    ethnic_path: Path,
    *,
    deprivation_known_from: date,
    ethnic_known_from: date,
    areas: pd.DataFrame,
) -> pd.DataFrame:
    """Return deprivation scores and shares of ethnic groups (fractions, sum one), contract `WARD_PROFILE`.

    Columns of the deprivation file: ward22cd and those of `DEPRIVATION`; of the ethnic file: ward22cd,
    ethnic_group, population.

    Raises
    ------
    InputError
        If a cell is no number, a count is negative, a ward or an ethnic group is unknown, twice there or
        missing, or a ward has no residents.
    """
    deprivation = _read_deprivation(deprivation_path, areas).assign(known_from=pd.Timestamp(deprivation_known_from))
    ethnic = _read_ethnic_groups(ethnic_path, areas).assign(known_from=pd.Timestamp(ethnic_known_from))
    profile = pd.concat([deprivation, ethnic], ignore_index=True)
    return checked(WARD_PROFILE, profile, f"{deprivation_path}, {ethnic_path}")


def _read_deprivation(path: Path, areas: pd.DataFrame) -> pd.DataFrame:
    table = rows_of_force(read_table(path, ["ward22cd", *DEPRIVATION]), "ward22cd", areas["ward_code"], path)
    refuse_repeats(table, ["ward22cd"], path)
    scores = numbers(table, list(DEPRIVATION), path, negative=True).rename(columns=DEPRIVATION)
    return _long(scores.set_index(table["ward22cd"]), areas, path)


def _read_ethnic_groups(path: Path, areas: pd.DataFrame) -> pd.DataFrame:
    table = read_table(path, ["ward22cd", "ethnic_group", "population"])
    refuse_one_sex(table, path)
    table = rows_of_force(table, "ward22cd", areas["ward_code"], path)
    refuse_repeats(table, ["ward22cd", "ethnic_group"], path)
    unknown = table[~table["ethnic_group"].isin(list(ETHNIC_GROUPS))]
    if not unknown.empty:
        raise InputError(
            "An ethnic group is not one of the Census's five",
            file=path,
            row=int(unknown.index[0]),
            column="ethnic_group",
            value=unknown["ethnic_group"].iloc[0],
            remedy=f"Supply counts of: {'; '.join(ETHNIC_GROUPS)}.",
        )
    residents = numbers(table, ["population"], path)["population"]
    by_group = residents.groupby([table["ward22cd"], table["ethnic_group"].map(ETHNIC_GROUPS)]).sum().unstack()
    by_group = by_group.reindex(columns=list(ETHNIC_GROUPS.values()))
    return _long(by_group.div(by_group.sum(axis="columns"), axis="index"), areas, path)


def _long(by_ward: pd.DataFrame, areas: pd.DataFrame, file: Path) -> pd.DataFrame:
    """Return ward_code, indicator, value; refuse a ward that lacks an indicator."""
    by_ward = by_ward.reindex(areas["ward_code"])
    lacking = by_ward.isna().any(axis="columns")
    if lacking.any():
        raise InputError(
            f"{lacking.sum()} wards have no figure, or no residents",
            file=file,
            value=lacking.idxmax(),
            remedy="Obtain the file again, whole: every ward of the lookup needs every figure.",
        )
    return by_ward.reset_index().melt("ward_code", var_name="indicator", value_name="value")
