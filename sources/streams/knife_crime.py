"""Knife crime as the scorecard counts it: the stream of that name, whole over boroughs, series and months.

Walks in: the values of streams. Walks out: `knife_crime`, contract KNIFE_CRIME. It is never added to a crime type: most
are robberies and violence counted there.
"""

from __future__ import annotations

import pandas as pd

from sources.tables.contracts import KNIFE_CRIME, checked, no_rows

STREAM = "knife_crime"
# The publisher's subtypes in words. They are nested: each counts some of the offences of those above it.
SERIES = {
    "Knife Crime": "knife crime",
    "Knife Crime with Injury": "knife crime with injury",
    "Knife Injury Victims (1-24)": "knife injury victims aged 1 to 24",
    "Knife Injury Victims (non DA 1-24)": "knife injury victims aged 1 to 24, domestic abuse left out",
    "Knife Crime with Injury (Personal Robbery)": "knife crime with injury in personal robbery",
}


def knife_crime_of(values: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return offences by borough, series and month, zeros included; no rows where the stream is not there.

    values : contract STREAM_VALUES. Offences of no known borough stand under the force's code.
    """
    own = values[values["stream"] == STREAM]
    if own.empty:
        return no_rows(KNIFE_CRIME)
    counts = own.assign(series=own["series"].map(SERIES)).rename(columns={"start": "month", "value": "count"})
    summed = counts.groupby(["area_code", "series", "month"])["count"].sum()
    months = pd.date_range(own["start"].min(), own["start"].max(), freq="MS", unit="us")
    codes = sorted({*areas["borough_code"], areas["force_code"].iloc[0]})
    whole = pd.MultiIndex.from_product([codes, list(SERIES.values()), months], names=summed.index.names)
    return checked(KNIFE_CRIME, summed.reindex(whole, fill_value=0).reset_index(), STREAM)
