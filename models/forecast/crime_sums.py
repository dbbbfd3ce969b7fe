"""Sums of minor crime types beside majors and all: what a release shows of its own.

Walks in: the table of crime types. Walks out: which minor types each further sum is of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from models.forecast.vocabulary import EXCLUDING, NEIGHBOURHOOD

CrimeSums = Mapping[tuple[str, str], frozenset[str]]  # by crime_level and crime_type


def further_sums(crime_types: pd.DataFrame, protected: Collection[str] = ()) -> dict[tuple[str, str], frozenset[str]]:
    """Return the minor types of the neighbourhood crimes, and of majors and all without protected types.

    crime_types : crime_type, major_type, neighbourhood_crime. A sum is of level `group`, `major` or `all`; a major
    without protected types is there if it has some and others. Nothing is excluded where nothing is protected.
    """
    sums: dict[tuple[str, str], frozenset[str]] = {}
    if crime_types["neighbourhood_crime"].any():
        sums[NEIGHBOURHOOD] = frozenset(crime_types.loc[crime_types["neighbourhood_crime"], "crime_type"])
    kept = crime_types[~crime_types["crime_type"].isin(list(protected))]
    if len(kept) == len(crime_types):
        return sums
    size = crime_types.groupby("major_type").size()
    for major, members in kept.groupby("major_type")["crime_type"]:
        if len(members) < size[major]:
            sums["major", f"{major}{EXCLUDING}"] = frozenset(members)
    sums["all", f"all{EXCLUDING}"] = frozenset(kept["crime_type"])
    return sums
