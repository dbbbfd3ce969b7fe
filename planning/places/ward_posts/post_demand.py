"""The demand that may give posts to wards: what victims report, harm, hours, disorder, the young and their schools.

Walk in: canonical tables of a force. Walk out: demand by ward, (draw, ward). Arrests are never among it, nor what
policing itself discovers: both follow officers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

VICTIM_REPORTED, HARM, HOURS = "victim-reported", "harm", "hours"
ANTISOCIAL, WITH_ANTISOCIAL = "anti-social behaviour", "victim-reported and anti-social behaviour"
YOUNG, PUPILS, SCHOOLS, YOUNG_VICTIMS = "young residents", "pupils", "schools", "young victims"
# What each is counted in.
MEASURES: Mapping[str, str] = {
    VICTIM_REPORTED: "offences",
    HARM: "points of harm",
    HOURS: "hours",
    ANTISOCIAL: "incidents",
    WITH_ANTISOCIAL: "offences and incidents",
    YOUNG: "residents of 10 to 17",
    PUPILS: "pupils",
    SCHOOLS: "schools",
    YOUNG_VICTIMS: "victims of 10 to 17",
}
OF_CRIME = (VICTIM_REPORTED, HARM, HOURS, ANTISOCIAL, WITH_ANTISOCIAL)  # that reporting makes larger or smaller
YOUNG_AGES = (10, 17)
MONTHS_OF_A_YEAR = 12


def posted_types(crime_types: pd.DataFrame, discovered: Sequence[str]) -> list[str]:
    """Return the crime types that may earn posts: those that victims report, and that may be shown by ward.

    discovered : what policing itself discovers, which would let officers create their own need.
    """
    shown = crime_types[crime_types["finest_open_level"] == "ward"]
    return shown.loc[~shown["crime_type"].isin(list(discovered)), "crime_type"].tolist()


def recorded_demand(
    areas: pd.DataFrame, offences: pd.DataFrame, weights: pd.Series, first_month: pd.Timestamp
) -> xr.DataArray:
    """Return what was recorded by ward in the twelve months from `first_month`, as one draw, (draw, ward).

    weights : by crime type; types without one count nothing.
    """
    of_year = _of_year(offences, first_month)
    weighed = of_year["count"] * of_year["crime_type"].map(weights).fillna(0)
    by_ward = weighed.groupby(of_year["ward_code"]).sum().reindex(areas["ward_code"], fill_value=0)
    return one_draw(by_ward)


def recorded_disorder(areas: pd.DataFrame, antisocial: pd.DataFrame, first_month: pd.Timestamp) -> xr.DataArray | None:
    """Return incidents of anti-social behaviour by ward in twelve months as one draw; None where wards have none."""
    of_year = _of_year(antisocial, first_month)
    of_wards = of_year[of_year["area_code"].isin(areas["ward_code"])]
    if of_wards.empty:
        return None
    return one_draw(of_wards.groupby("area_code")["count"].sum().reindex(areas["ward_code"], fill_value=0))


def young_residents(areas: pd.DataFrame, by_age: pd.DataFrame) -> pd.Series:
    """Return residents of 10 to 17 by ward, of the latest estimate; empty where there is none by age."""
    known = by_age[(by_age["variant"] == "estimate") & by_age["age"].between(*YOUNG_AGES)]
    latest = known[known["year"] == known["year"].max()]
    return latest.groupby("area_code")["persons"].sum().reindex(areas["ward_code"]).dropna()


def shares_of_young_victims(evidence: pd.DataFrame, types: Sequence[str]) -> pd.Series:
    """Return the share of victims who are 10 to 17, by crime type of those where it is measured of the type itself."""
    measured = evidence[
        (evidence["basis"] == "victim") & (evidence["quality"] == "measured") & evidence["crime_type"].isin(list(types))
    ]
    low, high = YOUNG_AGES
    young = measured[(measured["age_low"] >= low) & (measured["age_high"] <= high)]
    every = measured.groupby("crime_type")["count"].sum()
    return (young.groupby("crime_type")["count"].sum().reindex(every.index, fill_value=0) / every).dropna()


def one_draw(by_ward: pd.Series) -> xr.DataArray:
    """Return figures by ward as a single draw, (draw, ward)."""
    return xr.DataArray(
        by_ward.to_numpy(dtype=float)[np.newaxis], dims=("draw", "ward"), coords={"ward": list(by_ward.index)}
    )


def _of_year(table: pd.DataFrame, first_month: pd.Timestamp) -> pd.DataFrame:
    return table[table["month"].isin(pd.date_range(first_month, periods=MONTHS_OF_A_YEAR, freq="MS"))]
